"""Races on real connections: what the lock of the meeting promises, and a control that shows the race without it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from concertations.errors.registering import AlreadyRegistered, MeetingFull
from concertations.models import Meeting, Registration
from concertations.rules import places, registering
from core.models import OutboxMessage
from tests.concertations.factories import MeetingFactory, RegistrationFactory
from tests.concertations.registering_tools import registered
from tests.opendoors.race_tools import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def registering_for(meeting: Meeting) -> Callable[[int], str]:
    def act(n: int) -> str:
        try:
            registered(meeting, n)
        except MeetingFull:
            return "full"
        return "registered"

    return act


def test_the_last_seats_are_given_once() -> None:
    meeting = MeetingFactory(seats=5)

    answers = all_at_once(30, registering_for(meeting))

    meeting.refresh_from_db()
    assert answers == {"registered": 5, "full": 25}
    assert (meeting.seats_taken, Registration.objects.count(), OutboxMessage.objects.count()) == (5, 5, 5)


def test_without_the_lock_there_is_a_race(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same clients, the lock off and the database's own guard away, oversell."""
    meeting = MeetingFactory(seats=1)
    together = threading.Barrier(12)

    def look_without_lock(pk: int) -> Meeting:
        row = Meeting.objects.select_related("series__basin", "municipality").get(pk=pk)
        together.wait(timeout=30)  # everybody has looked before anybody writes
        return row

    monkeypatch.setattr(places, "locked_meeting", look_without_lock)
    guard = next(c for c in Meeting._meta.constraints if c.name == "concertations_meeting_never_overbooked")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Meeting, guard)
    try:
        answers = all_at_once(12, registering_for(meeting))
        meeting.refresh_from_db()
    finally:
        Meeting.objects.update(seats_taken=0)
        with connection.schema_editor() as editor:
            editor.add_constraint(Meeting, guard)

    assert answers == {"registered": 12}
    assert meeting.seats_taken == 12


def test_one_address_in_many_browsers_registers_once() -> None:
    meeting = MeetingFactory()

    def act(_n: int) -> str:
        try:
            registered(meeting, "daan")
        except AlreadyRegistered:
            return "known"
        return "registered"

    assert all_at_once(8, act) == {"registered": 1, "known": 7}


def test_a_seat_given_back_by_two_clicks_is_offered_once() -> None:
    meeting = MeetingFactory(seats=1, seats_taken=1)
    row = RegistrationFactory(meeting=meeting)
    waiting_rows = [RegistrationFactory(meeting=meeting, state="waiting") for _ in range(2)]

    def act(_n: int) -> str:
        with transaction.atomic():
            registering.cancel(registration=row, by=None)
        return "done"

    all_at_once(6, act)

    meeting.refresh_from_db()
    states = [Registration.objects.get(pk=each.pk).state for each in waiting_rows]
    assert (meeting.seats_taken, states) == (1, ["offered", "waiting"])
