"""Places in line of addresses nobody confirmed: passed over, ended, and giving way to whoever proves the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone, translation

from basins.models import PartnerKey, User
from core.models import OutboxMessage
from opendoors.emails.waiting import waiting_joined
from opendoors.errors import AlreadyWaiting
from opendoors.models import Edition
from opendoors.rules import addresses, waiting
from opendoors.rules import booking as rules
from tests.factories import UserFactory
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits
from tests.opendoors.waiting_tools import ask, held_by, letters, states, wait

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 13, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


def test_an_unconfirmed_place_in_line_is_passed_over_and_served_once_confirmed(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=2)
    keeper = held_by("keeper@example.org", visit, seats=2)
    unconfirmed = ask(visit, email="first@example.org")
    confirmed = wait(visit, email="second@example.org")

    rules.cancel(booking=keeper, by=None)
    before = states(unconfirmed, confirmed)
    addresses.confirm(visitor=unconfirmed.visitor, by=None)

    assert (before, states(unconfirmed, confirmed)) == (["waiting", "offered"], ["offered", "offered"])


def test_a_place_in_line_that_nobody_confirms_ends(edition: Edition, clock: Any) -> None:
    visit = VisitFactory(edition=edition, seats=1)
    held_by("keeper@example.org", visit)
    request = ask(visit)

    clock.shift(dt.timedelta(hours=24))
    addresses.release_unconfirmed(now=timezone.now())

    request.refresh_from_db()
    assert (request.state, states(request)) == ("ended", ["ended"])
    assert letters("unconfirmed_released") == ["eva@example.org"]


def test_who_is_signed_in_is_in_line_at_once(edition: Edition, eva: User) -> None:
    visit = VisitFactory(edition=edition, seats=1)
    held_by("keeper@example.org", visit)

    request = waiting.join(
        visits=[visit.uuid], wanted=1, seats=1, name="Eva", email="eva@example.org", language="fr", by=eva
    )

    assert not request.is_held


# --- A stranger's place in line ------------------------------------------------------------------


def test_a_place_in_line_that_a_stranger_asked_for_gives_way_to_who_is_signed_in(edition: Edition, eva: User) -> None:
    visit = VisitFactory(edition=edition, seats=8)
    held_by("keeper@example.org", visit, seats=8)
    typed = ask(visit, seats=3)

    request = ask(visit, seats=2, by=eva)

    typed.refresh_from_db()
    assert (typed.state, states(typed), states(request)) == ("left", ["released"], ["waiting"])
    assert not request.is_held
    (message,) = OutboxMessage.objects.filter(params__request=str(request.uuid))
    assert message.params["gave_way_in_line"] == [str(typed.wishes.get().uuid)]


def test_it_gives_way_to_a_partner_s_key(edition: Edition, farid: PartnerKey) -> None:
    visit = VisitFactory(edition=edition, seats=1)
    held_by("keeper@example.org", visit)
    typed = ask(visit)

    request = ask(visit, key=farid)

    assert (states(typed), states(request)) == (["released"], ["waiting"])


def test_only_the_same_lines_give_way_and_the_rest_waits_to_be_confirmed(edition: Edition, eva: User) -> None:
    visits = week_of_visits(edition, 3, seats=1)
    for number, visit in enumerate(visits):
        held_by(f"{number}@example.org", visit)
    typed = ask(*visits, wanted=3)

    ask(visits[1], by=eva)

    typed.refresh_from_db()
    assert (typed.state, typed.wanted, typed.is_held) == ("waiting", 2, True)
    assert states(typed) == ["waiting", "released", "waiting"]


def test_it_gives_way_neither_to_the_unproven_nor_once_it_is_confirmed(edition: Edition, eva: User) -> None:
    first, second = week_of_visits(edition, 2, seats=1)
    held_by("keeper@example.org", first, second)
    typed, confirmed = ask(first), wait(second, email="daan@example.org")

    with pytest.raises(AlreadyWaiting):
        ask(first)
    with pytest.raises(AlreadyWaiting):
        ask(second, email="daan@example.org", by=UserFactory(email="daan@example.org"))

    assert states(typed, confirmed) == ["waiting", "waiting"]


def test_the_letter_says_that_what_nobody_confirmed_gave_way(edition: Edition, eva: User) -> None:
    visit = VisitFactory(edition=edition, seats=1, host__name="GymSANA")
    held_by("keeper@example.org", visit)
    ask(visit)
    request = ask(visit, by=eva)

    params = OutboxMessage.objects.get(params__request=str(request.uuid)).params
    with translation.override("en"):
        letter = waiting_joined(params)
        plain = waiting_joined({"request": params["request"]})

    words = "Asked for before with your address and never confirmed; this request takes its place: GymSANA."
    assert letter is not None
    assert plain is not None
    assert (words in letter.context["notes"], words in plain.context["notes"]) == (True, False)
