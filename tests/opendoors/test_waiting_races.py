"""Scarce seats on real connections: groups, the line, limits; and what happens without the locks."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from opendoors.models import BookedVisit, Edition, Visit, Visitor, Wish
from opendoors.rules import addresses, seats, waiting
from opendoors.rules import booking as rules
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits
from tests.opendoors.race_tools import all_at_once, said
from tests.opendoors.waiting_tools import counts, full, give_back, held_by, letters, states, wait

pytestmark = pytest.mark.django_db(transaction=True)


def book(visits: Iterable[Visit], email: str, **more: Any) -> str:
    """Booked at once or refused."""
    who = {"name": "N", "email": email, "language": "fr", "by": None, **more}
    return said(lambda: rules.book(visits=[visit.uuid for visit in visits], **who))


@contextmanager
def without_guard() -> Iterator[None]:
    """The database's own guard away, for the controls; the counts are put right before it comes back."""
    constraint = next(c for c in Visit._meta.constraints if c.name == "opendoors_visit_never_overbooked")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Visit, constraint)
    try:
        yield
    finally:
        Visit.objects.update(seats_taken=0, seats_held=0)
        with connection.schema_editor() as editor:
            editor.add_constraint(Visit, constraint)


def unlocked_visits(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Rows are read, not locked, and nobody writes before ``number`` clients have read."""
    together = threading.Barrier(number)

    def read(visits: Iterable[Visit]) -> None:
        for row in visits:
            row.refresh_from_db(fields=["seats", "seats_taken", "seats_held", "state", "starts_at", "ends_at"])
        together.wait(timeout=30)

    monkeypatch.setattr(seats, "lock_visits", read)


# --- Groups --------------------------------------------------------------------------------------


def test_groups_of_three_share_ten_seats() -> None:
    visit = VisitFactory(edition=EditionFactory(), seats=10)

    answers = all_at_once(20, lambda n: book([visit], f"v{n}@example.org", seats=3))

    assert answers == {"done": 3, "visits-full": 17}
    assert counts(visit) == (9, 0)


def test_without_the_lock_groups_oversell(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = VisitFactory(edition=EditionFactory(), seats=10)
    unlocked_visits(monkeypatch, 8)

    with without_guard():
        answers = all_at_once(8, lambda n: book([visit], f"v{n}@example.org", seats=3))
        taken = counts(visit)

    assert (answers, taken) == ({"done": 8}, (24, 0))


def test_two_groups_that_grow_at_once_do_not_both_fit() -> None:
    visit = VisitFactory(edition=EditionFactory(), seats=6)
    held = [held_by(f"{n}@example.org", visit, seats=2) for n in range(2)]

    answers = all_at_once(
        2, lambda n: said(lambda: rules.change(booking=held[n], visits=[visit.uuid], by=None, seats=4))
    )

    assert answers == {"done": 1, "visits-full": 1}
    assert counts(visit) == (6, 0)


def test_without_the_lock_both_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = VisitFactory(edition=EditionFactory(), seats=6)
    held = [held_by(f"{n}@example.org", visit, seats=2) for n in range(2)]
    unlocked_visits(monkeypatch, 2)

    with without_guard():
        answers = all_at_once(
            2, lambda n: said(lambda: rules.change(booking=held[n], visits=[visit.uuid], by=None, seats=4))
        )
        taken = counts(visit)

    assert (answers, taken) == ({"done": 2}, (8, 0))


# --- The line, while seats come and go -----------------------------------------------------------


def test_a_seat_given_back_while_somebody_joins_is_never_idle() -> None:
    """Who joins sees the seat free and is told to book, or stands in line before it is freed and is offered it."""
    visits, keepers = full(EditionFactory(), 5)

    def act(n: int) -> str:
        if n % 2:
            give_back(keepers[n // 2])
            return "freed"
        return said(lambda: wait(visits[n // 2], email=f"{n}@example.com"))

    all_at_once(10, act)

    for visit in visits:
        taken, held = counts(visit)
        waits = Wish.objects.filter(visit=visit, state__in=["waiting", "offered"]).count()
        assert (taken, held) in ((0, waits), (1, 0))
        assert not Wish.objects.filter(visit=visit, state="waiting").exists()


def test_everybody_at_once_ends_with_counts_that_are_true() -> None:
    edition = EditionFactory()
    visits = [VisitFactory(edition=edition, day=day, seats=2) for day in range(4)]
    keepers = [held_by(f"k{n}@example.org", visit, seats=2) for n, visit in enumerate(visits)]
    requests = [wait(*visits, email=f"w{n}@example.org", wanted=1 + n % 2, seats=1 + n % 2) for n in range(6)]

    def act(n: int) -> str:
        if n < 4:
            give_back(keepers[n])
        elif n < 10:
            for wish in requests[n - 4].wishes.order_by("-pk"):
                said(lambda wish=wish: waiting.accept(wish=wish, by=None))  # type: ignore[misc]  # bound now
        elif n < 12:
            waiting.leave(request=requests[n - 10], by=None)
        else:
            book([visits[n % 4]], f"b{n}@example.org")
        return "done"

    answers = all_at_once(16, act)

    assert answers == {"done": 16}  # no deadlock, no fault
    for visit in visits:
        taken = sum(BookedVisit.objects.filter(visit=visit, state="confirmed").values_list("seats", flat=True))
        offered = Wish.objects.filter(visit=visit, state="offered").values_list("request__seats", flat=True)
        assert counts(visit) == (taken, sum(offered))
    for request in requests:
        assert states(request).count("accepted") <= request.wanted


# --- Limits --------------------------------------------------------------------------------------


def test_colleagues_at_once_have_no_more_seats_than_their_organisation_may() -> None:
    visit = VisitFactory(edition=EditionFactory(seats_per_organisation=3), seats=50)

    answers = all_at_once(12, lambda n: book([visit], f"v{n}@example.org", organisation="WGC"))

    assert answers == {"done": 3, "organisation-limit": 9}
    assert counts(visit) == (3, 0)


def test_without_the_visit_s_lock_they_have_more(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = VisitFactory(edition=EditionFactory(seats_per_organisation=3), seats=50)
    together = threading.Barrier(6)
    unlocked_visits(monkeypatch, 6)
    refuse = rules.limits.refuse_organisation_over

    def all_have_counted(*arguments: Any) -> None:
        refuse(*arguments)
        together.wait(timeout=30)

    monkeypatch.setattr(rules.limits, "refuse_organisation_over", all_have_counted)

    answers = all_at_once(6, lambda n: book([visit], f"v{n}@example.org", organisation="WGC"))

    assert answers == {"done": 6}


def test_one_visitor_at_once_has_no_more_visits_than_allowed() -> None:
    edition = EditionFactory(visits_per_visitor=2)
    visits = week_of_visits(edition, 8)

    answers = all_at_once(8, lambda n: book([visits[n]], "daan@example.org"))

    assert answers == {"done": 2, "visit-limit": 6}
    assert BookedVisit.objects.count() == 2


def test_without_the_visitor_s_lock_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = EditionFactory(visits_per_visitor=2)
    visits = week_of_visits(edition, 4)
    visitor = Visitor.objects.create(edition=edition, email="daan@example.org", language="nl")
    together = threading.Barrier(4)
    count = rules.limits.refuse_too_many_visits

    def all_have_counted(edition: Edition, number: int) -> None:
        count(edition, number)
        together.wait(timeout=30)

    monkeypatch.setattr(seats, "locked_visitor", lambda *_who: visitor)
    monkeypatch.setattr(rules.limits, "refuse_too_many_visits", all_have_counted)

    answers = all_at_once(4, lambda n: book([visits[n]], "daan@example.org"))

    assert answers == {"done": 4}


# --- Unconfirmed seats ---------------------------------------------------------------------------


@pytest.mark.parametrize("attempt", range(3))
def test_confirmed_at_the_instant_of_release_is_kept_or_given_back_never_both(attempt: int) -> None:
    visit = VisitFactory(edition=EditionFactory(), seats=3)
    booking = rules.book(visits=[visit.uuid], seats=3, name="D", email="daan@example.org", language="nl", by=None)
    assert booking.held_until is not None
    until = booking.held_until

    def act(n: int) -> str:
        if n == 0:
            return f"confirmed {addresses.confirm(visitor=booking.visitor, by=None)}"
        addresses.release_unconfirmed(now=until)
        return "ran"

    answers = all_at_once(4, act)

    booking.refresh_from_db()
    kept = answers["confirmed 1"] == 1
    assert (booking.confirmed_at is not None) == kept
    assert counts(visit) == ((3, 0) if kept else (0, 0))
    assert letters("unconfirmed_released") == ([] if kept else ["daan@example.org"])
    assert timezone.now() < until
