"""The waiting list of a meeting: the order, offers, their end."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from basins.models import User
from concertations.enums import RegistrationState
from concertations.errors.registering import OfferGone
from concertations.models import Meeting, Registration
from concertations.rules import registering, waiting
from tests.concertations.factories import MeetingFactory
from tests.concertations.registering_tools import letters, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(alice: User) -> tuple[Meeting, list[Registration]]:
    """A meeting of one seat, taken, and two who wait."""
    meeting = MeetingFactory(seats=1)
    return meeting, [registered(meeting, n, by=alice, may_wait=True) for n in range(3)]


def states(rows: list[Registration]) -> list[str]:
    for row in rows:
        row.refresh_from_db()
    return [row.state for row in rows]


def test_what_comes_free_is_offered_to_the_first_in_line(line: tuple[Meeting, list[Registration]]) -> None:
    meeting, rows = line

    registering.cancel(registration=rows[0], by=None)

    meeting.refresh_from_db()
    assert states(rows) == ["cancelled", "offered", "waiting"]
    assert (meeting.seats_taken, letters("offer")) == (1, ["1@example.org"])


def test_accepting_makes_it_ones_own(line: tuple[Meeting, list[Registration]]) -> None:
    meeting, rows = line
    registering.cancel(registration=rows[0], by=None)

    waiting.accept(registration=rows[1])

    meeting.refresh_from_db()
    assert (states(rows)[1], meeting.seats_taken) == ("confirmed", 1)


def test_declining_asks_the_next(line: tuple[Meeting, list[Registration]]) -> None:
    _meeting, rows = line
    registering.cancel(registration=rows[0], by=None)

    waiting.decline(registration=rows[1])

    assert states(rows) == ["cancelled", "cancelled", "offered"]


def test_nobody_accepts_what_is_not_on_offer(line: tuple[Meeting, list[Registration]]) -> None:
    with pytest.raises(OfferGone) as refused:
        waiting.accept(registration=line[1][1])
    assert refused.value.code == "offer-gone"


def test_an_offer_nobody_answers_lapses_once_and_goes_on(line: tuple[Meeting, list[Registration]]) -> None:
    meeting, rows = line
    registering.cancel(registration=rows[0], by=None)
    later = timezone.now() + dt.timedelta(hours=25)

    with time_machine.travel(later, tick=False):
        assert [waiting.expire_offers(now=later), waiting.expire_offers(now=later)] == [1, 0]

    meeting.refresh_from_db()
    assert (states(rows), meeting.seats_taken) == (["cancelled", "lapsed", "offered"], 1)
    assert letters("offer_lapsed") == ["1@example.org"]


def test_who_did_not_confirm_is_passed_over(alice: User) -> None:
    meeting = MeetingFactory(seats=1)
    first = registered(meeting, 0, by=alice)
    unconfirmed, confirmed = registered(meeting, 1, may_wait=True), registered(meeting, 2, by=alice, may_wait=True)

    registering.cancel(registration=first, by=None)

    assert states([unconfirmed, confirmed]) == ["waiting", "offered"]


def test_confirming_brings_one_into_ones_turn(alice: User) -> None:
    meeting = MeetingFactory(seats=1)
    first = registered(meeting, 0, by=alice)
    row = registered(meeting, 1, may_wait=True)
    registering.cancel(registration=first, by=None)

    registering.confirm(participant=row.participant)

    assert states([row]) == [RegistrationState.OFFERED]


def test_more_seats_serve_the_line(line: tuple[Meeting, list[Registration]]) -> None:
    meeting, rows = line
    Meeting.objects.filter(pk=meeting.pk).update(seats=3)

    assert waiting.serve_lines(now=timezone.now()) == 2
    assert states(rows) == ["confirmed", "offered", "offered"]


def test_near_the_meeting_the_line_ends_once(line: tuple[Meeting, list[Registration]]) -> None:
    meeting, rows = line
    near = meeting.starts_at - dt.timedelta(hours=2)

    assert [waiting.end_lines(now=near), waiting.end_lines(now=near)] == [2, 0]
    assert states(rows) == ["confirmed", "lapsed", "lapsed"]
    assert letters("line_over") == ["1@example.org", "2@example.org"]


@pytest.mark.parametrize(("hours", "expected"), [(200, 24), (20, 10), (3.5, 2)])
def test_the_nearer_the_meeting_the_shorter_the_time_to_answer(hours: float, expected: float) -> None:
    now = timezone.now()
    meeting = MeetingFactory.build(series=None, starts_at=now + dt.timedelta(hours=hours))

    assert waiting.lapses_at(meeting, now) - now == dt.timedelta(hours=expected)
