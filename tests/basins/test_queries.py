"""What the common pages read out of the registry and the tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from basins import queries
from basins.missions import AgendaItem, Mission, SearchHit, Task
from basins.models import Basin, User
from basins.queries import helpdesk_is_open
from core.bilingual import Text
from core.spoken import BRUSSELS

pytestmark = pytest.mark.django_db


def said(words: str) -> Text:
    return Text(words, "fr", is_fallback=False)


def date(uid: str, starts: dt.datetime | dt.date, **more: Any) -> AgendaItem:
    return AgendaItem(uid=uid, title=said(uid), starts=starts, ends=starts, url="/", kind="x", basin_code=None, **more)


class One(Mission):
    """A mission that gives what a test needs."""

    def __init__(self, *, dates: Any = (), hits: Any = (), tasks: Any = ()) -> None:
        self.dates, self.hits, self.tasks = dates, hits, tasks

    def agenda(self, basin: Basin | None, period: Any) -> Any:
        return self.dates

    def search(self, words: str, basin: Basin | None) -> Any:
        return self.hits

    def tasks_for(self, user: User) -> Any:
        return self.tasks


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda *missions: monkeypatch.setattr("basins.queries.missions", lambda: missions)


@time_machine.travel("2025-05-01", tick=False)
def test_dates_of_all_missions_are_in_order_whole_days_first(registry: Any) -> None:
    nine = dt.datetime(2025, 5, 20, 9, tzinfo=BRUSSELS)
    registry(
        One(dates=[date("nine", nine), date("late", nine + dt.timedelta(days=1))]),
        One(dates=[date("day", nine.date())]),
    )

    assert [item.uid for item in queries.next_dates(None)] == ["day", "nine", "late"]


@time_machine.travel("2025-05-01", tick=False)
def test_what_does_not_take_place_is_no_next_date(registry: Any) -> None:
    days = [dt.date(2025, 5, day) for day in range(2, 10)]
    registry(One(dates=[date(str(day), day, cancelled=day == days[0]) for day in days]))

    assert [item.uid for item in queries.next_dates(None)] == [str(day) for day in days[1:6]]


def test_hits_of_all_missions_are_ranked_together(registry: Any) -> None:
    low, high = SearchHit("x", said("low"), "/", score=0.2), SearchHit("x", said("high"), "/", score=0.9)
    registry(One(hits=[low]), One(hits=[high]))

    assert queries.search("mot", None) == [high, low]


def test_no_mission_is_asked_for_nothing(registry: Any) -> None:
    registry(One(hits=[SearchHit("x", said("low"), "/")]))

    assert queries.search("", None) == []


def test_what_is_due_first_comes_first(registry: Any, alice: User) -> None:
    soon = Task("soon", "/", dt.datetime(2025, 5, 2, tzinfo=BRUSSELS))
    late = Task("late", "/", dt.datetime(2025, 6, 2, tzinfo=BRUSSELS))
    whenever = Task("whenever", "/")
    registry(One(tasks=[whenever, late]), One(tasks=[soon]))

    assert queries.tasks_for(alice) == [soon, late, whenever]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2025-05-20 08:59", False),
        ("2025-05-20 09:00", True),
        ("2025-05-20 16:59", True),
        ("2025-05-20 17:00", False),
        ("2025-05-18 11:00", False),  # a Sunday
        ("2025-05-29 11:00", False),  # Ascension
        ("2025-07-21 11:00", False),  # the national holiday
        ("2025-12-24 11:00", True),
    ],
)
def test_the_helpdesk_answers_on_working_days_from_nine_to_five(moment: str, expected: bool) -> None:
    now = dt.datetime.fromisoformat(moment).replace(tzinfo=BRUSSELS)

    assert helpdesk_is_open(now) is expected


def test_hours_are_those_of_brussels_also_in_summer() -> None:
    assert helpdesk_is_open(dt.datetime(2025, 7, 1, 7, 30, tzinfo=dt.UTC)) is True
    assert helpdesk_is_open(dt.datetime(2025, 1, 7, 7, 30, tzinfo=dt.UTC)) is False
