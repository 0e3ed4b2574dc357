"""What a host does with its own link: put its texts right, add, move and call off visits.

The signed link is the right, as a visitor's is (docs/decisions/links.md): who calls these has read it. A host
writes until the edition is evaluated, and a visit until it begins; after the team's yes, the team is
told of what changes for visitors, and a further visit waits for its word.
"""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opendoors.enums import EditionState, HostState, VisitState
from opendoors.errors import HostingError
from opendoors.models import Host, Place, Visit
from opendoors.rules import hosting
from opendoors.rules.programme_data import HostData, PlaceData, VisitData
from opendoors.rules.team_letters import tell_team

VISITS_OF_A_HOST = 30


def why_not_editable(host: Host) -> str:
    """Why this host can no longer change what it said, in the reader's words; ``""`` when it can."""
    edition = host.edition
    if edition.state == EditionState.EVALUATED or timezone.localdate() > edition.ends_on:
        return str(_("This week is over: what you wrote stays as it is."))
    if host.state == HostState.REFUSED:
        return str(_("The team did not take this proposal. Answer its mail if you see it otherwise."))
    if host.state == HostState.WITHDRAWN:
        return str(_("You withdrew. Propose again to change what you wrote."))
    return ""


def why_not_movable(visit: Visit) -> str:
    """Why this visit can no longer change; ``""`` when it can."""
    if visit.state == VisitState.CANCELLED:
        return str(_("This visit was called off: add a new one instead."))
    return str(_("This visit has begun.")) if visit.starts_at <= timezone.now() else ""


@transaction.atomic
def edit_host(*, host: Host, data: HostData) -> Host:
    """Rewrite the texts. A new address of the contact gets a link of its own. Raises ``HostingError``."""
    host = _own(host)
    data = replace(data, contact_email=data.contact_email.strip().lower())
    if not data.contact_email:
        raise HostingError(_("Write the contact's address: your link goes there."), field="contact_email")
    name = host.name
    host = hosting.edit_host(host=host, data=data, by=None)
    if host.state == HostState.ACCEPTED and host.name != name:
        tell_team(host, "renamed", before=name)
    return host


@transaction.atomic
def edit_place(*, host: Host, place: Place, data: PlaceData) -> Place:
    """Rewrite a place; who booked there is told of a new address, and so is the team. Raises ``HostingError``."""
    host = _own(host)
    if place.host_id != host.pk:
        raise HostingError(_("This place belongs to another host."), field="place")
    before = Place.objects.get(pk=place.pk).address
    place = hosting.edit_place(place=place, data=data, by=None)
    if host.state == HostState.ACCEPTED and place.address != before:
        tell_team(host, "place", before=before)
    return place


@transaction.atomic
def add_visit(*, host: Host, place: Place, data: VisitData) -> Visit:
    """One visit more, for the team to accept. Raises ``HostingError``."""
    host = _own(host)
    if data.starts_at <= timezone.now():
        raise HostingError(_("This moment is over. Choose a later one."), field="starts_at")
    if host.visits.count() >= VISITS_OF_A_HOST:
        raise HostingError(_("That is as many visits as one host can have. Call the team."))
    visit = hosting.add_visit(host=host, place=place, data=data, by=None, is_proposal=True)
    if host.state == HostState.ACCEPTED:
        tell_team(host, "visit_new", visit=str(visit.uuid))
    return visit


@transaction.atomic
def edit_visit(*, visit: Visit, place: Place, data: VisitData, may_end_waiting: bool = True) -> Visit:
    """Rewrite a visit that has not begun; when it moves, who booked and the team are told. Raises ``HostingError``.

    ``may_end_waiting`` as in ``hosting.edit_visit``.
    """
    host = _own(visit.host)
    _refuse_begun(visit)
    if data.starts_at <= timezone.now():
        raise HostingError(_("This moment is over. Choose a later one."), field="starts_at")
    before = Visit.objects.get(pk=visit.pk)
    changed = hosting.edit_visit(visit=visit, place=place, data=data, by=None, may_end_waiting=may_end_waiting)
    if changed.state == VisitState.PLANNED and changed.sequence > before.sequence:
        tell_team(host, "visit_moved", visit=str(visit.uuid), before=before.starts_at.isoformat())
    return changed


@transaction.atomic
def call_off(*, visit: Visit) -> int:
    """Call a visit off that has not begun; returns how many people are told. Raises ``HostingError``."""
    host = _own(visit.host)
    _refuse_begun(visit)
    was_planned = visit.state == VisitState.PLANNED
    starts_at = visit.starts_at.isoformat()
    told = hosting.withdraw_visit(visit=visit, by=None)
    if was_planned:
        tell_team(host, "visit_off", before=starts_at, told=told)
    return told


def _own(host: Host) -> Host:
    """The host as it is now. Raises ``HostingError`` with the reason for which it can no longer change."""
    fresh = Host.objects.select_related("edition__basin").get(pk=host.pk)
    if reason := why_not_editable(fresh):
        raise HostingError(reason)
    return fresh


def _refuse_begun(visit: Visit) -> None:
    if reason := why_not_movable(Visit.objects.get(pk=visit.pk)):
        raise HostingError(reason)
