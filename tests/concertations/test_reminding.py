"""Reminders are written once, on time or late, and not to who must still confirm."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from basins.models import User
from concertations.models import Meeting, Registration
from concertations.rules import reminding
from concertations.rules.inviting import invite
from tests.concertations.factories import MeetingFactory, RegistrationFactory
from tests.concertations.registering_tools import letters, person, registered
from tests.factories import local

pytestmark = pytest.mark.django_db


def row(**more: object) -> Registration:
    return RegistrationFactory(created=timezone.now() - dt.timedelta(days=3), **more)


def at(meeting: Meeting, days_before: int, clock: str) -> dt.datetime:
    return local(meeting.day - dt.timedelta(days=days_before), clock)


def test_one_some_days_before_and_one_on_the_eve() -> None:
    meeting = row().meeting
    moments = [(6, "12:00"), (5, "08:59"), (5, "09:00"), (2, "12:00"), (1, "08:00"), (1, "09:00"), (1, "20:00")]

    written = [reminding.write_reminders(now=at(meeting, *moment)) for moment in moments]

    assert written == [0, 0, 1, 0, 0, 1, 0]


def test_what_is_late_is_caught_up_with_until_the_eve() -> None:
    meeting = row().meeting
    assert reminding.write_reminders(now=at(meeting, 2, "23:00")) == 1


def test_on_the_day_itself_it_is_too_late() -> None:
    meeting = row().meeting
    assert reminding.write_reminders(now=at(meeting, 0, "00:01")) == 0


def test_who_must_still_confirm_waits_or_gave_back_is_not_reminded() -> None:
    meeting = MeetingFactory()
    now = timezone.now()
    row(meeting=meeting, held_until=now + dt.timedelta(days=40))
    row(meeting=meeting, state="waiting")
    row(meeting=meeting, state="cancelled", cancelled_at=now)

    assert reminding.write_reminders(now=at(meeting, 1, "12:00")) == 0


def test_a_meeting_that_moved_is_reminded_of_anew() -> None:
    meeting = row().meeting
    reminding.write_reminders(now=at(meeting, 1, "12:00"))
    meeting.starts_at += dt.timedelta(days=14)
    meeting.ends_at += dt.timedelta(days=14)
    meeting.save()

    assert reminding.write_reminders(now=at(meeting, 1, "12:00")) == 1


def test_for_one_address_alone() -> None:
    first = row()
    row(meeting=first.meeting)

    assert reminding.write_reminders(now=at(first.meeting, 1, "12:00"), email=first.participant.email) == 1


def test_who_misses_is_invited_once_and_who_is_registered_is_not(alice: User) -> None:
    meeting = MeetingFactory()
    registered(meeting, "known", by=alice)
    people = [person("known"), person("new"), person("new")]

    numbers = [invite(meeting=meeting, people=people, word="Venez !", by=alice) for _ in range(2)]

    assert (numbers, letters("invitation")) == ([1, 0], ["new@example.org"])
