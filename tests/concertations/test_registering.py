"""Registering for a meeting: seats, addresses that must be confirmed, giving back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from basins.models import User
from basins.rules.people import NotYours
from basins.rules.privacy import NationalNumberFound
from concertations.enums import RegistrationState, SeriesKind
from concertations.errors.registering import (
    AlreadyRegistered,
    CrowdedNetwork,
    MeetingFull,
    NothingToGiveBack,
    RegistrationClosed,
    RegistrationError,
)
from concertations.models import Meeting, Registration
from concertations.rules import registering
from concertations.rules.registering import Wishes
from tests.concertations.factories import MeetingFactory, SeriesFactory
from tests.concertations.registering_tools import letters, person, registered

pytestmark = pytest.mark.django_db


def test_the_team_registers_somebody_at_once(alice: User) -> None:
    meeting = MeetingFactory(seats=3)

    row = registered(meeting, by=alice)

    meeting.refresh_from_db()
    assert (row.state, row.is_held, row.confirmed_at is not None) == ("confirmed", False, True)
    assert meeting.seats_taken == 1
    assert letters("registered") == ["daan@example.org"]


def test_what_is_typed_is_held_for_a_day() -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        row = registered(MeetingFactory())

    assert row.held_until == now + dt.timedelta(hours=24)


def test_near_the_meeting_it_is_held_for_an_hour() -> None:
    now = timezone.now()
    meeting = MeetingFactory(starts_at=now + dt.timedelta(minutes=90), ends_at=now + dt.timedelta(hours=4))

    assert registering.hold_until(meeting, now) == now + dt.timedelta(hours=1)


def test_confirming_makes_it_certain_and_says_so() -> None:
    row = registered(MeetingFactory())

    number = registering.confirm(participant=row.participant)

    row.refresh_from_db()
    assert (number, row.is_held) == (1, False)
    assert letters("address_confirmed") == ["daan@example.org"]


def test_confirming_twice_changes_nothing() -> None:
    row = registered(MeetingFactory())
    registering.confirm(participant=row.participant)

    assert registering.confirm(participant=row.participant) == 0


def test_what_nobody_confirms_goes_back_once() -> None:
    meeting = MeetingFactory(seats=3)
    row = registered(meeting)
    later = timezone.now() + dt.timedelta(hours=25)

    assert [registering.release_unconfirmed(now=later), registering.release_unconfirmed(now=later)] == [1, 0]
    row.refresh_from_db()
    meeting.refresh_from_db()
    assert (row.state, meeting.seats_taken) == (RegistrationState.LAPSED, 0)
    assert letters("not_confirmed") == ["daan@example.org"]


def test_who_did_not_register_throws_it_away_without_a_letter() -> None:
    meeting = MeetingFactory(seats=3)
    row = registered(meeting)

    assert registering.throw_away(participant=row.participant) == 1
    meeting.refresh_from_db()
    assert meeting.seats_taken == 0
    assert letters("given_back") == []


def test_the_last_seat_is_the_last(alice: User) -> None:
    meeting = MeetingFactory(seats=1)
    registered(meeting, 1, by=alice)

    with pytest.raises(MeetingFull):
        registered(meeting, 2, by=alice)
    assert Registration.objects.count() == 1


def test_who_agrees_to_wait_gets_a_place_in_line(alice: User) -> None:
    meeting = MeetingFactory(seats=1)
    registered(meeting, 1, by=alice)

    row = registered(meeting, 2, by=alice, may_wait=True)

    meeting.refresh_from_db()
    assert (row.state, meeting.seats_taken) == (RegistrationState.WAITING, 1)
    assert letters("waiting") == ["2@example.org"]


def test_nobody_registers_twice_with_one_address(alice: User) -> None:
    meeting = MeetingFactory()
    registered(meeting, by=alice)

    with pytest.raises(AlreadyRegistered):
        registered(meeting)


def test_a_stranger_does_not_rename_somebody(alice: User) -> None:
    meeting = MeetingFactory()
    row = registered(meeting, by=alice)
    other = MeetingFactory(series=meeting.series)

    registering.register(meeting=other, person=person(name="Somebody else", organisation="?"), wishes=Wishes(), by=None)

    row.participant.refresh_from_db()
    assert (row.participant.name, row.participant.organisation) == ("Person daan", "CPAS d’Etterbeek")


def test_who_is_signed_in_takes_over_what_was_typed_with_the_address(daan: User) -> None:
    meeting = MeetingFactory(seats=5)
    typed = registered(meeting)

    row = registered(meeting, by=daan, wishes=Wishes(expectations="Des contacts"))

    meeting.refresh_from_db()
    assert (row.pk, row.is_held, row.expectations, meeting.seats_taken) == (typed.pk, False, "Des contacts", 1)


def test_somebody_elses_account_proves_nothing(bram: User) -> None:
    assert registered(MeetingFactory(), by=bram).is_held


def test_before_it_opens_only_the_team_registers(alice: User) -> None:
    opens = timezone.now() + dt.timedelta(days=3)
    meeting = MeetingFactory(registration_opens_at=opens)

    with pytest.raises(RegistrationClosed):
        registered(meeting)
    assert registered(meeting, by=alice).state == RegistrationState.CONFIRMED


def test_nobody_registers_once_it_is_over(alice: User) -> None:
    day = timezone.localdate() - dt.timedelta(days=2)
    meeting = MeetingFactory(day=day, registration_opens_at=timezone.now() - dt.timedelta(days=9))

    with pytest.raises(RegistrationClosed):
        registered(meeting, by=alice)


def test_a_closed_group_has_no_open_registration() -> None:
    meeting = MeetingFactory(series=SeriesFactory(kind=SeriesKind.COMMUNITY, theme=None))

    with pytest.raises(RegistrationClosed):
        registered(meeting)


@pytest.mark.parametrize(
    ("wishes", "field"), [(Wishes(meal="vegan"), "meal"), (Wishes(at_distance=True), "at_distance")]
)
def test_what_the_meeting_does_not_have_cannot_be_wished(wishes: Wishes, field: str) -> None:
    with pytest.raises(RegistrationError) as refused:
        registered(MeetingFactory(), wishes=wishes)
    assert refused.value.field == field


def test_a_national_number_is_refused() -> None:
    with pytest.raises(NationalNumberFound):
        registered(MeetingFactory(), wishes=Wishes(motivation="93.05.18-223.61"))
    assert Registration.objects.count() == 0


def test_a_crowd_from_one_network_must_confirm_first(settings: Any) -> None:
    meeting = MeetingFactory()
    limit = settings.ENV.unconfirmed_seats_per_hour
    for n in range(limit):
        registered(meeting, n, network="192.0.2.1")

    with pytest.raises(CrowdedNetwork):
        registered(meeting, "more", network="192.0.2.1")


def test_giving_back_frees_the_seat_and_again_changes_nothing(alice: User) -> None:
    meeting = MeetingFactory(seats=2)
    row = registered(meeting, by=alice)

    registering.cancel(registration=row, by=None)
    registering.cancel(registration=row, by=None)

    meeting.refresh_from_db()
    row.refresh_from_db()
    assert (row.state, meeting.seats_taken) == (RegistrationState.CANCELLED, 0)
    assert letters("given_back") == ["daan@example.org"]


def test_a_seat_is_not_given_back_once_the_meeting_has_begun(alice: User) -> None:
    meeting = MeetingFactory()
    row = registered(meeting, by=alice)

    with time_machine.travel(meeting.starts_at + dt.timedelta(minutes=1)), pytest.raises(NothingToGiveBack):
        registering.cancel(registration=row, by=None)


def test_staff_of_another_basin_gives_nothing_back(alice: User, bram: User) -> None:
    row = registered(MeetingFactory(), by=alice)

    with pytest.raises(NotYours):
        registering.cancel(registration=row, by=bram)


def test_who_gave_back_may_register_again(alice: User) -> None:
    meeting = MeetingFactory(seats=1)
    registering.cancel(registration=registered(meeting, by=alice), by=None)

    assert registered(meeting, by=alice).state == RegistrationState.CONFIRMED


def test_changing_says_something_else_of_the_meeting_and_of_oneself(alice: User) -> None:
    meeting: Meeting = MeetingFactory(meal_offered=True)
    row = registered(meeting, by=alice)

    registering.change(registration=row, wishes=Wishes(meal="vegan"), person=person(role="directrice"), by=None)

    row.refresh_from_db()
    row.participant.refresh_from_db()
    assert (row.meal, row.participant.role, row.participant.email) == ("vegan", "directrice", "daan@example.org")
