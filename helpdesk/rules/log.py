"""What the rules of the helpdesk share: the lock of a ticket, its history, and who may act.

Every rule locks the ticket first; of two tickets the one with the lower key first. What hangs on a ticket is
written under its lock alone.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.people import NotYours
from core import checks
from helpdesk import access
from helpdesk.enums import TICKET_TRANSITIONS, EventKind, TicketState
from helpdesk.errors import StepRefused, TicketInvalid
from helpdesk.models import Ticket, TicketEvent, WaitingPause

logger = logging.getLogger(__name__)


def locked(ticket: Ticket) -> Ticket:
    """The ticket as it is now; nobody else changes it until the transaction ends."""
    return locked_all([ticket])[0]


def locked_all(tickets: Collection[Ticket]) -> list[Ticket]:
    """The same of several, locked by primary key and given back in the order asked for.

    Read once they are locked: a row that was waited for comes with what stood beside it before the wait.
    """
    keys = [ticket.pk for ticket in tickets]
    rows = Ticket.objects.filter(pk__in=keys).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    found = {
        row.pk: row
        for row in rows.select_related("basin", "asker", "assignee", "answering_by", "municipality", "merged_into")
    }
    return [found[ticket.pk] for ticket in tickets]


def refuse_stranger(ticket: Ticket, by: User | None) -> None:
    """Raise ``NotYours`` for somebody who does not answer for the ticket's basin. ``None``: a program."""
    if by is not None and not access.may_answer(by, ticket):
        raise NotYours(_("This ticket is not with your helpdesk."))


def refuse_erased(ticket: Ticket) -> None:
    """Raise ``StepRefused`` where the words of a ticket are gone: nothing can follow on them."""
    if ticket.anonymised_at is not None:
        raise StepRefused(_("The words of this ticket were erased, as promised. Ask anew."))


def note_event(
    ticket: Ticket, kind: EventKind, *, by: User | None, before: str = "", after: str = "", note: str = ""
) -> TicketEvent:
    """One row of the history."""
    return TicketEvent.objects.create(ticket=ticket, kind=kind, by=by, before=before, after=after, note=note[:300])


def step(ticket: Ticket, state: TicketState, *, by: User | None, now: dt.datetime | None = None) -> None:
    """Move a locked ticket on, note it, and begin or end the pause of its clock; does not save the ticket.

    Raises ``StepRefused`` for a step that the table does not know.
    """
    before = TicketState(ticket.state)
    if before == state:
        return
    if state not in TICKET_TRANSITIONS[before]:
        raise StepRefused(_("A ticket that is “%(state)s” cannot take this step.") % {"state": before.label})
    now = now or timezone.now()
    if before == TicketState.WAITING:
        WaitingPause.objects.filter(ticket=ticket, ended_at=None).update(ended_at=now)
    if state == TicketState.WAITING:
        WaitingPause.objects.create(ticket=ticket, started_at=now)
    if before == TicketState.CLOSED:
        ticket.closed_at, ticket.outcome = None, ""
    ticket.state = state
    note_event(ticket, EventKind.STATE, by=by, before=before, after=state)
    logger.info("ticket %s: %s → %s", ticket.code, before, state)


def check_row(row: Model, *, may_be_empty: Collection[str] = ()) -> None:
    """Fields, choices and the database's own constraints. Raises ``TicketInvalid`` naming the first field."""
    checks.check_row(row, refusal=TicketInvalid, may_be_empty=may_be_empty)
