"""Reminders: who gets which, when, once, and what is no longer said."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection

from core.models import OutboxMessage
from opendoors import tasks
from opendoors.enums import EditionState
from opendoors.mission import mission
from opendoors.models import BookedVisit, Booking, Edition, Visit, Visitor
from opendoors.rules import addresses, booking, hosting
from opendoors.rules.reminding import KIND, write_reminders
from tests.factories import local
from tests.opendoors.factories import EditionFactory, VisitFactory

FIRST = dt.date(2026, 11, 16)  # a Monday; the reminder days before cross no change of the clock
BOOKED = local(dt.date(2026, 10, 1), "12:00")
EARLY, EVE = local(FIRST - dt.timedelta(days=5), "09:00"), local(FIRST - dt.timedelta(days=1), "09:00")
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def edition(db: None) -> Edition:
    return week()


def week(**fields: object) -> Edition:
    edition: Edition = EditionFactory(
        starts_on=FIRST,
        ends_on=FIRST + dt.timedelta(days=4),
        signup_opens_at=local(dt.date(2026, 9, 1), "09:00"),
        signup_closes_at=local(dt.date(2026, 11, 19), "18:00"),
        **fields,
    )
    return edition


def book(*visits: Visit, at: dt.datetime = BOOKED, email: str = "daan@example.org") -> Booking:
    with time_machine.travel(at, tick=False):
        made = booking.book(visits=[visit.uuid for visit in visits], name="D", email=email, language="nl", by=None)
        addresses.confirm(visitor=made.visitor, by=None)
    return made


def written() -> list[tuple[str, str, str]]:
    rows = OutboxMessage.objects.filter(kind=KIND).order_by("key").values_list("to", "params__day", "params__stage")
    return sorted(rows)


def test_the_first_comes_some_days_before_the_first_visit(edition: Edition) -> None:
    book(VisitFactory(edition=edition, day=0), VisitFactory(edition=edition, day=3))

    numbers = [write_reminders(now=now) for now in (EARLY - MINUTE, EARLY, EARLY + MINUTE)]

    assert numbers == [0, 1, 0]
    assert written() == [("daan@example.org", "2026-11-16", "early")]


def test_each_day_with_visits_has_its_eve(edition: Edition) -> None:
    visits = [VisitFactory(edition=edition, day=0), VisitFactory(edition=edition, day=0, begin="12:00", end="13:00")]
    book(*visits, VisitFactory(edition=edition, day=3))

    for days in range(-1, 4):
        write_reminders(now=EVE + dt.timedelta(days=days))
        write_reminders(now=EVE + dt.timedelta(days=days))

    assert written() == [
        ("daan@example.org", "2026-11-16", "early"),
        ("daan@example.org", "2026-11-16", "eve"),
        ("daan@example.org", "2026-11-19", "eve"),
    ]


def test_the_letter_goes_to_its_reader_in_the_readers_language(edition: Edition) -> None:
    visitor = book(VisitFactory(edition=edition)).visitor

    write_reminders(now=EARLY)

    message = OutboxMessage.objects.get(kind=KIND)
    assert (message.to, message.language, message.scope) == ("daan@example.org", "nl", "sud-est")
    assert message.params == {"visitor": str(visitor.uuid), "day": "2026-11-16", "stage": "early"}
    assert message.key == f"opendoors.reminder:{visitor.uuid}:2026-11-16:early"


def test_what_was_given_back_is_not_reminded_of(edition: Edition) -> None:
    held = book(VisitFactory(edition=edition))
    with time_machine.travel(BOOKED, tick=False):
        booking.cancel(booking=held, by=None)

    assert write_reminders(now=EARLY) + write_reminders(now=EVE) == 0


def test_what_was_called_off_is_not_reminded_of(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    book(visit)
    with time_machine.travel(BOOKED, tick=False):
        hosting.cancel_visit(visit=visit, by=None)

    assert write_reminders(now=EARLY) + write_reminders(now=EVE) == 0


def test_who_books_after_the_moment_has_just_had_a_confirmation(edition: Edition) -> None:
    book(VisitFactory(edition=edition), at=EARLY + MINUTE)
    book(VisitFactory(edition=edition), at=EVE + MINUTE, email="eva@example.org")

    write_reminders(now=EARLY + 2 * MINUTE)
    write_reminders(now=EVE + 2 * MINUTE)

    assert written() == [("daan@example.org", "2026-11-16", "eve")]


def test_after_a_day_of_silence_it_catches_up(edition: Edition) -> None:
    book(VisitFactory(edition=edition))

    write_reminders(now=EARLY + dt.timedelta(days=2))
    write_reminders(now=EVE + dt.timedelta(hours=14, minutes=59))

    assert written() == [("daan@example.org", "2026-11-16", "early"), ("daan@example.org", "2026-11-16", "eve")]


def test_too_late_it_says_nothing(edition: Edition) -> None:
    book(VisitFactory(edition=edition))

    numbers = [write_reminders(now=local(FIRST, "00:00")), write_reminders(now=local(FIRST, "12:00"))]
    numbers.append(write_reminders(now=local(FIRST + dt.timedelta(days=9), "12:00")))

    assert numbers == [0, 0, 0]


def test_the_first_reminder_leaves_the_eve_to_the_second(edition: Edition) -> None:
    book(VisitFactory(edition=edition))

    write_reminders(now=EVE)

    assert written() == [("daan@example.org", "2026-11-16", "eve")]


@pytest.mark.parametrize("days", [0, 1])
def test_without_days_before_there_is_only_the_eve(db: None, days: int) -> None:
    book(VisitFactory(edition=week(reminder_days_before=days)))

    for back in range(7):
        write_reminders(now=EVE + dt.timedelta(days=back - 5))

    assert written() == [("daan@example.org", "2026-11-16", "eve")]


@pytest.mark.parametrize(
    ("state", "number"),
    [(EditionState.DRAFT, 0), (EditionState.CLOSED, 1), (EditionState.RUNNING, 1), (EditionState.EVALUATED, 0)],
)
def test_only_living_editions_remind(edition: Edition, state: EditionState, number: int) -> None:
    book(VisitFactory(edition=edition))
    Edition.objects.update(state=state)

    assert write_reminders(now=EARLY) == number


def test_days_are_days_in_brussels_over_the_change_of_the_clock(db: None) -> None:
    monday = dt.date(2026, 10, 26)  # the clocks went back the night before
    edition = EditionFactory(
        starts_on=monday, ends_on=monday, signup_opens_at=BOOKED, signup_closes_at=local(monday, "08:00")
    )
    book(VisitFactory(edition=edition))

    numbers = [write_reminders(now=local(dt.date(2026, 10, 25), clock)) for clock in ("08:59", "09:00")]

    assert numbers == [0, 1]


def test_the_letter_itself_can_be_written(edition: Edition) -> None:
    from core.mail.letters import writer_of

    book(VisitFactory(edition=edition))
    write_reminders(now=EARLY)

    with time_machine.travel(EARLY, tick=False):
        letter = writer_of(KIND)(OutboxMessage.objects.get(kind=KIND).params)

    assert letter is not None


def test_the_task_writes_what_is_due_now(edition: Edition) -> None:
    book(VisitFactory(edition=edition))

    with time_machine.travel(EVE, tick=False):
        tasks.write_reminders()

    assert written() == [("daan@example.org", "2026-11-16", "eve")]


def test_the_number_of_queries_does_not_grow_with_the_visitors(
    edition: Edition, django_assert_num_queries: object
) -> None:
    visit = VisitFactory(edition=edition, seats=20)
    for number in range(4):
        book(visit, email=f"v{number}@example.org")
    write_reminders(now=EARLY)

    # Editions, the bookings, and the keys that are written already; nothing is new.
    with django_assert_num_queries(3):  # type: ignore[operator]  # a fixture of pytest-django
        write_reminders(now=EARLY + MINUTE)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_each_reminder_once() -> None:
    visit = VisitFactory(edition=week(), seats=40)
    for number in range(40):
        book(visit, email=f"v{number}@example.org")
    gate = threading.Barrier(4)
    numbers: list[int] = []

    def run() -> None:
        connection.ensure_connection()
        gate.wait(timeout=20)
        try:
            numbers.append(write_reminders(now=EVE))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _run in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sum(numbers) == 40
    assert OutboxMessage.objects.filter(kind=KIND).count() == 40


def test_many_bookings_are_read_as_they_come(edition: Edition) -> None:
    """Two thousand people with two days each: batches, not one heap, and every letter once."""
    visits = [VisitFactory(edition=edition, day=day, seats=500) for day in (0, 1)]
    visitors = Visitor.objects.bulk_create(
        Visitor(edition=edition, email=f"v{number}@example.org", language="fr") for number in range(2000)
    )
    bookings = Booking.objects.bulk_create(Booking(visitor=visitor, name="V") for visitor in visitors)
    BookedVisit.objects.bulk_create(
        BookedVisit(booking=one, visit=visit, created=BOOKED) for one in bookings for visit in visits
    )

    numbers = [write_reminders(now=EVE), write_reminders(now=EVE)]

    assert numbers == [2000, 0]


def test_one_address_alone_can_be_reminded(edition: Edition) -> None:
    """What the demo's button does; the others get theirs when their day comes."""
    visit = VisitFactory(edition=edition)
    for name in ("anna", "bob"):
        book(visit, email=f"{name}@example.org")
    OutboxMessage.objects.all().delete()

    with time_machine.travel(BOOKED + MINUTE, tick=False):
        written = [mission.remind_ahead("Anna@example.org") for _twice in range(2)]

    assert written == [1, 0]
    assert OutboxMessage.objects.get().to == "anna@example.org"
