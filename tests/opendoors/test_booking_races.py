"""Races on real connections: what locks promise, and a control that shows the race without them."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from core.models import OutboxMessage
from opendoors.errors import VisitsGone, VisitsOverlap
from opendoors.models import BookedVisit, Visit
from opendoors.rules import booking as rules
from tests.factories import EditionFactory, VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(number: int, act: Callable[[int], str]) -> Counter[str]:
    """Let ``number`` clients act, as many at the same instant as the server has connections for."""
    parallel = min(number, free_connections())
    gate = threading.Barrier(parallel)
    local = threading.local()

    def one(n: int) -> str:
        if not hasattr(local, "connected"):
            connection.ensure_connection()
            local.connected = True
            gate.wait(timeout=30)
        return act(n)

    def leave(_n: int) -> None:
        gate.wait(timeout=30)
        connections.close_all()

    with ThreadPoolExecutor(parallel) as pool:
        answers = Counter(pool.map(one, range(number)))
        gate.reset()
        list(pool.map(leave, range(parallel)))
    return answers


def free_connections() -> int:
    """What this process may open: the server's limit, shared with the other test processes."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        limit = int(cursor.fetchone()[0])
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return (limit - 20) // processes


def booking_by(visit: Visit) -> Callable[[int], str]:
    def act(n: int) -> str:
        try:
            rules.book(visits=[visit.uuid], name=f"V{n}", email=f"v{n}@example.org", language="fr", by=None)
        except VisitsGone:
            return "full"
        return "booked"

    return act


def test_two_hundred_clients_share_twenty_seats() -> None:
    visit = VisitFactory(edition=EditionFactory(), seats=20)

    answers = all_at_once(200, booking_by(visit))

    visit.refresh_from_db()
    assert answers == {"booked": 20, "full": 180}
    assert visit.seats_taken == 20
    assert BookedVisit.objects.count() == 20
    assert OutboxMessage.objects.count() == 20


def test_without_the_lock_there_is_a_race(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same clients, the lock off and the database's own guard away, oversell."""
    visit = VisitFactory(edition=EditionFactory(), seats=20)
    together = threading.Barrier(40)

    def look_without_lock(visits: list[Visit]) -> None:
        for row in visits:
            row.refresh_from_db(fields=["seats_taken", "state"])
        together.wait(timeout=30)  # everybody has looked before anybody writes

    monkeypatch.setattr(rules, "_lock_visits", look_without_lock)
    constraint = next(c for c in Visit._meta.constraints if c.name == "visit_never_overbooked")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Visit, constraint)
    try:
        answers = all_at_once(40, booking_by(visit))
        visit.refresh_from_db()
    finally:
        Visit.objects.update(seats_taken=0)
        with connection.schema_editor() as editor:
            editor.add_constraint(Visit, constraint)

    assert answers == {"booked": 40}
    assert visit.seats_taken == 40


def test_one_visitor_in_two_browsers_is_at_one_place() -> None:
    edition = EditionFactory()
    visits = [VisitFactory(edition=edition) for _ in range(8)]  # all at the same time

    def act(n: int) -> str:
        try:
            rules.book(visits=[visits[n].uuid], name="Daan", email="daan@example.org", language="nl", by=None)
        except VisitsOverlap:
            return "clash"
        return "booked"

    answers = all_at_once(8, act)

    assert answers == {"booked": 1, "clash": 7}
    assert BookedVisit.objects.count() == 1


def test_baskets_in_opposite_order_do_not_block_each_other() -> None:
    visits = week_of_visits(EditionFactory(), 5, seats=50)

    def act(n: int) -> str:
        order = [visit.uuid for visit in (visits if n % 2 else reversed(visits))]
        rules.book(visits=order, name=f"V{n}", email=f"v{n}@example.org", language="fr", by=None)
        return "booked"

    answers = all_at_once(30, act)

    assert answers == {"booked": 30}
    assert list(Visit.objects.values_list("seats_taken", flat=True)) == [30] * 5


def test_giving_back_twice_at_once_frees_one_seat() -> None:
    visit = VisitFactory(edition=EditionFactory(), seats=5)
    keeper = rules.book(visits=[visit.uuid], name="A", email="a@example.org", language="fr", by=None)
    rules.book(visits=[visit.uuid], name="B", email="b@example.org", language="fr", by=None)

    def act(n: int) -> str:
        rules.cancel(booking=keeper, by=None)
        return "done"

    all_at_once(6, act)

    visit.refresh_from_db()
    assert visit.seats_taken == 1
