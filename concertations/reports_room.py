"""Table cards: one sheet per table or workshop, large enough to be read from the door, then who sits where."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from concertations import queries_tables
from concertations.enums_tables import SeatingKind
from concertations.models import Seating
from core.bilingual import LANGUAGE_CODES, both
from core.pdf import render_pdf


def render_cards(seating: Seating, *, language: str) -> bytes:
    """Both languages on each card; ``language`` is that of the title. ``ValueError`` where no seats are drawn."""
    turns = queries_tables.turns_of(seating)
    if not turns:
        raise ValueError("No seats are drawn.")
    with override(language):
        title = _("Table cards: %(name)s") % {"name": seating}
    basin = seating.meeting.series.basin
    context = {
        "title": title,
        "basin": basin,
        "basin_names": both(basin, "name") if basin else {},
        "series_names": both(seating.meeting.series, "name"),
        "languages": LANGUAGE_CODES,
        "seating": seating,
        "names": both(seating, "title"),
        "cards": _cards(seating, turns),
        "turns": turns if seating.kind == SeatingKind.PAIRS else [],
        "routes": queries_tables.routes_of(seating),
        "numbers": range(1, len(turns) + 1),
    }
    return render_pdf("concertations/print/table_cards.html", context, language=language)


def _cards(seating: Seating, turns: list[queries_tables.Turn]) -> list[dict[str, Any]]:
    """Per table its people, and per workshop those of each round; pairs have none, they stand."""
    if seating.kind == SeatingKind.PAIRS:
        return []
    if seating.kind == SeatingKind.ROUNDS:
        return [
            {
                "number": subject.position,
                "subjects": [both(subject, "title")],
                "who": subject.who,
                "rounds": [(turn.number, _people(turn, subject.position)) for turn in turns],
            }
            for subject in queries_tables.subjects_of(seating)
        ]
    first, *others = turns
    return [
        {
            "number": place.number,
            "side": place.side,
            "subjects": [
                both(each.subject, "title")
                for turn in (first, *others)
                for each in turn.places
                if each.number == place.number and each.subject
            ],
            "rounds": [(0, place.people)],
        }
        for place in first.places
    ]


def _people(turn: queries_tables.Turn, number: int) -> list[Any]:
    return next((place.people for place in turn.places if place.number == number), [])
