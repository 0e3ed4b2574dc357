"""Who came: what is said later stands, whatever arrives first; from the day on, until the week is evaluated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import uuid4

import pytest
import time_machine
from django.utils import translation

from basins.models import PartnerKey, User
from basins.rules.people import NotYours
from opendoors.enums import Attendance, BookedState, EditionState, NotedBy, VisitState
from opendoors.errors import AttendanceError, DoorClosed, NotExpected
from opendoors.models import BookedVisit, Visit
from opendoors.rules import attendance as rules
from opendoors.rules.attendance import Tap
from tests.opendoors.day_tools import MINUTE, NINE, guest, running_week, visit_today

pytestmark = pytest.mark.django_db

PRESENT, EXCUSED, ABSENT = Attendance.PRESENT, Attendance.EXCUSED, Attendance.ABSENT
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Half past nine, in the middle of the visit."""
    with time_machine.travel(NINE + 30 * MINUTE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visit() -> Visit:
    return visit_today()


def noted(row: BookedVisit) -> tuple[str, dt.datetime | None, str]:
    row.refresh_from_db()
    return row.attendance, row.attendance_at, row.attendance_by


def by_host(row: BookedVisit, attendance: Attendance, at: dt.datetime | None = None) -> BookedVisit:
    return rules.note(booked=row, attendance=attendance, by_whom=NotedBy.HOST, at=at)


def test_a_note_says_what_when_and_by_whom(visit: Visit) -> None:
    row = guest(visit)

    by_host(row, PRESENT)

    assert noted(row) == ("present", NINE + 30 * MINUTE, "host")


def test_the_same_tap_twice_changes_nothing(visit: Visit) -> None:
    row = guest(visit)
    tap = Tap(booked=row.uuid, attendance=PRESENT, at=NINE)

    changed = [rules.note_many(visit=visit, taps=[tap], by_whom=NotedBy.HOST) for _ in range(2)]

    assert changed == [1, 0]


def test_what_was_tapped_later_stands_though_it_arrives_first(visit: Visit) -> None:
    row = guest(visit)

    by_host(row, PRESENT, NINE + 10 * MINUTE)
    by_host(row, ABSENT, NINE + 5 * MINUTE)

    assert noted(row) == ("present", NINE + 10 * MINUTE, "host")


def test_the_same_word_again_counts_from_its_later_moment(visit: Visit) -> None:
    row = guest(visit)

    by_host(row, PRESENT, NINE)
    by_host(row, PRESENT, NINE + 10 * MINUTE)
    by_host(row, ABSENT, NINE + 5 * MINUTE)

    assert noted(row)[0] == "present"


def test_a_clock_that_runs_ahead_does_not_beat_what_is_said_after_it(
    visit: Visit, clock: time_machine.Traveller
) -> None:
    row = guest(visit)
    by_host(row, ABSENT, NINE + 48 * HOUR)
    clock.shift(MINUTE)

    by_host(row, PRESENT)

    assert noted(row)[0] == "present"


def test_before_the_day_nothing_is_noted(visit: Visit, clock: time_machine.Traveller) -> None:
    row = guest(visit)
    clock.move_to(NINE - 10 * HOUR)

    with pytest.raises(AttendanceError):
        by_host(row, PRESENT)


def test_on_the_day_it_is_noted_from_midnight_on(visit: Visit, clock: time_machine.Traveller) -> None:
    row = guest(visit)
    clock.move_to(NINE - 9 * HOUR)

    by_host(row, EXCUSED)

    assert noted(row)[0] == "excused"


def test_the_team_corrects_until_the_week_is_evaluated(
    visit: Visit, alice: User, clock: time_machine.Traveller
) -> None:
    row = guest(visit)
    by_host(row, ABSENT)
    clock.move_to(NINE + 24 * 14 * HOUR)

    rules.note(booked=row, attendance=PRESENT, by_whom=NotedBy.STAFF, by=alice)

    assert noted(row) == ("present", NINE + 24 * 14 * HOUR, "staff")


def test_once_evaluated_it_stays_as_it_was(alice: User) -> None:
    row = guest(visit_today(edition=running_week(state=EditionState.EVALUATED)))

    with pytest.raises(AttendanceError):
        rules.note(booked=row, attendance=PRESENT, by_whom=NotedBy.STAFF, by=alice)


def test_nobody_is_noted_at_a_visit_that_was_called_off() -> None:
    row = guest(visit_today(state=VisitState.CANCELLED))

    with pytest.raises(AttendanceError):
        by_host(row, PRESENT)


def test_another_basins_team_notes_nothing(visit: Visit, bram: User) -> None:
    with pytest.raises(NotYours):
        rules.note(booked=guest(visit), attendance=PRESENT, by_whom=NotedBy.STAFF, by=bram)


def test_a_key_without_the_scope_notes_nothing(visit: Visit, farid: PartnerKey) -> None:
    with pytest.raises(NotYours):
        rules.note(booked=guest(visit), attendance=PRESENT, by_whom=NotedBy.PARTNER, key=farid)


def test_who_gave_the_seat_back_is_on_the_list_no_longer(visit: Visit) -> None:
    row = guest(visit)
    BookedVisit.objects.update(state=BookedState.CANCELLED, cancelled_at=NINE)

    with pytest.raises(NotExpected):
        by_host(row, PRESENT)


def test_of_many_those_on_the_list_are_noted_and_the_others_left_out(visit: Visit) -> None:
    rows = [guest(visit), guest(visit)]
    held = guest(visit, held_until=NINE)
    elsewhere = guest(visit_today(edition=visit.edition))
    people = [*(row.uuid for row in (*rows, held, elsewhere)), uuid4()]

    changed = rules.note_many(
        visit=visit, taps=[Tap(booked=one, attendance=PRESENT) for one in people], by_whom=NotedBy.HOST
    )

    assert changed == 2
    assert [noted(row)[0] for row in (*rows, held, elsewhere)] == ["present", "present", "", ""]


# --- All are here ---------------------------------------------------------------------------------


def all_here(visit: Visit) -> int:
    return rules.note_all_present(visit=visit, by_whom=NotedBy.HOST)


def test_all_are_here_fills_in_whom_nobody_spoke_of(visit: Visit) -> None:
    told, absent, silent, team = guest(visit), guest(visit), guest(visit), guest(visit, seats=2)
    by_host(told, EXCUSED)
    by_host(absent, ABSENT)

    assert all_here(visit) == 2

    assert [noted(row)[0] for row in (told, absent, silent, team)] == ["excused", "absent", "present", "present"]


def test_all_are_here_a_second_time_changes_nothing(visit: Visit) -> None:
    guest(visit)

    assert [all_here(visit), all_here(visit)] == [1, 0]


@pytest.mark.parametrize("at", [None, NINE - 8 * HOUR, NINE - 9 * HOUR, NINE - 48 * HOUR])
@pytest.mark.parametrize("arrives", ["before", "after"])
def test_a_word_on_one_person_stands_against_all_whenever_made(
    visit: Visit, at: dt.datetime | None, arrives: str
) -> None:
    row = guest(visit)
    for act in (lambda: by_host(row, ABSENT, at), lambda: all_here(visit))[:: 1 if arrives == "before" else -1]:
        act()

    assert noted(row)[0] == "absent"


def test_all_are_only_those_on_the_list(visit: Visit) -> None:
    held, elsewhere = guest(visit, held_until=NINE), guest(visit_today(edition=visit.edition))
    gone = guest(visit)
    BookedVisit.objects.filter(pk=gone.pk).update(state=BookedState.CANCELLED, cancelled_at=NINE)

    assert all_here(visit) == 0

    assert [noted(row)[0] for row in (held, elsewhere, gone)] == ["", "", ""]


def test_before_the_day_and_for_strangers_nobody_is_here(
    visit: Visit, bram: User, farid: PartnerKey, clock: time_machine.Traveller
) -> None:
    guest(visit)
    with pytest.raises(NotYours):
        rules.note_all_present(visit=visit, by_whom=NotedBy.STAFF, by=bram)
    with pytest.raises(NotYours):
        rules.note_all_present(visit=visit, by_whom=NotedBy.PARTNER, key=farid)
    clock.move_to(NINE - 10 * HOUR)

    with pytest.raises(AttendanceError):
        all_here(visit)


# --- Who came without booking ---------------------------------------------------------------------


def test_walk_ins_are_counted(visit: Visit) -> None:
    rules.count_walk_ins(visit=visit, number=3, by_whom=NotedBy.HOST)

    visit.refresh_from_db()
    assert (visit.walk_ins, visit.walk_ins_at) == (3, NINE + 30 * MINUTE)


def test_of_two_counts_the_later_stands(visit: Visit) -> None:
    rules.count_walk_ins(visit=visit, number=4, by_whom=NotedBy.HOST, at=NINE + MINUTE)
    rules.count_walk_ins(visit=visit, number=3, by_whom=NotedBy.HOST, at=NINE)

    visit.refresh_from_db()
    assert visit.walk_ins == 4


@pytest.mark.parametrize("number", [-1, 501])
def test_a_count_that_cannot_be_is_refused(visit: Visit, number: int) -> None:
    with pytest.raises(AttendanceError) as refused:
        rules.count_walk_ins(visit=visit, number=number, by_whom=NotedBy.HOST)

    assert refused.value.field == "walk_ins"


# --- At the door ----------------------------------------------------------------------------------


@pytest.mark.parametrize("written", [" Daan@Example.org ", "{reference}", "{lower}"])
def test_address_and_reference_both_open_the_door(visit: Visit, written: str) -> None:
    row = guest(visit, email="daan@example.org", reference="K7QM4TWX")

    rules.check_in(visit=visit, email_or_reference=written.format(reference="K7QM 4TWX", lower="k7qm4twx"))

    assert noted(row) == ("present", NINE + 30 * MINUTE, "visitor")


@pytest.mark.parametrize("written", ["", "nobody@example.org", "K7QM4TWX", "%"])
def test_who_is_not_expected_hears_the_same_words(visit: Visit, written: str) -> None:
    guest(visit)
    guest(visit_today(edition=visit.edition), reference="K7QM4TWX")

    with pytest.raises(NotExpected) as refused:
        rules.check_in(visit=visit, email_or_reference=written)

    with translation.override("en"):
        said = str(refused.value.message)
    assert said.startswith("We do not find this on the list of this visit.")


@pytest.mark.parametrize(
    ("minutes", "opens"),
    [(-31, False), (-30, True), (150, True), (151, False)],
    ids=["before", "half an hour before", "an hour after its end", "later"],
)
def test_the_door_is_open_around_the_visit(
    visit: Visit, clock: time_machine.Traveller, minutes: int, opens: bool
) -> None:
    guest(visit, email="daan@example.org")
    clock.move_to(NINE + minutes * MINUTE)

    try:
        rules.check_in(visit=visit, email_or_reference="daan@example.org")
        opened = True
    except DoorClosed:
        opened = False

    assert opened == opens


def test_the_host_has_the_last_word_over_the_code_at_the_door(visit: Visit, clock: time_machine.Traveller) -> None:
    row = guest(visit, email="daan@example.org")
    rules.check_in(visit=visit, email_or_reference="daan@example.org")
    clock.shift(MINUTE)

    by_host(row, ABSENT)

    assert noted(row)[0] == "absent"


@pytest.mark.parametrize(("day", "said"), [(0, "8\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30"), (1, "mardi")])
def test_too_early_one_reads_when_the_door_opens(day: int, said: str) -> None:
    visit = visit_today(day=day)

    with translation.override("fr"):
        assert said in rules.why_door_closed(visit, NINE - 2 * HOUR)
