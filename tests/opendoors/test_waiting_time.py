"""What time, hosts and the forgetting of people do to offers and lines; nobody is dropped in silence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.utils import timezone, translation

from basins.models import User
from opendoors.enums import VisitState
from opendoors.errors import HostingError
from opendoors.models import Edition, Visit, WaitingRequest
from opendoors.rules import booking as rules
from opendoors.rules import forgetting, hosting, line, waiting, waiting_time
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits
from tests.opendoors.test_hosting import data_of
from tests.opendoors.waiting_tools import counts, held_by, later, letters, states, wait, wish_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    still = time_machine.travel(dt.datetime(2026, 5, 13, 10, 0, tzinfo=dt.UTC), tick=False)
    with translation.override(None), still as traveller:
        yield traveller


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


def on_offer(edition: Edition, *, waiting_for: int = 2) -> tuple[Visit, list[WaitingRequest]]:
    """A visit of one seat that is on offer to the first of those who wait."""
    visit = VisitFactory(edition=edition, seats=1)
    keeper = held_by("keeper@example.org", visit)
    requests = [wait(visit, email=f"{n}@example.org") for n in range(waiting_for)]
    rules.cancel(booking=keeper, by=None)
    return visit, requests


# --- Time to answer ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offer_hours", "starts_in", "hours"),
    [(48, 24 * 30, 48), (48, 96, 48), (48, 40, 20), (48, 5, 2.5), (48, 3.5, 2), (4, 40, 4), (1, 40, 2)],
)
def test_there_is_less_time_to_answer_near_the_visit(offer_hours: int, starts_in: float, hours: float) -> None:
    visit = VisitFactory.build(edition=None, host=None, place=None, starts_at=later(hours=starts_in), ends_at=None)
    edition = EditionFactory.build(basin=None, offer_hours=offer_hours)

    until = line.lapses_at(edition, visit, timezone.now())

    assert (until - timezone.now()) / dt.timedelta(hours=1) == hours


def test_no_seat_is_offered_when_the_visit_is_near(edition: Edition, clock: Any) -> None:
    visit = VisitFactory(edition=edition, starts_at=later(hours=5), ends_at=later(hours=6), seats=1)
    keeper = held_by("keeper@example.org", visit)
    request = wait(visit)

    clock.shift(dt.timedelta(hours=2))
    rules.cancel(booking=keeper, by=None)

    assert (states(request), counts(visit)) == (["waiting"], (0, 0))


def test_an_offer_not_answered_goes_to_the_next_once(edition: Edition, clock: Any) -> None:
    visit, requests = on_offer(edition)

    clock.shift(dt.timedelta(hours=48) - dt.timedelta(seconds=1))
    early = waiting_time.expire_offers(now=timezone.now())
    clock.shift(dt.timedelta(seconds=1))
    lapsed = [waiting_time.expire_offers(now=timezone.now()) for _twice in range(2)]

    requests[0].refresh_from_db()
    assert (early, lapsed) == (0, [1, 0])
    assert (states(*requests), counts(visit), requests[0].state) == (["lapsed", "offered"], (0, 1), "ended")
    assert (letters("offer_lapsed"), letters("seat_offered")) == (
        ["0@example.org"], ["0@example.org", "1@example.org"],
    )  # fmt: skip


def test_when_nobody_waits_any_more_the_seat_is_everybody_s(edition: Edition, clock: Any) -> None:
    visit, _requests = on_offer(edition, waiting_for=1)

    clock.shift(dt.timedelta(hours=48))
    waiting_time.expire_offers(now=timezone.now())

    assert counts(visit) == (0, 0)
    assert Visit.objects.get().seats_left == 1


def test_a_lapsed_offer_keeps_the_place_in_other_lines(edition: Edition, clock: Any) -> None:
    visits = week_of_visits(edition, 2, seats=1)
    keepers = [held_by(f"{n}@example.org", visit) for n, visit in enumerate(visits)]
    request = wait(*visits)
    rules.cancel(booking=keepers[0], by=None)

    clock.shift(dt.timedelta(hours=48))
    waiting_time.expire_offers(now=timezone.now())

    request.refresh_from_db()
    assert (request.state, states(request)) == ("waiting", ["lapsed", "waiting"])


# --- The end of a line ---------------------------------------------------------------------------


def test_a_line_ends_before_the_visit_with_a_letter(edition: Edition, clock: Any) -> None:
    visit = VisitFactory(edition=edition, seats=1)
    held_by("keeper@example.org", visit)
    request = wait(visit)

    clock.move_to(visit.starts_at - dt.timedelta(hours=3, seconds=1))
    early = waiting_time.end_lines(now=timezone.now())
    clock.shift(dt.timedelta(seconds=1))
    ended = [waiting_time.end_lines(now=timezone.now()) for _twice in range(2)]

    request.refresh_from_db()
    assert (early, ended, request.state, states(request)) == (0, [1, 0], "ended", ["ended"])
    assert letters("waiting_ended") == ["eva@example.org"]


def test_while_other_lines_run_nothing_is_over(edition: Edition, clock: Any) -> None:
    visits = week_of_visits(edition, 2, seats=1)
    for n, visit in enumerate(visits):
        held_by(f"{n}@example.org", visit)
    request = wait(*visits)

    clock.move_to(visits[0].starts_at - dt.timedelta(hours=1))
    waiting_time.end_lines(now=timezone.now())

    request.refresh_from_db()
    assert (request.state, states(request), letters("waiting_ended")) == ("waiting", ["ended", "waiting"], [])


def test_an_offer_that_runs_keeps_its_time(edition: Edition, clock: Any) -> None:
    visit = VisitFactory(edition=edition, starts_at=later(hours=4), ends_at=later(hours=5), seats=1)
    keeper = held_by("keeper@example.org", visit)
    request = wait(visit)
    rules.cancel(booking=keeper, by=None)

    clock.shift(dt.timedelta(hours=1, minutes=30))
    waiting_time.end_lines(now=timezone.now())
    waiting.accept(wish=wish_of(request), by=None)

    assert counts(visit) == (1, 0)


def test_served_in_part_is_told_when_the_rest_is_over(edition: Edition, clock: Any) -> None:
    visits = week_of_visits(edition, 2, seats=1)
    keepers = [held_by(f"{n}@example.org", visit) for n, visit in enumerate(visits)]
    request = wait(*visits, wanted=2)
    rules.cancel(booking=keepers[0], by=None)
    waiting.accept(wish=wish_of(request, visits[0]), by=None)

    clock.move_to(visits[1].starts_at - dt.timedelta(hours=3))
    waiting_time.end_lines(now=timezone.now())

    request.refresh_from_db()
    assert (request.state, states(request)) == ("served", ["accepted", "ended"])
    assert letters("waiting_ended") == ["eva@example.org"]


# --- Hosts ---------------------------------------------------------------------------------------


def test_more_seats_are_offered_to_the_line(edition: Edition, alice: User) -> None:
    visit = VisitFactory(edition=edition, seats=1)
    held_by("keeper@example.org", visit)
    requests = [wait(visit, email=f"{n}@example.org") for n in range(3)]

    hosting.edit_visit(visit=visit, place=visit.place, data=replace(data_of(visit), seats=3), by=alice)

    assert (states(*requests), counts(visit)) == (["offered", "offered", "waiting"], (1, 2))


def test_who_waits_for_more_seats_than_are_left_at_all_is_told_that_it_is_over(edition: Edition, alice: User) -> None:
    visit = VisitFactory(edition=edition, seats=4)
    held_by("keeper@example.org", visit)
    group = wait(visit, email="group@example.org", seats=4)

    hosting.edit_visit(visit=visit, place=visit.place, data=replace(data_of(visit), seats=3), by=alice)

    group.refresh_from_db()
    assert (states(group), group.state) == (["ended"], "ended")
    assert letters("waiting_too_large") == ["group@example.org"]


def test_who_cuts_seats_is_asked_before_anybodys_waiting_ends(edition: Edition, alice: User) -> None:
    visit = VisitFactory(edition=edition, seats=4)
    held_by("keeper@example.org", visit)
    group = wait(visit, seats=4)
    fewer = replace(data_of(visit), seats=3)

    with pytest.raises(HostingError) as caught:
        hosting.edit_visit(visit=visit, place=visit.place, data=fewer, by=alice, may_end_waiting=False)

    assert caught.value.field == "end_waiting"
    assert states(group) == ["waiting"]


def test_seats_do_not_fall_below_those_on_offer(edition: Edition, alice: User) -> None:
    visit = VisitFactory(edition=edition, seats=3)
    keepers = [held_by(f"{n}@example.org", visit) for n in range(3)]
    wait(visit)
    rules.cancel(booking=keepers[0], by=None)

    with pytest.raises(HostingError) as caught:
        hosting.edit_visit(visit=visit, place=visit.place, data=replace(data_of(visit), seats=2), by=alice)

    assert caught.value.field == "seats"
    assert (
        str(caught.value)
        == "Seats taken: 2; on offer to the waiting list: 1. There cannot be fewer than both together."
    )


def test_who_waits_is_told_that_a_visit_moved(edition: Edition, alice: User) -> None:
    visit, requests = on_offer(edition)
    day_later = replace(
        data_of(visit), starts_at=visit.starts_at + dt.timedelta(days=1), ends_at=visit.ends_at + dt.timedelta(days=1)
    )

    hosting.edit_visit(visit=visit, place=visit.place, data=day_later, by=alice)

    assert letters("waiting_moved") == ["0@example.org", "1@example.org"]
    assert states(*requests) == ["offered", "waiting"]


def test_an_offer_ends_before_a_visit_that_moved_forward(alice: User) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    edition = EditionFactory(starts_on=tomorrow, signup_closes_at=later(hours=12), offer_hours=48)
    visit = VisitFactory(edition=edition, day=4, seats=1)
    keeper = held_by("keeper@example.org", visit)
    request = wait(visit)
    rules.cancel(booking=keeper, by=None)
    forward = replace(data_of(visit), starts_at=later(hours=20), ends_at=later(hours=21))

    hosting.edit_visit(visit=visit, place=visit.place, data=forward, by=alice)

    assert wish_of(request).expires_at == later(hours=10)


def test_a_visit_called_off_ends_its_line_and_everybody_is_told(edition: Edition, alice: User) -> None:
    visit, requests = on_offer(edition)

    hosting.cancel_visit(visit=visit, by=alice)

    requests[0].refresh_from_db()
    assert (states(*requests), counts(visit)) == (["ended", "ended"], (0, 0))
    assert requests[0].state == "ended"
    assert letters("waiting_called_off") == ["0@example.org", "1@example.org"]


def test_a_visit_that_people_waited_for_is_called_off_not_removed(edition: Edition, alice: User) -> None:
    visit, requests = on_offer(edition)

    hosting.withdraw_visit(visit=visit, by=alice)

    visit.refresh_from_db()
    assert (visit.state, states(*requests)) == (VisitState.CANCELLED, ["ended", "ended"])


def test_more_seats_per_organisation_serve_the_line() -> None:
    edition = EditionFactory(seats_per_organisation=1)
    visit = VisitFactory(edition=edition)
    held_by("a@example.org", visit, organisation="WGC")
    request = wait(visit, organisation="WGC")
    Edition.objects.update(seats_per_organisation=2)

    offered = [waiting_time.serve_lines() for _twice in range(2)]

    assert (offered, states(request)) == ([1, 0], ["offered"])


# --- Forgetting ----------------------------------------------------------------------------------


def test_who_is_forgotten_leaves_the_line_to_the_next(edition: Edition) -> None:
    _visit, requests = on_offer(edition)

    forgetting.forget(email="0@example.org")

    requests[0].refresh_from_db()
    assert (requests[0].state, requests[0].name, states(*requests)) == ("left", "—", ["released", "offered"])


def test_seats_of_who_is_forgotten_are_offered(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=2)
    held_by("keeper@example.org", visit, seats=2, companions="Anna")
    request = wait(visit)

    forgetting.forget(email="keeper@example.org")

    assert (states(request), counts(visit)) == (["offered"], (0, 1))


def test_names_of_who_waited_go_after_a_year(edition: Edition) -> None:
    _visit, (request, _other) = on_offer(edition)
    WaitingRequest.objects.update(companions="Anna", access_needs=True)

    forgetting.forget_ended_before(edition.ends_on + dt.timedelta(days=1))

    request.refresh_from_db()
    assert (request.name, request.companions, request.access_needs) == ("—", "", False)
