"""Everything on paper: the programme, the lists and posters of the day, the certificate. Tagged, fonts inside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.bilingual import LANGUAGE_CODES, Text, both, text
from core.mail import absolute_url
from core.pdf import render_pdf, render_pdfs
from opendoors import grid, queries, queries_day
from opendoors.door_code import code_image
from opendoors.enums import VisitState
from opendoors.models import BookedVisit, Booking, Edition, Visit

BLANK_LINES = 4  # for those who come without a booking
Part = tuple[str, Mapping[str, Any]]
Step = Callable[[int], None]  # told how many parts are drawn


def render_programme(edition: Edition, *, language: str) -> bytes:
    """The week as it is now, bilingual: the grid on A4 landscape, then one block per visit.

    ``language`` is that of the document's title.
    """
    days = [_PrintedDay.of(day) for day in grid.days_of(edition)]
    common = _common(edition, queries_day.edition_words(edition, language))
    sheet = {
        **common,
        "orientation": "wide",
        "bands": days[0].day.bands if days else [],
        "days": [{"date": each.day.date, "bands": each.bands} for each in days],
        "addresses": {code: _address(edition, code) for code in LANGUAGE_CODES},
    }
    parts: list[Part] = [("opendoors/print/week.html", sheet)]
    blocks = [(each.day.date, each.blocks) for each in days if each.blocks]
    if blocks:
        parts.append(("opendoors/print/visits.html", {**common, "days": blocks}))
    return render_pdfs(parts, language=language, densities=("", "dense", "broken"))


def render_sheets(visits: Iterable[Visit], *, language: str, step: Step = lambda _done: None) -> bytes:
    """The sign-in sheet of each visit, bilingual, each with pages of its own, in one file.

    Visits come with ``expected_rows`` (`queries_day.visits_with_sheets`). ``ValueError`` where there is none.
    """
    with override(language):
        title = _("Sign-in sheets")
    parts = (
        ("opendoors/print/sheet.html", _of_visit(visit, title) | {"rows": visit.expected_rows, "blank": BLANK_LINES})  # type: ignore[attr-defined]  # prefetched under this name
        for visit in visits
    )
    return render_pdfs(_counted(parts, step), language=language)


def render_posters(visits: Iterable[Visit], *, language: str, step: Step = lambda _done: None) -> bytes:
    """The poster with the code for the door of each visit, bilingual. ``ValueError`` where there is none."""
    with override(language):
        title = _("Posters for the door")
    parts = (("opendoors/print/poster.html", _of_visit(visit, title) | {"codes": _codes(visit)}) for visit in visits)
    return render_pdfs(_counted(parts, step), language=language)


def render_certificate(booking: Booking, rows: Sequence[BookedVisit], *, language: str) -> bytes:
    """That the person came to the visits of ``rows``, hour by hour, in ``language``."""
    edition = booking.visitor.edition
    with override(language):
        title = _("Certificate of attendance")
    context = {
        **_common(edition, title),
        "booking": booking,
        "rows": rows,
        "length": queries_day.hours_between(rows),
        "today": timezone.localdate(),
    }
    return render_pdf("opendoors/print/certificate.html", context, language=language)


# --- What the templates are given ------------------------------------------------------------------


def _common(edition: Edition, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "edition": edition,
        "both": {code: str(text(edition, "name", code)) for code in LANGUAGE_CODES},
        "basin": edition.basin,
        "basin_names": both(edition.basin, "name"),
        "languages": LANGUAGE_CODES,
    }


def _of_visit(visit: Visit, title: str) -> dict[str, Any]:
    return {**_common(visit.edition, title), "visit": visit, "addresses": _addresses(visit)}


def _counted(parts: Iterable[Part], step: Step) -> Iterator[Part]:
    """The next part is asked for once the one before is drawn."""
    for done, part in enumerate(parts):
        step(done)
        yield part


def _codes(visit: Visit) -> dict[str, str]:
    """The code of the page at the door, by language: who scans it reads their own."""
    codes = {}
    for code in LANGUAGE_CODES:
        with override(code):
            codes[code] = code_image(absolute_url(queries_day.door_url(visit)))
    return codes


def _addresses(visit: Visit) -> dict[str, str]:
    found = {}
    for code in LANGUAGE_CODES:
        with override(code):
            found[code] = visit.place.address
    return found


@dataclass(frozen=True, slots=True)
class _Side:
    """One language's half of a block."""

    code: str
    description: Text
    address: str
    directions: Text
    spoken: str


@dataclass(frozen=True, slots=True)
class _Block:
    visit: Visit
    sides: list[_Side]

    @classmethod
    def of(cls, visit: Visit) -> _Block:
        sides = []
        for code in LANGUAGE_CODES:
            with override(code):
                description, directions = text(visit.host, "description", code), text(visit.place, "directions", code)
                sides.append(_Side(code, description, visit.place.address, directions, visit.language_words))
        return cls(visit, sides)


@dataclass(frozen=True, slots=True)
class _PrintedDay:
    """A day of the grid without what was called off."""

    day: grid.Day
    bands: list[list[grid.Card]]

    @classmethod
    def of(cls, day: grid.Day) -> _PrintedDay:
        planned = [[card for card in band.cards if card.visit.state == VisitState.PLANNED] for band in day.bands]
        return cls(day, planned)

    @property
    def blocks(self) -> list[_Block]:
        cards = sorted((card for cards in self.bands for card in cards), key=lambda card: card.visit.starts_at)
        return [_Block.of(card.visit) for card in cards]


def _address(edition: Edition, language: str) -> str:
    with override(language):
        return f"{settings.SITE_URL.partition('//')[2]}{queries.week_url(edition)}"
