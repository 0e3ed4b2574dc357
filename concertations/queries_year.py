"""The year as the law wants it: how often a basin met on each compulsory theme, and what is missing.

Source: the joint decree and ordinance (COCOF-COCOM); how many a theme asks for stands in ``Theme.meetings_per_year``,
which editors may change when the law does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from concertations.enums import MeetingState, SeriesKind
from concertations.models import Meeting, Theme
from core.spoken import BRUSSELS

FIRST_YEAR, LAST_YEAR = 2020, 2100


@dataclass(frozen=True, slots=True)
class Line:
    """One theme in one year: its meetings in order of time, how many the law asks for and how many are missing.

    ``held`` of them took place, ``announced`` are still ahead; drafts count for nothing yet.
    """

    theme: Theme
    meetings: Sequence[Meeting]
    months: Sequence[tuple[dt.date, Sequence[Meeting]]]
    asked: int
    held: int
    announced: int
    drafts: int

    @property
    def missing(self) -> int:
        return max(0, self.asked - self.held - self.announced)

    @property
    def is_complete(self) -> bool:
        return self.missing == 0


def year_of(words: str, today: dt.date) -> int:
    """The year asked for, this one where it is none."""
    return int(words) if words.isdecimal() and FIRST_YEAR <= int(words) <= LAST_YEAR else today.year


def year_lines(basin: str, year: int, *, with_drafts: bool = False) -> list[Line]:
    """A line for each theme the law asks meetings of. Thematic concertations count, by the day in Brussels.

    Two queries. Without ``with_drafts`` as everybody may see it.
    """
    counted = {MeetingState.ANNOUNCED, MeetingState.HELD} | ({MeetingState.DRAFT} if with_drafts else set())
    first, last = (dt.datetime(each, 1, 1, tzinfo=BRUSSELS) for each in (year, year + 1))
    found = Meeting.objects.filter(
        series__basin__code=basin,
        series__kind=SeriesKind.THEMATIC,
        starts_at__gte=first,
        starts_at__lt=last,
        state__in=counted,
    )
    by_theme: dict[int, list[Meeting]] = {}
    for meeting in found.select_related("series__basin").order_by("starts_at", "pk"):
        by_theme.setdefault(meeting.series.theme_id or 0, []).append(meeting)
    return [_line(theme, by_theme.get(theme.pk, []), year) for theme in Theme.objects.filter(meetings_per_year__gt=0)]


def _line(theme: Theme, meetings: Sequence[Meeting], year: int) -> Line:
    states = [meeting.state for meeting in meetings]
    return Line(
        theme=theme,
        meetings=meetings,
        months=[(dt.date(year, n, 1), [each for each in meetings if each.day.month == n]) for n in range(1, 13)],
        asked=theme.meetings_per_year,
        held=states.count(MeetingState.HELD),
        announced=states.count(MeetingState.ANNOUNCED),
        drafts=states.count(MeetingState.DRAFT),
    )
