"""Scarce seats played at random: whatever people, hosts and the clock do, the promises hold after each step.

The real rules on the real database, each run in a transaction that is rolled back. What is promised is
computed anew from the rows, not with the code under test.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.errors import RuleError
from core.models import OutboxMessage
from core.text import fold
from opendoors.models import BookedVisit, Booking, Edition, Visit, WaitingRequest, Wish
from opendoors.rules import addresses, hosting, line, waiting, waiting_time
from opendoors.rules import booking as rules
from opendoors.rules.programme_data import VisitData
from tests.opendoors.factories import EditionFactory, VisitFactory

NOW = dt.datetime(2026, 5, 13, 8, 0, tzinfo=dt.UTC)
LAST_OFFER = dt.timedelta(hours=3)
HELD_AT_MOST = 3  # fewer than on the site, to come near it
PEOPLE = {
    "anna@example.org": "Équipe Mobile",
    "ben@example.org": "equipe  mobile",
    "daan@example.org": "WGC",
    "eva@example.org": "",
}
ONE = st.integers(0, 4)
SEVERAL = st.lists(ONE, min_size=1, max_size=4, unique=True)
SEATS = st.sampled_from([1, 1, 2, 3])
PERSON = st.sampled_from(sorted(PEOPLE))
ANY = st.integers(0, 1000)


class Seats(RuleBasedStateMachine):
    """Four people of two organisations want into five visits, some at the same time, some filled by others."""

    @initialize(
        visits=st.sampled_from([None, 1, 2]),
        organisation=st.sampled_from([None, 1, 2]),
        filled=st.lists(ONE, min_size=2, max_size=5, unique=True),
        lines=st.lists(st.tuples(PERSON, SEVERAL, st.integers(1, 2), SEATS), min_size=6, max_size=10),
    )
    def begin(self, visits: int | None, organisation: int | None, filled: list[int], lines: list[Any]) -> None:
        self.clock = time_machine.travel(NOW, tick=False)
        self.traveller = self.clock.start()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        first_day = timezone.localdate() + dt.timedelta(days=2)
        self.edition: Edition = EditionFactory(
            starts_on=first_day,
            signup_closes_at=NOW + dt.timedelta(days=3),
            visits_per_visitor=visits,
            seats_per_organisation=organisation,
            offer_hours=12,
        )
        times = [(0, "09:00", "10:30"), (0, "10:00", "11:30"), (0, "11:00", "12:00"), (1, "09:00", "10:30")]
        self.visits: list[Visit] = [
            VisitFactory(edition=self.edition, day=day, begin=begin, end=end, seats=seats)
            for (day, begin, end), seats in zip([*times, (3, "14:00", "15:00")], [1, 2, 3, 1, 2], strict=True)
        ]
        for number in filled:
            visit = self.visits[number]
            kept = rules.book(
                visits=[visit.uuid], seats=visit.seats, name="N", email=f"{number}@example.org", language="fr", by=None
            )
            addresses.confirm(visitor=kept.visitor, by=None)
        self.called_off = 0
        self.rows = Rows()
        self.moved_together: set[frozenset[int]] = set()
        self.offer_in_line = line._offer_in_line
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(addresses, "UNCONFIRMED_SEATS", HELD_AT_MOST)
        self.patch.setattr(line, "_offer_in_line", self.offer_and_compare)
        for email, chosen, wanted, seats in lines:
            self.join(email, sorted({filled[number % len(filled)] for number in chosen}), wanted, seats, confirms=True)

    def teardown(self) -> None:
        if not hasattr(self, "transaction"):
            return
        self.patch.undo()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        self.clock.stop()

    # --- What people do ------------------------------------------------------------------------

    def attempt(self, act: Callable[..., Any], **arguments: Any) -> None:
        """A refusal is an answer; anything else that is raised is a fault."""
        try:
            act(**arguments, by=None)
        except RuleError:
            return

    def chosen(self, numbers: Sequence[int]) -> list[Any]:
        return [self.visits[number].uuid for number in numbers]

    def who(self, email: str) -> dict[str, Any]:
        return {"name": "N", "email": email, "language": "fr", "organisation": PEOPLE[email]}

    @precondition(lambda self: self.rows.free)
    @rule(email=PERSON, pick=ANY, other=st.none() | ONE, seats=SEATS)
    def book(self, email: str, pick: int, other: int | None, seats: int) -> None:
        visits = {picked(self.rows.free, pick).uuid, *(self.chosen([other]) if other is not None else [])}
        self.attempt(rules.book, visits=list(visits), seats=seats, **self.who(email))

    @rule(email=PERSON, visits=SEVERAL, wanted=st.sampled_from([1, 1, 2, 3]), seats=SEATS, confirms=st.booleans())
    def join(self, email: str, visits: list[int], wanted: int, seats: int, confirms: bool) -> None:
        self.attempt(waiting.join, visits=self.chosen(visits), wanted=wanted, seats=seats, **self.who(email))
        if confirms:
            self.confirm(email)

    @precondition(lambda self: self.rows.full)
    @rule(email=PERSON, pick=ANY, seats=SEATS)
    def join_one_that_is_full(self, email: str, pick: int, seats: int) -> None:
        keys = [visit.pk for visit in self.visits]
        self.join(email, [keys.index(picked(self.rows.full, pick).pk)], 1, seats, confirms=True)

    @rule(email=PERSON)
    def confirm(self, email: str) -> None:
        visitor = self.edition.visitors.filter(email=email).first()
        if visitor is not None:
            addresses.confirm(visitor=visitor, by=None)

    @precondition(lambda self: self.rows.booked)
    @rule(pick=ANY, whole=st.booleans())
    def give_back(self, pick: int, whole: bool) -> None:
        self.attempt(rules.cancel, booking=picked(self.rows.booked, pick).booking, whole_visitor=whole)

    @precondition(lambda self: self.rows.booked)
    @rule(pick=ANY, other=ONE, keeps=st.booleans(), whole=st.booleans())
    def change(self, pick: int, other: int, keeps: bool, whole: bool) -> None:
        row = picked(self.rows.booked, pick)
        mine = [one.visit.uuid for one in self.rows.booked if one.booking_id == row.booking_id and keeps]
        visits = [*mine, self.visits[other].uuid]
        self.attempt(rules.change, booking=row.booking, visits=visits, whole_visitor=whole)

    @precondition(lambda self: self.rows.booked)
    @rule(pick=ANY, seats=SEATS)
    def be_more_or_fewer(self, pick: int, seats: int) -> None:
        row = picked(self.rows.booked, pick)
        mine = [one.visit.uuid for one in self.rows.booked if one.booking_id == row.booking_id]
        self.attempt(rules.change, booking=row.booking, visits=mine, seats=seats)

    @precondition(lambda self: self.rows.offers)
    @rule(pick=ANY)
    def accept(self, pick: int) -> None:
        self.attempt(waiting.accept, wish=picked(self.rows.offers, pick))

    @precondition(lambda self: self.rows.offers)
    @rule()
    def accept_the_first(self) -> None:
        self.accept(0)

    @precondition(lambda self: self.rows.offers)
    @rule(pick=ANY)
    def decline(self, pick: int) -> None:
        self.attempt(waiting.decline, wish=picked(self.rows.offers, pick))

    @precondition(lambda self: self.rows.over)
    @rule(pick=ANY)
    def answer_what_is_over(self, pick: int) -> None:
        self.attempt(waiting.accept, wish=picked(self.rows.over, pick))

    @precondition(lambda self: self.rows.requests)
    @rule(pick=ANY, visits=st.none() | SEVERAL)
    def leave(self, pick: int, visits: list[int] | None) -> None:
        some = None if visits is None else self.chosen(visits)
        self.attempt(waiting.leave, request=picked(self.rows.requests, pick), visits=some)

    # --- What hosts do -------------------------------------------------------------------------

    @rule(number=ONE, seats=st.sampled_from([1, 2, 3, 4]))
    def change_seats(self, number: int, seats: int) -> None:
        self.edit(number, seats=seats)

    @rule(number=ONE, hours=st.sampled_from([1, -1, 24, -24]))
    def move(self, number: int, hours: int) -> None:
        self.edit(number, hours=hours)
        # A host may move a visit to the time of another that somebody holds: both are told, neither is taken away.
        self.moved_together |= {frozenset(pair) for pair in overlapping_pairs(Rows())}

    def edit(self, number: int, *, seats: int | None = None, hours: int = 0) -> None:
        visit = Visit.objects.select_related("edition", "place").get(pk=self.visits[number].pk)
        shift = dt.timedelta(hours=hours)
        data = VisitData(
            starts_at=visit.starts_at + shift,
            ends_at=visit.ends_at + shift,
            seats=seats or visit.seats,
            languages=("fr",),
        )
        self.attempt(hosting.edit_visit, visit=visit, place=visit.place, data=data)

    @precondition(lambda self: self.called_off < 1 and self.rows.offers)
    @rule(number=ONE)
    def call_off(self, number: int) -> None:
        """Once in a run: what is off says nothing any more."""
        self.called_off += 1
        self.attempt(hosting.cancel_visit, visit=self.visits[number])

    # --- What the clock does -------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 60, 360]))
    def time_passes(self, minutes: int) -> None:
        self.traveller.shift(dt.timedelta(minutes=minutes))

    @rule(minutes=st.sampled_from([5, 60, 725]))
    def time_passes_and_the_tasks_run(self, minutes: int) -> None:
        self.traveller.shift(dt.timedelta(minutes=minutes))
        now = timezone.now()
        waiting_time.expire_offers(now=now)
        addresses.release_unconfirmed(now=now)
        waiting_time.end_lines(now=now)
        assert not Wish.objects.filter(state="offered", expires_at__lte=now).exists()
        assert not Booking.objects.filter(held_until__lte=now, booked__state="confirmed").exists()
        assert not Wish.objects.filter(state="waiting", visit__starts_at__lte=now + LAST_OFFER).exists()

    # --- What is promised ----------------------------------------------------------------------

    def offer_and_compare(self, visit: Visit, wishes: Sequence[Wish], now: dt.datetime) -> int:
        """Each time seats are offered, they go to those who are next, and to nobody behind them."""
        before = Rows()
        fresh = next(row for row in before.visits if row.pk == visit.pk)
        expected = {wish.pk for wish in next_in_line(before, fresh, self.edition.seats_per_organisation)}
        known = {wish.pk for wish in before.wishes_of(visit, "offered")}
        number = self.offer_in_line(visit, wishes, now)
        offered = set(Wish.objects.filter(visit=visit, state="offered").values_list("pk", flat=True))
        assert offered - known == expected
        return number

    @invariant()
    def promises_hold(self) -> None:
        self.rows = rows = Rows()
        seats_are_counted_and_never_too_many(rows)
        assert {frozenset(pair) for pair in overlapping_pairs(rows)} <= self.moved_together
        limits_hold(rows, self.edition)
        no_seat_is_idle_that_fits_somebody_in_line(rows, self.edition)
        requests_are_what_their_wishes_say(rows)
        what_is_held_has_an_end_and_stays_small(rows)
        nobody_is_dropped_in_silence(rows)


def picked(rows: Sequence[Any], pick: int) -> Any:
    """A row by a number that any number of rows can take."""
    return rows[pick % len(rows)]


class Rows:
    """All there is, in as many queries as tables."""

    def __init__(self) -> None:
        self.visits = list(Visit.objects.order_by("pk"))
        self.booked = list(BookedVisit.objects.filter(state="confirmed").select_related("booking", "visit"))
        self.requests = list(WaitingRequest.objects.order_by("pk"))
        self.wishes = list(
            Wish.objects.select_related("request", "visit").order_by("request__created", "request__pk", "pk")
        )
        self.full = [visit for visit in self.visits if visit.seats_left < 1]
        self.free = [visit for visit in self.visits if visit.seats_left > 0]
        self.offers = [wish for wish in self.wishes if wish.state == "offered"]
        self.over = [wish for wish in self.wishes if wish.ended_at is not None]
        self.told: set[str] = set()
        for params in OutboxMessage.objects.values_list("params", flat=True):
            self.told |= {params.get("wish"), params.get("request"), *params.get("requests", [])}

    def wishes_of(self, visit: Visit, state: str) -> list[Wish]:
        return [wish for wish in self.wishes if wish.visit_id == visit.pk and wish.state == state]

    def seats_of_organisations(self, visit: Visit) -> Counter[str]:
        """Booked and on offer; who named none has no limit."""
        used: Counter[str] = Counter()
        for row in self.booked:
            if row.visit_id == visit.pk:
                used[fold(row.booking.organisation)] += row.seats
        for wish in self.wishes_of(visit, "offered"):
            used[fold(wish.request.organisation)] += wish.request.seats
        return used


def seats_are_counted_and_never_too_many(rows: Rows) -> None:
    for visit in rows.visits:
        taken = sum(row.seats for row in rows.booked if row.visit_id == visit.pk)
        held = sum(wish.request.seats for wish in rows.wishes_of(visit, "offered"))
        assert (visit.seats_taken, visit.seats_held) == (taken, held)
        assert taken + held <= visit.seats
        if visit.state == "cancelled":
            assert (taken, held, rows.wishes_of(visit, "waiting")) == (0, 0, [])


def overlapping_pairs(rows: Rows) -> list[tuple[int, int]]:
    held = defaultdict(list)
    for row in rows.booked:
        held[row.booking.visitor_id].append(row)
    return [
        (one.pk, other.pk)
        for mine in held.values()
        for one, other in combinations(mine, 2)
        if one.visit.starts_at < other.visit.ends_at and other.visit.starts_at < one.visit.ends_at
    ]


def limits_hold(rows: Rows, edition: Edition) -> None:
    if edition.visits_per_visitor is not None:
        visits = Counter(row.booking.visitor_id for row in rows.booked)
        assert max(visits.values(), default=0) <= edition.visits_per_visitor
    if edition.seats_per_organisation is not None:
        for visit in rows.visits:
            used = rows.seats_of_organisations(visit)
            del used[""]
            assert max(used.values(), default=0) <= edition.seats_per_organisation


def next_in_line(rows: Rows, visit: Visit, limit: int | None) -> list[Wish]:
    """Who must be offered what is free in a visit, by the words of docs/decisions/waiting-list.md."""
    if visit.state != "planned" or visit.starts_at <= timezone.now() + LAST_OFFER:
        return []
    left, used, chosen = visit.seats - visit.seats_taken - visit.seats_held, rows.seats_of_organisations(visit), []
    for wish in rows.wishes_of(visit, "waiting"):
        name, seats = fold(wish.request.organisation), wish.request.seats
        allowed = limit is None or not name or used[name] + seats <= limit
        if wish.request.held_until is None and seats <= left and allowed:
            chosen.append(wish)
            left, used[name] = left - seats, used[name] + seats
    return chosen


def no_seat_is_idle_that_fits_somebody_in_line(rows: Rows, edition: Edition) -> None:
    for visit in rows.visits:
        assert next_in_line(rows, visit, edition.seats_per_organisation) == []


def requests_are_what_their_wishes_say(rows: Rows) -> None:
    for request in rows.requests:
        mine = [wish for wish in rows.wishes if wish.request_id == request.pk]
        number = Counter(wish.state for wish in mine)
        still_open, accepted = number["waiting"] + number["offered"], number["accepted"]
        assert accepted <= request.wanted
        match request.state:
            case "waiting":
                assert still_open > 0
                assert accepted < request.wanted
            case "served":
                assert (still_open, accepted > 0) == (0, True)
            case _:
                assert (still_open, accepted) == (0, 0)
        assert all(wish.booked_id for wish in mine if wish.state == "accepted")


def what_is_held_has_an_end_and_stays_small(rows: Rows) -> None:
    held: Counter[int] = Counter()
    for row in rows.booked:
        assert (row.booking.held_until is None) != (row.booking.confirmed_at is None)
        if row.booking.held_until is not None:
            held[row.booking.visitor_id] += row.seats
    assert max(held.values(), default=0) <= HELD_AT_MOST


def nobody_is_dropped_in_silence(rows: Rows) -> None:
    offered = {str(wish.uuid) for wish in rows.wishes if wish.offered_at is not None}
    assert offered <= rows.told
    for request in rows.requests:
        if request.state == "ended":
            names = {str(wish.uuid) for wish in rows.wishes if wish.request_id == request.pk}
            assert rows.told & {str(request.uuid), *names}


@pytest.mark.django_db
def test_the_promises_hold_whatever_happens() -> None:
    run_state_machine_as_test(
        Seats,
        settings=settings(
            max_examples=20,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
