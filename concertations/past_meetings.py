"""The meetings of Sud-Est in 2024 and 2025 as its slides tell them: the sample of the demo and of the replay.

Rows of the basin council are left out: they are the council's own mission. Where the slides say no hours,
the meeting is a whole day; where they counted heads, that count is kept with the sectors they name.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from concertations.enums import SeriesKind
from concertations.models import Theme
from concertations.rules.meetings import MeetingData
from concertations.rules.series import SeriesData
from core.spoken import BRUSSELS

FACTS = Path(__file__).parent / "facts" / "meetings_sud_est.csv"

KINDS = {
    "workshop": SeriesKind.WORKSHOP,
    "concertation": SeriesKind.THEMATIC,
    "cycle": SeriesKind.CYCLE,
    "regional council": SeriesKind.REGIONAL_COUNCIL,
}
# By the beginning of the French title: address, theme.
SERIES = {
    "Atelier du changement": ("atelier-du-changement", ""),
    "CT Prévention": ("prevention", "prevention"),
    "CT Santé mentale": ("sante-mentale", "mental-health"),
    "CT Liaison": ("liaison-hopital-ambulatoire", "hospital-liaison"),
    "Périnatalité": ("perinatalite", ""),
    "Conseil de l'Action Régionale": ("conseil-action-regionale", ""),
}
# What the slides note of the agenda of two meetings, by series, in both languages.
TABLES = {
    "liaison-hopital-ambulatoire": (
        ("Tables de discussion : les violences intrafamiliales", "Gesprekstafels: intrafamiliaal geweld"),
        ("Tables de discussion : les proches des patients", "Gesprekstafels: de naasten van patiënten"),
    ),
}


@dataclass(frozen=True, slots=True)
class PastMeeting:
    """One row: of which series, and what is known of it. ``is_regional``: the Region's, no basin's."""

    series: SeriesData
    data: MeetingData
    is_regional: bool


def past_meetings() -> Iterator[PastMeeting]:
    """All rows but the basin council's, in the order of the file. One query per theme."""
    themes = {theme.code: theme for theme in Theme.objects.all()}
    with FACTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] in KINDS:
                yield _meeting(row, themes)


def _meeting(row: dict[str, str], themes: dict[str, Theme]) -> PastMeeting:
    slug, theme = next(found for title, found in SERIES.items() if row["title_fr"].startswith(title))
    kind = KINDS[row["kind"]]
    series = SeriesData(
        slug=slug,
        kind=kind,
        theme=themes[theme] if theme else None,
        name_fr=row["title_fr"].replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"),
        name_nl=row["title_nl"],
    )
    day = dt.date.fromisoformat(row["date"])
    # Of thematic meetings the note names who came; of the others it is in English and ours alone.
    sectors = row["note"] if row["participants"] else ""
    data = MeetingData(
        number=int(row["number"]) if row["number"] else None,
        is_whole_day=not row["start"],
        starts_at=_at(day, row["start"] or "00:00"),
        ends_at=_at(day, row["end"]) if row["end"] else _at(day + dt.timedelta(days=1), "00:00"),
        participants_counted=int(row["participants"]) if row["participants"] else None,
        sectors_named=sectors,
    )
    return PastMeeting(series, data, is_regional=kind == SeriesKind.REGIONAL_COUNCIL)


def _at(day: dt.date, clock: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), tzinfo=BRUSSELS)
