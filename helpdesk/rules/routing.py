"""Which basin a ticket is with: that of the beneficiary's place, with the reason; put right, or handed over.

A postcode answers with candidates (`basins.rules.routing`): the main one is taken, and a person may say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from basins.models import Basin, Municipality, User
from basins.rules import routing as territory
from basins.rules.privacy import refuse_national_numbers
from helpdesk.enums import EventKind, RoutingReason, TicketState
from helpdesk.errors import PlaceMissing, PlaceUnknown, StepRefused, TicketClosed, TicketInvalid
from helpdesk.models import Ticket
from helpdesk.rules import letters, telling
from helpdesk.rules.log import locked, note_event, refuse_erased, refuse_stranger, step
from helpdesk.rules.targets import due_of


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a request goes, and why."""

    basin: Basin
    municipality: Municipality | None
    reason: RoutingReason


def route(*, postcode: str, chosen: Basin | None, page: Basin | None = None) -> Routed:
    """The basin for a place. ``chosen`` by the asker wins; ``page`` is that of the site, where the place tells nothing.

    Raises ``PlaceUnknown``, ``PlaceMissing``.
    """
    found = _candidates(postcode)
    basins = [each for each in found if each.basin is not None]
    first = basins[0] if basins else None
    if chosen is not None:
        match = next((each for each in basins if each.basin == chosen), None)
        place = match or (found[0] if found else None)
        if match is not None and match is first:
            return _of_place(match.basin, match.municipality, alone=len(found) == 1)
        return Routed(chosen, place.municipality if place else None, RoutingReason.CHOSEN)
    if first is not None and (first.is_main or len(found) == 1):
        return _of_place(first.basin, first.municipality, alone=len(found) == 1)
    if page is not None:
        place = next((each for each in found if each.basin == page), found[0] if found else None)
        return Routed(page, place.municipality if place else None, RoutingReason.PAGE)
    raise PlaceMissing


def _candidates(postcode: str) -> list[territory.Candidate]:
    try:
        return territory.candidates(postcode) if postcode.strip() else []
    except territory.UnknownPostcode as error:
        raise PlaceUnknown(error.message, field="postcode") from error


def _of_place(basin: Basin | None, municipality: Municipality, *, alone: bool) -> Routed:
    if basin is None:
        raise PlaceMissing
    return Routed(basin, municipality, RoutingReason.ONLY if alone else RoutingReason.MAIN)


@transaction.atomic
def hand_over(*, ticket: Ticket, basin: Basin, note: str = "", by: User) -> Ticket:
    """Give a ticket to another basin's helpdesk, with its thread and history; it is new there, and the asker is told.

    ``note`` is for the colleagues there and stays in the history. From then on the helpdesk that gave it reads it no
    more. Locks the ticket. Raises ``NotYours``, ``TicketClosed``, ``StepRefused``.
    """
    row = locked(ticket)
    refuse_stranger(row, by)
    _refuse_same(row, basin)
    refuse_national_numbers(note=note)
    before = row.basin.code
    _move(row, basin, by=by)
    row.routing = RoutingReason.HANDED_OVER
    row.save()
    note_event(row, EventKind.HANDED_OVER, by=by, before=before, after=basin.code, note=note.strip())
    letters.handed_over(row, before=before)
    telling.tell(telling.HANDED_OVER, row, before=before)
    return row


@transaction.atomic
def reroute(*, ticket: Ticket, postcode: str, basin: Basin | None, by: User | None) -> Ticket:
    """Put the beneficiary's place right, and with it the basin: by staff, or (``by`` None) by who asked.

    ``basin`` None: the one that the postcode says. The asker does so until somebody took the ticket in hand. Locks the
    ticket. Raises ``NotYours``, ``PlaceUnknown``, ``PlaceMissing``, ``TicketClosed``, ``StepRefused``.
    """
    row = locked(ticket)
    refuse_stranger(row, by)
    _refuse_closed(row)
    if by is None and row.state != TicketState.NEW:
        raise StepRefused(_("The helpdesk is working on it already. Say in a reply where the person lives."))
    routed = route(postcode=postcode, chosen=basin, page=row.basin)
    before = row.basin.code
    if routed.basin != row.basin:
        _move(row, routed.basin, by=by)
    row.postcode, row.municipality = postcode.strip(), routed.municipality
    row.routing = routed.reason if by is None else RoutingReason.CORRECTED
    row.due_at = due_of(row)
    row.save()
    note_event(row, EventKind.ROUTED, by=by, before=before, after=routed.basin.code)
    if routed.basin.code != before:
        if by is not None:
            letters.handed_over(row, before=before)
        telling.tell(telling.HANDED_OVER, row, before=before)
    return row


def _refuse_closed(row: Ticket) -> None:
    refuse_erased(row)
    if row.is_closed:
        raise TicketClosed


def _refuse_same(row: Ticket, basin: Basin) -> None:
    _refuse_closed(row)
    if row.basin == basin:
        raise TicketInvalid(_("The ticket is with this basin already. Choose another one."), field="basin")


def _move(row: Ticket, basin: Basin, *, by: User | None) -> None:
    """New there, in nobody's hands."""
    if row.state != TicketState.NEW:
        step(row, TicketState.NEW, by=by)
    row.basin, row.assignee, row.answering_by, row.answering_until = basin, None, None, None
    row.due_at = due_of(row)
