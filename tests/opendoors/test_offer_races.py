"""Offers answered at once, on real connections: by many, both ways, as they lapse; and what happens without locks."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import pytest
from django.db import OperationalError

from opendoors.enums import WishState
from opendoors.models import BookedVisit, Booking, Visit, Visitor, Wish
from opendoors.rules import seats, waiting, waiting_time
from tests.opendoors.factories import EditionFactory, VisitFactory
from tests.opendoors.race_tools import all_at_once, said
from tests.opendoors.waiting_tools import counts, full, give_back, held_by, letters, states, wait, wish_of

pytestmark = pytest.mark.django_db(transaction=True)


def on_offer(number: int, *, wanted: int = 1) -> tuple[list[Visit], list[Wish]]:
    """One request with offers of ``number`` visits."""
    visits, keepers = full(EditionFactory(), number)
    request = wait(*visits, wanted=wanted)
    give_back(*keepers)
    return visits, [wish_of(request, visit) for visit in visits]


def test_one_offer_accepted_many_times_at_once_is_one_seat() -> None:
    (visit,), (wish,) = on_offer(1)

    answers = all_at_once(6, lambda _n: said(lambda: waiting.accept(wish=wish, by=None)))

    assert answers == {"done": 6}
    assert counts(visit) == (1, 0)
    assert BookedVisit.objects.filter(state="confirmed").count() == 1


def test_without_their_locks_one_offer_accepted_twice_takes_the_seat_of_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: two seats are on offer to two people; both answers of the first find theirs still on offer."""
    visit = VisitFactory(edition=EditionFactory(), seats=2)
    keeper = held_by("keeper@example.org", visit, seats=2)
    first, second = (wait(visit, email=f"{name}@example.org") for name in ("first", "second"))
    give_back(keeper)
    wish = wish_of(first)
    together = threading.Barrier(2)
    fresh = waiting._fresh

    def both_have_read(wish: Wish, known: list[Wish]) -> tuple[Wish, list[Wish]]:
        found = fresh(wish, known)
        together.wait(timeout=30)
        return found

    unlocked = Visitor.objects.select_related("edition__basin")
    monkeypatch.setattr(seats, "relocked_visitor", lambda pk: unlocked.get(pk=pk))
    monkeypatch.setattr(seats, "lock_visits", lambda _visits: None)
    monkeypatch.setattr(waiting, "_lock_request", lambda _request: None)
    monkeypatch.setattr(waiting, "_fresh", both_have_read)

    answers = all_at_once(2, lambda _n: said(lambda: waiting.accept(wish=wish, by=None)))

    assert answers == {"done": 2}
    assert BookedVisit.objects.filter(booking__visitor=first.visitor, state="confirmed").count() == 2
    assert (states(second), counts(visit)) == (["offered"], (2, 0))


def test_two_wishes_of_one_request_accepted_at_once_are_no_more_than_wanted() -> None:
    visits, wishes = on_offer(4, wanted=2)

    answers = all_at_once(4, lambda n: said(lambda: waiting.accept(wish=wishes[n], by=None)))

    assert answers == {"done": 2, "offer-gone": 2}
    assert sorted(states(wishes[0].request)) == ["accepted", "accepted", "released", "released"]
    assert sorted(counts(visit) for visit in visits) == [(0, 0), (0, 0), (1, 0), (1, 0)]
    assert Booking.objects.filter(visitor__email="eva@example.org").count() == 1


def test_without_their_locks_they_release_each_other_s_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both find one more wanted, each takes its own and wants to release the other's."""
    _visits, wishes = on_offer(2)
    together = threading.Barrier(2)
    fresh = waiting._fresh

    def both_have_read(wish: Wish, known: list[Wish]) -> tuple[Wish, list[Wish]]:
        found = fresh(wish, known)
        together.wait(timeout=30)
        return found

    def act(n: int) -> str:
        try:
            return said(lambda: waiting.accept(wish=wishes[n], by=None))
        except OperationalError as error:
            return "deadlock" if "deadlock" in str(error) else str(error)

    unlocked = Visitor.objects.select_related("edition__basin")
    monkeypatch.setattr(seats, "relocked_visitor", lambda pk: unlocked.get(pk=pk))
    monkeypatch.setattr(seats, "lock_visits", lambda _visits: None)
    monkeypatch.setattr(waiting, "_lock_request", lambda _request: None)
    monkeypatch.setattr(waiting, "_fresh", both_have_read)

    answers = all_at_once(2, act)

    assert answers == {"done": 1, "deadlock": 1}


def test_accepting_and_declining_at_once_is_one_of_both() -> None:
    (visit,), (wish,) = on_offer(1)
    acts = [waiting.accept, waiting.decline]

    answers = all_at_once(2, lambda n: said(lambda: acts[n](wish=wish, by=None)))

    assert answers == {"done": 1, "offer-gone": 1}
    assert (states(wish.request), counts(visit)) in ((["accepted"], (1, 0)), (["declined"], (0, 0)))


@pytest.mark.parametrize("attempt", range(3))
def test_an_answer_at_the_instant_of_expiry_is_accepted_or_lapsed_never_both(attempt: int) -> None:
    (visit,), (wish,) = on_offer(1)
    behind = wait(visit, email="behind@example.org")
    assert wish.expires_at is not None
    expires_at = wish.expires_at

    def act(n: int) -> str:
        if n == 0:
            return said(lambda: waiting.accept(wish=wish, by=None))
        waiting_time.expire_offers(now=expires_at)
        return "expired"

    answers = all_at_once(4, act)

    assert answers["expired"] == 3
    ended = (states(wish.request), states(behind), counts(visit))
    if answers["done"]:
        assert ended == (["accepted"], ["waiting"], (1, 0))
        assert letters("offer_lapsed") == []
    else:
        assert ended == (["lapsed"], ["offered"], (0, 1))
        assert letters("offer_lapsed") == ["eva@example.org"]


def test_without_the_lock_an_accepted_offer_is_told_to_be_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the worker has found the offer unanswered, the answer comes, the worker goes on."""
    (visit,), (wish,) = on_offer(1)
    expires_at = wish.expires_at
    assert expires_at is not None
    found, answered = threading.Event(), threading.Event()
    lock, end = seats.lock_visits, waiting_time.line.end_wishes
    worker = threading.local()

    def lock_unless_worker(visits: Iterable[Visit]) -> None:
        if not hasattr(worker, "runs"):
            lock(visits)

    def end_once_answered(wishes: list[Wish], state: WishState) -> list[Visit]:
        if state == WishState.LAPSED:
            found.set()
            assert answered.wait(timeout=30)
        freed: list[Visit] = end(wishes, state)
        return freed

    def act(n: int) -> str:
        if n == 0:
            assert found.wait(timeout=30)
            try:
                return said(lambda: waiting.accept(wish=wish, by=None))
            finally:
                answered.set()
        worker.runs = True
        return f"{waiting_time.expire_offers(now=expires_at)} lapsed"

    monkeypatch.setattr(seats, "lock_visits", lock_unless_worker)
    monkeypatch.setattr(waiting_time.line, "end_wishes", end_once_answered)

    answers = all_at_once(2, act)

    assert answers == {"done": 1, "1 lapsed": 1}
    assert (states(wish.request), counts(visit)) == (["accepted"], (1, 0))
    assert letters("offer_lapsed") == ["eva@example.org"]


def test_offers_expired_by_many_workers_lapse_once() -> None:
    visits, wishes = on_offer(3, wanted=3)
    behind = [wait(visit, email=f"{n}@example.com") for n, visit in enumerate(visits)]
    expires_at = max(wish.expires_at for wish in wishes if wish.expires_at)
    lapsed = []

    def act(_n: int) -> str:
        lapsed.append(waiting_time.expire_offers(now=expires_at))
        return "ran"

    all_at_once(4, act)

    assert sum(lapsed) == 3
    assert (states(*behind), [counts(visit) for visit in visits]) == (["offered"] * 3, [(0, 1)] * 3)
    assert letters("offer_lapsed") == ["eva@example.org"] * 3
