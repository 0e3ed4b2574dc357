"""Who came: by the team, by the sheet typed in later, by the code on the door; people who came unannounced."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from basins.models import User
from basins.rules.people import NotYours
from concertations.enums import NotedBy, Presence, RegistrationState
from concertations.errors.registering import DoorClosed, NotExpected, PresenceError
from concertations.models import Meeting, Registration
from concertations.rules import presence
from concertations.rules.presence import Note
from tests.concertations.factories import MeetingFactory, RegistrationFactory
from tests.concertations.registering_tools import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Registration:
    return RegistrationFactory()


def during(meeting: Meeting, minutes: int = 10) -> time_machine.travel:
    return time_machine.travel(meeting.starts_at + dt.timedelta(minutes=minutes), tick=False)


def note(row: Registration, word: Presence, *, by: User | None = None, at: dt.datetime | None = None) -> int:
    notes = [Note(registration=row.uuid, presence=word, at=at)]
    return presence.note_many(meeting=row.meeting, notes=notes, by_whom=NotedBy.STAFF, by=by)


def said(row: Registration) -> tuple[str, str]:
    row.refresh_from_db()
    return row.presence, row.presence_by


def test_the_team_notes_who_came(row: Registration, alice: User) -> None:
    with during(row.meeting):
        assert note(row, Presence.PRESENT, by=alice) == 1
    assert said(row) == ("present", "staff")


def test_the_later_word_stands_in_whatever_order_they_arrive(row: Registration) -> None:
    start = row.meeting.starts_at
    with during(row.meeting, 30):
        note(row, Presence.EXCUSED, at=start + dt.timedelta(minutes=20))
        assert note(row, Presence.PRESENT, at=start + dt.timedelta(minutes=5)) == 0
    assert said(row) == ("excused", "staff")


def test_all_others_are_present(row: Registration, alice: User) -> None:
    other = RegistrationFactory(meeting=row.meeting)
    with during(row.meeting):
        note(row, Presence.ABSENT)
        assert presence.note_all_present(meeting=row.meeting, by_whom=NotedBy.SHEET, by=alice) == 1
    assert (said(row)[0], said(other)) == ("absent", ("present", "sheet"))


def test_any_word_on_one_person_stands_against_all_are_here(row: Registration, alice: User) -> None:
    start = row.meeting.starts_at
    with during(row.meeting, 30):
        presence.note_all_present(meeting=row.meeting, by_whom=NotedBy.SHEET, by=alice)
        note(row, Presence.ABSENT, at=start - dt.timedelta(minutes=5))
    assert said(row)[0] == "absent"


def test_nothing_is_noted_before_the_day(row: Registration) -> None:
    with pytest.raises(PresenceError):
        note(row, Presence.PRESENT)


def test_staff_of_another_basin_notes_nothing(row: Registration, bram: User) -> None:
    with during(row.meeting), pytest.raises(NotYours):
        note(row, Presence.PRESENT, by=bram)


def test_who_gave_the_place_back_is_left_out(row: Registration) -> None:
    Registration.objects.filter(pk=row.pk).update(state="cancelled", cancelled_at=row.created)
    with during(row.meeting):
        assert note(row, Presence.PRESENT) == 0


@pytest.mark.parametrize("said_at_door", ["PARTICIPANT1@example.org ", "reference"])
def test_at_the_door_one_checks_in_by_address_or_reference(said_at_door: str) -> None:
    row = RegistrationFactory(participant__email="participant1@example.org")
    line = row.reference.lower() if said_at_door == "reference" else said_at_door
    with during(row.meeting, -30):
        presence.check_in(meeting=row.meeting, email_or_reference=line)
    assert said(row) == ("present", "participant")


@pytest.mark.parametrize("minutes", [-61, 4 * 60 + 1])
def test_the_door_is_closed_before_and_after(row: Registration, minutes: int) -> None:
    with during(row.meeting, minutes), pytest.raises(DoorClosed):
        presence.check_in(meeting=row.meeting, email_or_reference=row.reference)


def test_who_is_on_no_list_is_told_so(row: Registration) -> None:
    with during(row.meeting), pytest.raises(NotExpected):
        presence.check_in(meeting=row.meeting, email_or_reference="nobody@example.org")


def test_who_comes_unannounced_takes_no_seat(alice: User) -> None:
    meeting = MeetingFactory(seats=1, seats_taken=1)
    with during(meeting):
        row = presence.add_at_door(meeting=meeting, person=person(email=""), by=alice)
    meeting.refresh_from_db()
    assert (row.at_the_door, row.presence, row.participant.email, meeting.seats_taken) == (True, "present", "", 1)


def test_who_had_an_offer_and_comes_gives_it_back_and_is_there(alice: User) -> None:
    meeting = MeetingFactory(seats=1, seats_taken=1)
    until = meeting.starts_at
    row = RegistrationFactory(meeting=meeting, state=RegistrationState.OFFERED, offered_until=until)
    with during(meeting):
        presence.add_at_door(meeting=meeting, person=person(email=row.participant.email), by=alice)
    row.refresh_from_db()
    meeting.refresh_from_db()
    assert (row.state, row.at_the_door, row.presence, meeting.seats_taken) == ("confirmed", True, "present", 0)


def test_two_people_without_an_address_are_two(alice: User) -> None:
    meeting = MeetingFactory()
    with during(meeting):
        for name in ("An", "Luc"):
            presence.add_at_door(meeting=meeting, person=person(name=name, email=""), by=alice)
    assert meeting.registrations.count() == 2
