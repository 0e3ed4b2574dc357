"""The programme on paper."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import override

from core.bilingual import LANGUAGE_CODES, both, text
from core.pdf import render_pdf
from opendoors import grid, queries
from opendoors.enums import VisitState
from opendoors.models import Edition


def render_programme(edition: Edition, *, language: str) -> bytes:
    """The week as it is now on A4 landscape, bilingual, tagged; ``language`` is that of the document's title."""
    days = grid.days_of(edition)
    context = {
        "title": f"{text(edition, 'name', language)} {edition.starts_on.year}",
        "edition": edition,
        "both": {code: str(text(edition, "name", code)) for code in LANGUAGE_CODES},
        "basin": edition.basin,
        "basin_names": both(edition.basin, "name"),
        "orientation": "wide",
        "languages": LANGUAGE_CODES,
        "bands": days[0].bands if days else [],
        "days": [
            {
                "date": day.date,
                "bands": [
                    [card for card in band.cards if card.visit.state == VisitState.PLANNED] for band in day.bands
                ],
            }
            for day in days
        ],
        "addresses": {code: _address(edition, code) for code in LANGUAGE_CODES},
    }
    return render_pdf("opendoors/print/week.html", context, language=language, densities=("", "dense", "broken"))


def _address(edition: Edition, language: str) -> str:
    with override(language):
        return f"{settings.SITE_URL.partition('//')[2]}{queries.week_url(edition)}"
