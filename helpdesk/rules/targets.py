"""Until when a ticket should have its answer: in working hours, after the target of the basin it is with."""

from __future__ import annotations

import datetime as dt

from helpdesk.enums import FROM_THE_DESK, ON_THE_DESK, MessageKind, TicketState
from helpdesk.models import ServiceTarget, Ticket
from helpdesk.rules import clock

FIRST_HOURS, REPLY_HOURS = 8, 16  # one working day and two, where a basin set no target of its own


def due_of(ticket: Ticket) -> dt.datetime | None:
    """When the next answer is due; ``None`` for what is not on the desk.

    A first answer counts from the moment the ticket came, whichever basin has it now; a further one from the
    asker's first word that nobody answered yet. While the ticket waited for its asker the clock stood still.
    """
    if TicketState(ticket.state) not in ON_THE_DESK:
        return None
    target = ServiceTarget.objects.filter(basin=ticket.basin_id).first()
    since, hours = ticket.received_at, target.first_answer_hours if target else FIRST_HOURS
    if ticket.first_answered_at is not None:
        since, hours = _waits_since(ticket), target.reply_hours if target else REPLY_HOURS
    pauses = list(ticket.pauses.values_list("started_at", "ended_at"))
    return clock.due_at(since, hours * 60, pauses)


def _waits_since(ticket: Ticket) -> dt.datetime:
    """The asker's first word after the desk's last one."""
    answered = ticket.messages.filter(kind__in=FROM_THE_DESK).order_by("-said_at", "-pk").first()
    asked = ticket.messages.filter(kind=MessageKind.FROM_ASKER)
    if answered is not None:
        asked = asked.filter(said_at__gte=answered.said_at)
    first = asked.order_by("said_at", "pk").first()
    return first.said_at if first is not None else ticket.received_at
