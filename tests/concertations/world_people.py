"""Rows for the pages around people, for the walk through the site in both languages."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils import timezone

from concertations import queries_registrations as queries
from concertations.enums import SeriesKind
from concertations.models import Meeting, Membership, Registration
from concertations.rules.memberships import register_members
from core import signing
from tests.concertations.community_tools import cycle_of
from tests.concertations.factories import ParticipantFactory, RegistrationFactory, SeriesFactory

# By what their addresses are made of.
BY_LINK = ("mine", "confirm", "certificate", "add_paper", "commit", "leave", "offer", "change", "give_back", "here")
BY_MEETING = ("register", "staff_registrations", "staff_register", "staff_give_back", "staff_invite", "staff_presence")
BY_SERIES = ("staff_roster",)
BY_CYCLE = ("apply", "staff_cycles", "staff_cycle_new", "staff_cycle", "staff_cycle_edit", "staff_member_new")
PAGES_WITH_ROWS = (*BY_LINK, *BY_MEETING, "staff_at_door", *BY_SERIES, *BY_CYCLE)


def people_of(meeting: Meeting) -> dict[str, Any]:
    """Who comes to a meeting, who waits; a community with a moderator and somebody who must still commit."""
    now = timezone.now()
    until = now + dt.timedelta(hours=20)
    coming = RegistrationFactory(meeting=meeting, **_who(meeting, "An"), presence="present", **_seen(now))
    offered = RegistrationFactory(meeting=meeting, **_who(meeting, "Bo"), state="offered", offered_until=until)
    held = RegistrationFactory(meeting=meeting, **_who(meeting, "Cé"), held_until=until)
    Meeting.objects.filter(pk=meeting.pk).update(seats_taken=4)
    group = SeriesFactory(slug="communaute", kind=SeriesKind.COMMUNITY, theme=None, name_fr="Groupe", name_nl="Groep")
    cycle = cycle_of(group, name="1", call_fr="Oui.", call_nl="Ja.", commitment_fr="Oui.", commitment_nl="Ja.")
    states = {"moderator_place": 1, "committed_at": now}
    lead, fresh = (
        Membership.objects.create(
            cycle=cycle, participant=ParticipantFactory(series=group, name=name), state="accepted", **more
        )
        for name, more in (("Do", states), ("El", {}))
    )
    register_members(cycle)
    of_meeting = {"slug": meeting.series.slug, "meeting": meeting.uuid, "reference": coming.reference}
    of_cycle = {"slug": group.slug, "cycle": cycle.uuid}
    found: dict[str, Any] = dict.fromkeys((*BY_MEETING, "staff_at_door", *BY_SERIES), of_meeting)
    found |= dict.fromkeys(BY_CYCLE, of_cycle)
    found |= {name: _link(coming) for name in ("mine", "change", "give_back", "certificate")}
    found |= {"confirm": _link(held), "offer": _link(offered), "here": {"token": _door(meeting)}}
    found["add_paper"] = {"token": queries.mine_token(lead.participant)}
    found |= {
        name: {"token": queries.mine_token(row.participant), "cycle": cycle.uuid}
        for name, row in (("commit", fresh), ("leave", lead))
    }
    return {f"concertations:{name}": values for name, values in found.items()}


def _who(meeting: Meeting, name: str) -> dict[str, Any]:
    return {"participant": ParticipantFactory(series=meeting.series, name=name)}


def _seen(now: dt.datetime) -> dict[str, Any]:
    return {"presence_at": now, "presence_by": "staff"}


def _link(row: Registration) -> dict[str, str | UUID]:
    return {"token": queries.mine_token(row.participant), "reference": row.reference}


def _door(meeting: Meeting) -> str:
    return signing.make_token(queries.DOOR_LINK, meeting.uuid)
