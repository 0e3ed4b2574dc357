"""What makes each letter of the waiting list go out, for the walk through all letters in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import time_machine
from django.utils import timezone
from django.utils.translation import get_language

from core.mail import deliver_due
from opendoors.enums import WishState
from opendoors.models import GROUP_AT_MOST, Visit, Visitor, WaitingRequest, Wish
from opendoors.rules import addresses, hosting, signing_up, waiting_time
from opendoors.rules.programme_data import VisitData
from tests.language_world import World


def nothing(_world: World) -> None:
    """The world has it already: an offer is out, and somebody stands in line behind."""


def lapse(world: World) -> None:
    """Nobody answers the offer."""
    with time_machine.travel(timezone.now() + dt.timedelta(days=3)):
        waiting_time.expire_offers(now=timezone.now())
        deliver_due()


def end(world: World) -> None:
    """The visit is too near for any seat to be offered."""
    with time_machine.travel(world.visits[3].starts_at - dt.timedelta(hours=1)):
        waiting_time.end_lines(now=timezone.now())
        deliver_due()


def move(world: World) -> None:
    """The visit waited for begins later."""
    visit = world.visits[3]
    times = {"starts_at": visit.starts_at + dt.timedelta(minutes=15), "ends_at": visit.ends_at}
    data = VisitData(**times, seats=visit.seats, languages=tuple(visit.languages))
    hosting.edit_visit(visit=visit, place=visit.place, data=data, by=None)


def shrink(world: World) -> None:
    """The visit has fewer seats than a group waits for."""
    visit = world.visits[3]
    WaitingRequest.objects.filter(wishes__visit=visit).update(seats=GROUP_AT_MOST)
    Wish.objects.filter(visit=visit).update(state=WishState.WAITING)
    Visit.objects.filter(pk=visit.pk).update(seats=GROUP_AT_MOST, seats_held=0, seats_taken=0)
    times = {"starts_at": visit.starts_at, "ends_at": visit.ends_at}
    data = VisitData(**times, seats=1, languages=tuple(visit.languages))
    hosting.edit_visit(visit=visit, place=visit.place, data=data, by=None)


def release(world: World) -> None:
    """Nobody confirms an address in time."""
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        addresses.release_unconfirmed(now=timezone.now())
        deliver_due()


def confirm(_world: World) -> None:
    """Somebody who booked without signing in shows that the address is theirs."""
    visitor = Visitor.objects.get(email="twee@example.org")
    addresses.confirm(visitor=visitor, by=None)


def sign_up(world: World) -> None:
    """Booked and waited for in one go, by who is not signed in; the visits are those the world has already."""
    free, full = world.visits[5], world.visits[0]
    Visit.objects.filter(pk=full.pk).update(seats=1, seats_taken=1, seats_held=0)
    who: dict[str, Any] = {"name": "Bo", "email": "bo@example.org", "language": get_language()}
    signing_up.sign_up(visits=[free.uuid], waits=[full.uuid], wanted=1, seats=1, by=None, **who)


WAITING_LETTERS: dict[str, Callable[[World], Any]] = {
    "opendoors.waiting_joined": nothing,
    "opendoors.booked_and_waiting": sign_up,
    "opendoors.address_confirmed": confirm,
    "opendoors.seat_offered": nothing,
    "opendoors.offer_lapsed": lapse,
    "opendoors.waiting_ended": end,
    "opendoors.waiting_called_off": lambda world: hosting.cancel_visit(visit=world.visits[3], by=None),
    "opendoors.waiting_moved": move,
    "opendoors.waiting_too_large": shrink,
    "opendoors.unconfirmed_released": release,
}
