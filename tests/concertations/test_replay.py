"""The real meetings of Sud-Est in 2024 and 2025, lived again through the rules, as the calendar went."""

from __future__ import annotations

import csv
import datetime as dt

import pytest
import time_machine

from concertations import queries_year
from concertations.enums import MeetingState, SeriesKind
from concertations.models import Meeting, MeetingStateChange, Series
from concertations.past_meetings import FACTS, PastMeeting, past_meetings
from concertations.rules import meetings, series
from tests.factories import basin

pytestmark = pytest.mark.django_db
WRITTEN, ANNOUNCED = dt.timedelta(days=60), dt.timedelta(days=45)


def number_of(words: str) -> int | None:
    return int(words) if words else None


def live(row: PastMeeting) -> Meeting:
    """Written two months before, announced six weeks before, over by itself; who came was counted afterwards."""
    with time_machine.travel(row.data.starts_at - WRITTEN, tick=False) as clock:
        of = Series.objects.filter(slug=row.series.slug).first()
        of = of or series.create(basin=None if row.is_regional else basin(), data=row.series, by=None)
        made = meetings.create(series=of, data=row.data, by=None)
        clock.move_to(row.data.starts_at - ANNOUNCED)
        meetings.move(meeting=made, to=MeetingState.ANNOUNCED, by=None)
        clock.move_to(row.data.ends_at)
        assert meetings.advance_by_calendar(now=row.data.ends_at) == 1
    made.refresh_from_db()
    return made


@pytest.fixture
def lived() -> list[Meeting]:
    return [live(row) for row in sorted(past_meetings(), key=lambda row: row.data.starts_at)]


def test_every_row_but_the_councils_is_a_meeting_that_was_held(lived: list[Meeting]) -> None:
    with FACTS.open(encoding="utf-8", newline="") as file:
        kept = [row for row in csv.DictReader(file) if row["kind"] != "council"]
    rows = sorted(kept, key=lambda row: (row["date"], row["start"]))
    assert [(f"{each.day}", each.number, each.participants_counted) for each in lived] == [
        (row["date"], number_of(row["number"]), number_of(row["participants"])) for row in rows
    ]
    assert {each.state for each in lived} == {MeetingState.HELD}


def test_they_are_of_six_series(lived: list[Meeting]) -> None:
    found = {(row.kind, row.meetings.count()) for row in Series.objects.all()}
    assert found == {
        (SeriesKind.WORKSHOP, 5),
        (SeriesKind.THEMATIC, 3),
        (SeriesKind.THEMATIC, 1),
        (SeriesKind.CYCLE, 4),
        (SeriesKind.REGIONAL_COUNCIL, 2),
    }


def test_each_step_was_logged(lived: list[Meeting]) -> None:
    assert MeetingStateChange.objects.filter(meeting__in=lived).count() == 2 * len(lived)


@pytest.mark.parametrize(
    ("year", "held"),
    [
        (2024, {"mental-health": 1, "hospital-liaison": 0, "prevention": 2, "health-crisis": 0}),
        (2025, {"mental-health": 2, "hospital-liaison": 1, "prevention": 1, "health-crisis": 0}),
    ],
)
def test_the_year_line_says_what_the_law_still_asked_for(lived: list[Meeting], year: int, held: dict[str, int]) -> None:
    lines = queries_year.year_lines("sud-est", year)
    assert {line.theme.code: (line.held, line.missing) for line in lines} == {
        code: (number, 3 - number) for code, number in held.items()
    }


def test_hours_in_winter_and_in_summer_are_those_of_brussels(lived: list[Meeting]) -> None:
    winter, summer = (next(each for each in lived if f"{each.day}" == day) for day in ("2025-02-13", "2025-06-17"))
    assert [each.starts_at.astimezone(dt.UTC).hour for each in (winter, summer)] == [13, 12]
