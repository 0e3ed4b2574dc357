"""Two phones note the same person on real connections, and a control that shows the race without the lock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from opendoors.enums import Attendance, NotedBy
from opendoors.models import BookedVisit, Visit
from opendoors.rules import attendance as rules
from tests.opendoors.day_tools import MINUTE, NINE, guest, visit_today
from tests.opendoors.race_tools import all_at_once, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NINE):
        yield


def two_phones(monkeypatch: pytest.MonkeyPatch, *, between: Any) -> str:
    """The phone with the older tap has read the row when the one with the newer tap comes; what stands at the end."""
    row = guest(visit_today())
    older_has_read = threading.Event()
    newer_is_done = threading.Event()
    read = rules.expected

    def read_and_wait(*given: Any) -> Any:
        rows = list(read(*given))
        if threading.current_thread().name == "older":
            older_has_read.set()
            between(newer_is_done)
        return rows

    monkeypatch.setattr(rules, "expected", read_and_wait)

    def act(n: int) -> str:
        taps = [
            (Attendance.ABSENT, NINE - 20 * MINUTE, "older"),
            (Attendance.PRESENT, NINE - 10 * MINUTE, "newer"),
        ]
        attendance, at, threading.current_thread().name = taps[n]
        if n == 1:
            assert older_has_read.wait(timeout=20)
        tap = rules.Tap(booked=row.uuid, attendance=attendance, at=at)
        rules.note_many(visit=row.visit, taps=[tap], by_whom=NotedBy.HOST)
        if n == 1:
            newer_is_done.set()
        return "noted"

    all_at_once(2, act)
    return BookedVisit.objects.get().attendance


def test_the_later_tap_stands_when_both_arrive_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert two_phones(monkeypatch, between=lambda _done: wait_until_blocked()) == "present"


def test_without_the_lock_the_older_tap_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    def unlocked(visit: Visit, *_given: Any, **_who: Any) -> Visit:
        return Visit.objects.select_related("edition__basin").get(pk=visit.pk)

    monkeypatch.setattr(rules, "_begin", unlocked)

    assert two_phones(monkeypatch, between=lambda done: done.wait(timeout=20)) == "absent"


# --- All are here, while somebody says of one that they are not -----------------------------------


def all_but_one(monkeypatch: pytest.MonkeyPatch, *, between: Any) -> list[str]:
    """Who says that all are here has read the list when another phone notes one as absent; what stands at the end."""
    visit = visit_today()
    row, other = guest(visit), guest(visit)
    all_has_read = threading.Event()
    one_is_done = threading.Event()
    read = rules.expected

    def read_and_wait(*given: Any) -> Any:
        rows = list(read(*given))
        if threading.current_thread().name == "all":
            all_has_read.set()
            between(one_is_done)
        return rows

    monkeypatch.setattr(rules, "expected", read_and_wait)

    def act(n: int) -> str:
        threading.current_thread().name = ("all", "one")[n]
        if n == 0:
            rules.note_all_present(visit=visit, by_whom=NotedBy.HOST)
        else:
            assert all_has_read.wait(timeout=20)
            tap = rules.Tap(booked=row.uuid, attendance=Attendance.ABSENT, at=NINE - 20 * MINUTE)
            rules.note_many(visit=visit, taps=[tap], by_whom=NotedBy.HOST)
            one_is_done.set()
        return "noted"

    all_at_once(2, act)
    return [BookedVisit.objects.get(pk=each.pk).attendance for each in (row, other)]


def test_a_word_on_one_is_not_lost_when_all_are_noted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all_but_one(monkeypatch, between=lambda _done: wait_until_blocked()) == ["absent", "present"]


def test_without_the_lock_the_word_on_one_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def unlocked(visit: Visit, *_given: Any, **_who: Any) -> Visit:
        return Visit.objects.select_related("edition__basin").get(pk=visit.pk)

    monkeypatch.setattr(rules, "_begin", unlocked)

    assert all_but_one(monkeypatch, between=lambda done: done.wait(timeout=20)) == ["present", "present"]
