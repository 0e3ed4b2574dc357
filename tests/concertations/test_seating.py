"""Seats at a meeting: drawn, explained by their figures, put right by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.utils import translation

from basins.models import User
from basins.rules.people import NotYours
from concertations import queries_tables
from concertations.enums_tables import SeatingKind
from concertations.errors import NotOfThisMeeting, SeatingError
from concertations.models import Participant, Registration, Seating, WorkshopChoice
from concertations.rules import choosing, seating, seating_plans
from concertations.rules.seating_plans import SeatingData, SubjectData
from tests.concertations.factories import MeetingFactory
from tests.concertations.room_tools import WORKSHOPS, planned, register, room, where

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words_of_the_code(_first_language: None) -> None:
    translation.activate("en")


WITHOUT_SEATS = tuple(SubjectData(title_fr="A", title_nl="B") for _ in range(3))


def drawn(people: int = 11, *, seed: int = 1, **fields: Any) -> Seating:
    return seating.draw(seating=planned(room(people), **fields), by=None, seed=seed)


def person(row: Seating, number: int) -> Participant:
    return Participant.objects.get(series=row.meeting.series, name=f"Person {number:02}")


# --- Drawing ---------------------------------------------------------------------------------------


def test_everybody_who_registered_has_a_seat_at_a_table() -> None:
    row = drawn(11)
    assert sorted(where(row)) == [f"Person {number:02}" for number in range(11)]
    assert sorted(Counter(where(row).values()).values()) == [3, 4, 4]


def test_the_same_seed_gives_the_same_seats() -> None:
    row = drawn(11, seed=5)
    before = where(row)
    assert where(seating.draw(seating=row, by=None, seed=5)) == before


def test_without_a_seed_there_is_a_new_one() -> None:
    row = planned(room(4))
    seeds = {seating.draw(seating=row, by=None).seed for _ in range(3)}
    assert len(seeds) == 3


def test_who_does_not_come_has_no_seat() -> None:
    meeting = room(5)
    registrations = list(meeting.registrations.order_by("pk"))
    Registration.objects.filter(pk=registrations[0].pk).update(at_distance=True)
    Registration.objects.filter(pk=registrations[1].pk).update(
        presence="excused", presence_at=meeting.starts_at, presence_by="staff"
    )
    row = seating.draw(seating=planned(meeting), by=None)
    assert sorted(where(row)) == ["Person 02", "Person 03", "Person 04"]


def test_only_who_is_there_may_be_seated() -> None:
    meeting = room(5)
    present = list(meeting.registrations.order_by("pk"))[:3]
    Registration.objects.filter(pk__in=[each.pk for each in present]).update(
        presence="present", presence_at=meeting.starts_at, presence_by="staff"
    )
    row = seating.draw(seating=planned(meeting), by=None, only_present=True)
    assert sorted(where(row)) == ["Person 00", "Person 01", "Person 02"]


def test_colleagues_are_known_by_the_directory_and_by_name() -> None:
    meeting = MeetingFactory()
    tied = register(meeting, organisation="CPAS d’Etterbeek", organization="00000000-0000-0000-0000-000000000001")
    named = register(meeting, organisation="cpas d’etterbeek")
    renamed = register(meeting, organisation="Ancien nom", organization="00000000-0000-0000-0000-000000000001")
    organisations = {guest.organisation for guest in queries_tables.guests([tied, named, renamed])}
    assert organisations == {"00000000-0000-0000-0000-000000000001"}


def test_people_sit_with_others_than_at_the_meeting_before() -> None:
    first = drawn(8)
    later = MeetingFactory(series=first.meeting.series, day=first.meeting.day + dt.timedelta(days=90))
    for registration in first.meeting.registrations.all():
        later.registrations.create(participant=registration.participant)
    row = seating.draw(seating=planned(later), by=None, seed=1)
    assert row.account["last_time"] == str(first.uuid)
    assert row.account["met_pairs"] == 4  # of eight people at two tables of four, two of four at best


def test_the_figures_are_those_of_the_seats() -> None:
    row = drawn(14)
    assert row.account == {
        "people": 14,
        "organisation_pairs": 0,
        "organisation_at_least": 0,
        "sector_pairs": 0,
        "sector_at_least": 0,
        "met_pairs": 0,
    }


def test_nobody_to_seat_is_said() -> None:
    with pytest.raises(SeatingError, match="nobody to seat"):
        seating.draw(seating=planned(room(1)), by=None)


def test_groups_that_swap_keep_their_tables_and_change_subjects() -> None:
    row = drawn(16, kind=SeatingKind.SWAP)
    assert where(row, 1) == where(row, 2)
    sides = Counter(row.seats.filter(turn=1).values_list("side", flat=True))
    assert sides == {"A": 8, "B": 8}
    first, second = queries_tables.turns_of(row)
    subjects = [{place.side: str(place.subject) for place in turn.places} for turn in (first, second)]
    assert subjects == [{"A": "Atelier A", "B": "Atelier B"}, {"A": "Atelier B", "B": "Atelier A"}]


def test_pairs_stand_in_two_circles() -> None:
    row = drawn(7, kind=SeatingKind.PAIRS, rounds=3, minutes=2)
    turns = queries_tables.turns_of(row)
    assert [len(turn.pairs) for turn in turns] == [4, 4, 4]
    resting = [one.name for turn in turns for _place, one, other in turn.pairs if other is None]
    assert len(set(resting)) == 3


def test_more_rounds_than_people_to_meet_are_cut() -> None:
    assert drawn(4, kind=SeatingKind.PAIRS, rounds=9).account["rounds"] == 2


def test_workshops_follow_the_choices() -> None:
    row = planned(room(8), kind=SeatingKind.ROUNDS)
    subjects = list(row.subjects.all())
    for number in range(8):
        chosen = [subjects[(number + step) % 4] for step in range(3)]
        choosing.note(seating=row, participant=person(row, number), subjects=chosen, by=None)
    row = seating.draw(seating=row, by=None, seed=2)
    assert row.account["missed"] == {"0": 8}
    went = set(row.seats.filter(participant=person(row, 1)).values_list("place", flat=True))
    assert went == {2, 3, 4}


def test_workshops_that_are_too_small_are_said() -> None:
    with pytest.raises(SeatingError, match="17 people come, and 16 can sit"):
        drawn(17, kind=SeatingKind.ROUNDS)


# --- By hand ---------------------------------------------------------------------------------------


def test_two_people_change_seats() -> None:
    row = drawn(8)
    before = where(row)
    one = next(name for name, place in before.items() if place == 1)
    other = next(name for name, place in before.items() if place == 2)
    people = {each.name: each for each in Participant.objects.filter(name__in=[one, other])}
    seating.exchange(seating=row, one=people[one], other=people[other], by=None)
    assert where(row) == {**before, one: 2, other: 1}
    row.refresh_from_db()
    assert row.account["by_hand"] is True


def test_changing_seats_in_workshops_keeps_everybody_in_different_ones() -> None:
    row = drawn(8, kind=SeatingKind.ROUNDS)
    seating.exchange(seating=row, one=person(row, 0), other=person(row, 1), by=None)
    assert {len(set(route.seats)) for route in queries_tables.routes_of(row)} == {3}


def test_pairs_of_colleagues_are_counted_anew() -> None:
    meeting = MeetingFactory()
    for number in range(6):
        register(meeting, name=f"Person {number:02}", organisation="CPAS" if number < 3 else f"Service {number}")
    row = seating.draw(seating=planned(meeting, kind=SeatingKind.PAIRS, rounds=3), by=None, seed=1)
    assert row.account["alike"] == 0
    seating.exchange(seating=row, one=person(row, 0), other=person(row, 5), by=None)
    row.refresh_from_db()
    # Two of the CPAS stand opposite the third now, and the three rounds bring everybody together.
    assert row.account["alike"] == 2


def test_somebody_goes_to_another_table() -> None:
    row = drawn(8)
    seating.move(seating=row, participant=person(row, 0), place=2, by=None)
    assert where(row)["Person 00"] == 2


def test_nobody_goes_to_a_table_that_is_not_there() -> None:
    with pytest.raises(SeatingError, match="no such table"):
        seating.move(seating=drawn(8), participant=Participant.objects.first() or Participant(), place=9, by=None)


def test_who_comes_late_has_the_free_seat_and_nobody_moves() -> None:
    row = drawn(11)
    before = where(row)
    late = register(row.meeting, name="Late", sector="elderly", organisation="Home")
    place = seating.seat_late(seating=row, participant=late, by=None)
    assert where(row) == {**before, "Late": place}
    assert sorted(Counter(where(row).values()).values()) == [4, 4, 4]


def test_who_comes_late_is_given_workshops_with_room() -> None:
    row = drawn(12, kind=SeatingKind.ROUNDS)
    late = register(row.meeting, name="Late")
    seating.seat_late(seating=row, participant=late, by=None)
    filled = Counter(row.seats.values_list("turn", "place"))
    assert (max(filled.values()), row.seats.filter(participant=late).count()) == (4, 3)


def test_a_stranger_to_the_meeting_has_no_seat() -> None:
    row = drawn(8)
    stranger = register(MeetingFactory(series=row.meeting.series), name="Elsewhere")
    with pytest.raises(SeatingError, match="not registered"):
        seating.seat_late(seating=row, participant=stranger, by=None)


def test_a_seat_is_taken_away() -> None:
    row = drawn(8)
    seating.take_away(seating=row, participant=person(row, 0), by=None)
    assert len(where(row)) == 7


# --- What is planned -------------------------------------------------------------------------------


def test_another_size_takes_the_seats_away() -> None:
    row = drawn(8)
    data = SeatingData(title_fr="Tables", title_nl="Tafels", table_size=5)
    row = seating_plans.edit(seating=row, data=data, by=None)
    assert (row.is_drawn, row.seats.count()) == (False, 0)


def test_another_name_leaves_the_seats() -> None:
    row = drawn(8)
    row = seating_plans.edit(seating=row, data=SeatingData(title_fr="Autre", title_nl="Ander"), by=None)
    assert (row.is_drawn, row.seats.count()) == (True, 8)


def test_a_choice_stays_with_its_workshop_when_that_is_renamed() -> None:
    row = planned(room(2), kind=SeatingKind.ROUNDS)
    choosing.note(seating=row, participant=person(row, 0), subjects=[row.subjects.get(position=2)], by=None)
    renamed = [SubjectData(title_fr=f"{each.title_fr}!", title_nl=each.title_nl, seats=9) for each in WORKSHOPS]
    data = SeatingData(title_fr="A", title_nl="B", kind=SeatingKind.ROUNDS, rounds=3, subjects=tuple(renamed))
    seating_plans.edit(seating=row, data=data, by=None)
    assert [str(each.subject) for each in WorkshopChoice.objects.all()] == ["Atelier B!"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": SeatingKind.SWAP, "subjects": WORKSHOPS[:1]}, "two subjects"),
        ({"kind": SeatingKind.ROUNDS, "rounds": 5}, "as many workshops as rounds"),
        ({"kind": SeatingKind.ROUNDS, "subjects": WITHOUT_SEATS}, "how many seats"),
        ({"table_size": 1}, "greater than or equal to 2"),
        ({"title_nl": ""}, "missing in Dutch"),
    ],
)
def test_what_cannot_be_drawn_is_not_planned(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(SeatingError, match=words):
        planned(room(2), **fields)


def test_only_the_team_of_the_basin_draws(bram: User) -> None:
    with pytest.raises(NotYours):
        seating.draw(seating=planned(room(4)), by=bram)


def test_the_team_of_the_basin_draws(alice: User) -> None:
    assert seating.draw(seating=planned(room(4)), by=alice).drawn_by == alice


# --- Choices ---------------------------------------------------------------------------------------


def open_choice() -> Seating:
    row = planned(room(3), kind=SeatingKind.ROUNDS)
    return seating_plans.let_choose(seating=row, is_open=True, by=None)


@pytest.mark.parametrize("known_by", ["email", "reference"])
def test_people_choose_by_address_or_reference(known_by: str) -> None:
    row = open_choice()
    registration = row.meeting.registrations.select_related("participant").first()
    assert registration is not None
    who = registration.participant.email.upper() if known_by == "email" else registration.reference.lower()
    subjects = list(row.subjects.all())
    choosing.choose(seating=row, email_or_reference=f" {who} ", subjects=subjects[:2])
    choosing.choose(seating=row, email_or_reference=who, subjects=subjects[2:3])
    assert [(each.participant, each.subject) for each in row.wanted.all()] == [(registration.participant, subjects[2])]


@pytest.mark.parametrize("who", ["", "nobody@example.org"])
def test_who_is_not_registered_chooses_nothing(who: str) -> None:
    with pytest.raises(NotOfThisMeeting):
        choosing.choose(seating=open_choice(), email_or_reference=who, subjects=[])


def test_a_participant_without_address_is_not_found_by_an_empty_one() -> None:
    row = open_choice()
    register(row.meeting, email="", name="At the door")
    with pytest.raises(NotOfThisMeeting):
        choosing.choose(seating=row, email_or_reference="  ", subjects=[])


def test_once_drawn_nobody_chooses_any_more() -> None:
    row = seating.draw(seating=open_choice(), by=None)
    with pytest.raises(SeatingError, match="cannot be chosen now"):
        choosing.choose(seating=row, email_or_reference="x", subjects=[])


def test_the_same_workshop_is_chosen_once() -> None:
    row = open_choice()
    subject = row.subjects.get(position=1)
    with pytest.raises(SeatingError, match="different workshops"):
        choosing.note(seating=row, participant=person(row, 0), subjects=[subject, subject], by=None)
