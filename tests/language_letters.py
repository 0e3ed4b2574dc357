"""What makes the letters to hosts, and about them, go out; for the walk through all letters in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from opendoors.enums import EditionState, HostState, VisitState
from opendoors.models import Edition, Host, Visit
from opendoors.rules import by_host, hosting, validating
from opendoors.rules.programme_data import HostData, PlaceData, VisitData
from opendoors.rules.team_letters import tell_team
from tests.language_world import World
from tests.opendoors.factories import VisitFactory

NOTE = "12345"  # a word of the team is in the team's own language


def a_host(world: World) -> Host:
    """A host of the world, read in the language that is active."""
    Host.objects.update(contact_language=get_language())
    return Host.objects.select_related("edition__basin").get(pk=world.visits[0].host_id)


def waiting_host(world: World) -> Host:
    host = a_host(world)
    Host.objects.filter(pk=host.pk).update(state=HostState.PROPOSED)
    return Host.objects.select_related("edition__basin").get(pk=host.pk)


def proposed_visit(world: World) -> Visit:
    host = a_host(world)
    made: Visit = VisitFactory(
        edition=host.edition, host=host, day=4, begin="17:00", end="18:30", state=VisitState.PROPOSED
    )
    return made


def answer_the_call(world: World) -> None:
    now = timezone.now()
    Edition.objects.filter(slug="in-call").update(
        state=EditionState.CALL, call_opens_at=now - dt.timedelta(days=1), call_closes_at=now + dt.timedelta(days=1)
    )
    edition = Edition.objects.get(slug="in-call")
    known = world.visits[0]
    later = edition.starts_on - known.edition.starts_on
    validating.propose(
        edition=edition,
        data=HostData(
            name=known.host.name,
            description_fr="Bienvenue",
            contact_name="Chantal",
            contact_email="chantal@example.org",
            contact_language=str(get_language()),
        ),
        place=PlaceData(),
        visits=[
            VisitData(starts_at=known.starts_at + later, ends_at=known.ends_at + later, seats=5, languages=("fr", "nl"))
        ],
    )


def give_another_contact(world: World) -> None:
    host = a_host(world)
    Host.objects.filter(pk=host.pk).update(contact_email="before@example.org")
    data = {name: getattr(host, name) for name in HostData.__dataclass_fields__}
    hosting.edit_host(host=host, data=HostData(**data | {"contact_email": "after@example.org"}), by=None)


def everything_a_host_does(world: World) -> None:
    host, visit = a_host(world), world.visits[0]
    data = VisitData(
        starts_at=visit.starts_at + dt.timedelta(minutes=15),
        ends_at=visit.ends_at,
        seats=visit.seats,
        languages=("fr",),
    )
    by_host.edit_visit(visit=visit, place=visit.place, data=data)
    by_host.call_off(visit=visit)
    for what in ("again", "withdrawn", "proposed"):
        tell_team(host, what, told=2)
    tell_team(host, "renamed", before=host.name)
    tell_team(host, "place", before="1040")
    tell_team(host, "visit_new", visit=str(visit.uuid))


HOST_LETTERS: dict[str, Callable[[World], Any]] = {
    "opendoors.host_proposed": answer_the_call,
    "opendoors.host_link": lambda world: validating.send_link(host=a_host(world), by=None),
    "opendoors.host_contact_changed": give_another_contact,
    "opendoors.host_accepted": lambda world: validating.accept(host=waiting_host(world), by=None, note=NOTE),
    "opendoors.host_changes": lambda world: validating.ask_change(host=waiting_host(world), by=None, note=NOTE),
    "opendoors.host_refused": lambda world: validating.refuse(host=waiting_host(world), by=None, note=NOTE),
    "opendoors.host_withdrawn": lambda world: validating.withdraw(host=a_host(world), by=None),
    "opendoors.host_visit_accepted": lambda world: validating.accept_visit(visit=proposed_visit(world), by=None),
    "opendoors.host_visit_refused": lambda world: validating.refuse_visit(
        visit=proposed_visit(world), by=None, note=NOTE
    ),
    "opendoors.team_host": everything_a_host_does,
}
