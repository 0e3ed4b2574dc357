"""A ticket waits for who asked: the basin's clock stands still until they reply, or a colleague goes on."""

from __future__ import annotations

from django.db import transaction

from basins.models import User
from helpdesk.enums import TicketState
from helpdesk.errors import TicketClosed
from helpdesk.models import Ticket
from helpdesk.rules.log import locked, refuse_erased, refuse_stranger, step
from helpdesk.rules.targets import due_of


@transaction.atomic
def wait(*, ticket: Ticket, by: User) -> Ticket:
    """Note that one waits, e.g. after a call that nobody took; nothing is written to who asked.

    Locks the ticket. Raises ``NotYours``, ``TicketClosed``, ``StepRefused``.
    """
    return _move(ticket, TicketState.WAITING, by)


@transaction.atomic
def go_on(*, ticket: Ticket, by: User) -> Ticket:
    """Note that one waits no longer; the clock runs again. Locks the ticket. Raises as :func:`wait`."""
    return _move(ticket, TicketState.OPEN, by)


def _move(ticket: Ticket, state: TicketState, by: User) -> Ticket:
    row = locked(ticket)
    refuse_stranger(row, by)
    refuse_erased(row)
    if row.is_closed:
        raise TicketClosed
    step(row, state, by=by)
    row.due_at = due_of(row)
    row.save()
    return row
