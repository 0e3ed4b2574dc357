"""The waiting list, until an offer: joining, and who is next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone, translation

from basins.models import PartnerKey
from basins.rules.people import NotYours
from opendoors.enums import VisitState
from opendoors.errors import (
    AlreadyWaiting,
    LineOver,
    SeatsFree,
    SignupClosed,
    VisitLimit,
    VisitsGone,
    WantedTooMany,
)
from opendoors.models import Edition, Visit, WaitingRequest
from opendoors.rules import booking as rules
from opendoors.rules import waiting
from tests.factories import basin
from tests.opendoors.booking_tools import book
from tests.opendoors.factories import EditionFactory, VisitFactory
from tests.opendoors.waiting_tools import (
    ask,
    counts,
    full,
    give_back,
    held_by,
    later,
    letters,
    states,
    wait,
    wish_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _still_clock_and_words_of_the_code() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 5, 13, 10, 0, tzinfo=dt.UTC), tick=False), translation.override(None):
        yield


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


# --- Joining -------------------------------------------------------------------------------------


def test_joining_writes_a_wish_per_visit_and_a_letter(edition: Edition) -> None:
    visits, _keepers = full(edition, 3)

    request = ask(*visits, wanted=2)

    assert (request.wanted, request.seats, states(request)) == (2, 1, ["waiting"] * 3)
    assert letters("waiting_joined") == ["eva@example.org"]


def test_who_could_book_does_not_wait(edition: Edition) -> None:
    free = VisitFactory(edition=edition)
    (occupied,), _keepers = full(edition)

    with pytest.raises(SeatsFree) as caught:
        ask(occupied, free, wanted=1)

    assert caught.value.free == [free]
    assert WaitingRequest.objects.count() == 0


def test_a_group_waits_where_it_does_not_fit(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=3)
    held_by("keeper@example.org", visit, seats=2)

    assert states(ask(visit, seats=2)) == ["waiting"]


def test_where_the_organisation_has_all_it_may_have_one_waits_although_there_are_seats() -> None:
    visit = VisitFactory(edition=EditionFactory(seats_per_organisation=1), seats=5)
    keeper = held_by("a@example.org", visit, organisation="WGC")
    request = wait(visit, email="b@example.org", organisation="wgc")
    before = states(request)

    give_back(keeper)

    assert (before, states(request)) == (["waiting"], ["offered"])


def test_one_stands_in_a_line_once(edition: Edition) -> None:
    (visit, other), _keepers = full(edition, 2)
    ask(visit)

    with pytest.raises(AlreadyWaiting) as caught:
        ask(visit, other)

    assert caught.value.extra["visits"] == [str(visit.uuid)]


@pytest.mark.parametrize("wanted", [0, 3])
def test_one_wants_no_more_than_one_can_make(edition: Edition, wanted: int) -> None:
    same_time = [VisitFactory(edition=edition, seats=1) for _ in range(2)]
    another = VisitFactory(edition=edition, seats=1, day=1)

    with pytest.raises(WantedTooMany) as caught:
        ask(*same_time, another, wanted=wanted)

    assert caught.value.extra["at_most"] == 2


def test_one_wants_no_more_than_the_edition_allows() -> None:
    visits, _keepers = full(EditionFactory(visits_per_visitor=1), 2)

    with pytest.raises(VisitLimit):
        ask(*visits, wanted=2)


def test_called_off_visits_have_no_line(edition: Edition) -> None:
    (visit,), _keepers = full(edition)
    Visit.objects.update(state=VisitState.CANCELLED)

    with pytest.raises(VisitsGone):
        ask(visit)


def test_a_visit_that_begins_soon_has_no_line(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, starts_at=later(hours=3), ends_at=later(hours=4), seats=1)
    held_by("keeper@example.org", visit)

    with pytest.raises(LineOver):
        ask(visit)


def test_when_sign_up_is_closed_nobody_joins(edition: Edition) -> None:
    (visit,), _keepers = full(edition)
    Edition.objects.update(signup_closes_at=timezone.now())

    with pytest.raises(SignupClosed):
        ask(visit)


def test_a_key_of_another_basin_joins_nothing(farid: PartnerKey) -> None:
    (visit,), _keepers = full(EditionFactory(basin=basin("nord")))

    with pytest.raises(NotYours):
        ask(visit, key=farid)


# --- Who is next ---------------------------------------------------------------------------------


def test_a_freed_seat_is_offered_to_the_first_in_line_and_to_nobody_else(edition: Edition) -> None:
    (visit,), keepers = full(edition)
    requests = [wait(visit, email=f"{n}@example.org") for n in range(3)]

    give_back(*keepers)

    assert states(*requests) == ["offered", "waiting", "waiting"]
    assert counts(visit) == (0, 1)
    assert letters("seat_offered") == ["0@example.org"]


def test_what_is_on_offer_cannot_be_booked(edition: Edition) -> None:
    (visit,), keepers = full(edition)
    wait(visit)
    give_back(*keepers)

    with pytest.raises(VisitsGone):
        book(visit)

    assert counts(visit) == (0, 1)


def test_a_group_does_not_keep_a_single_seat_idle(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=3)
    held_by("keeper@example.org", visit, seats=2)
    single = held_by("single@example.org", visit)
    group = wait(visit, email="group@example.org", seats=3)
    behind = wait(visit, email="behind@example.org")

    give_back(single)

    assert states(group, behind) == ["waiting", "offered"]


def test_several_seats_go_to_several_in_line(edition: Edition) -> None:
    (visit,), keepers = full(edition, seats=5)
    requests = [wait(visit, email=f"{n}@example.org", seats=seats) for n, seats in enumerate([2, 4, 1, 3, 2])]

    give_back(*keepers)

    assert states(*requests) == ["offered", "waiting", "offered", "waiting", "offered"]
    assert counts(visit) == (0, 5)


def test_the_organisation_s_limit_lets_the_next_one_pass() -> None:
    (visit,), keepers = full(EditionFactory(seats_per_organisation=2), seats=3)
    requests = [
        wait(visit, email="a@example.org", seats=2, organisation="WGC"),
        wait(visit, email="b@example.org", organisation="wgc"),
        wait(visit, email="c@example.org", organisation="Other"),
    ]

    give_back(*keepers)

    assert states(*requests) == ["offered", "waiting", "offered"]


def test_a_smaller_group_frees_a_seat(edition: Edition) -> None:
    (visit,), (keeper,) = full(edition, seats=3)
    request = wait(visit)

    rules.change(booking=keeper, visits=[visit.uuid], by=None, seats=2)

    assert (states(request), counts(visit)) == (["offered"], (2, 1))


def test_an_exchange_frees_a_seat(edition: Edition) -> None:
    (visit,), (keeper,) = full(edition)
    other = VisitFactory(edition=edition, day=2)
    request = wait(visit)

    rules.change(booking=keeper, visits=[other.uuid], by=None)

    assert states(request) == ["offered"]


def test_after_sign_up_the_line_runs_on(edition: Edition) -> None:
    (visit,), keepers = full(edition)
    request = wait(visit)
    Edition.objects.update(state="closed")

    give_back(*keepers)
    booked = waiting.accept(wish=wish_of(request), by=None)

    assert (booked.state, counts(visit)) == ("confirmed", (1, 0))
