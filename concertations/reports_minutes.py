"""The minutes on paper: both languages side by side, tagged, fonts inside."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from concertations import figures_minutes, queries_minutes
from concertations.models import Minutes
from core.bilingual import LANGUAGE_CODES, both, text
from core.pdf import render_pdf


def render_minutes(minutes: Minutes, *, language: str) -> bytes:
    """The minutes as they stand, small counts hidden; ``language`` is that of the document's title."""
    return render_pdf("concertations/print/minutes.html", context_of(minutes, language), language=language)


def context_of(minutes: Minutes, language: str) -> dict[str, Any]:
    """What the paper takes: the rows once, the figures in each language."""
    series = minutes.meeting.series
    figures, places = {}, {}
    for code in LANGUAGE_CODES:
        with override(code):
            figures[code] = figures_minutes.figures(minutes, public=True)
            places[code] = minutes.meeting.address
    with override(language):
        title = _("Minutes: %(name)s") % {"name": text(series, "name")}
    return {
        "title": title,
        "minutes": minutes,
        "meeting": minutes.meeting,
        "both": both(series, "name"),
        "basin": series.basin,
        "basin_names": both(series.basin, "name") if series.basin else {},
        "sections": list(queries_minutes.sections_of(minutes)),
        "figures": figures,
        "places": places,
        "languages": LANGUAGE_CODES,
    }
