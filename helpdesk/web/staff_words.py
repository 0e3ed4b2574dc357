"""How the desk's pages say where a ticket stands and how much time is left, in the reader's language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core import spoken
from core.templatetags.look import level
from helpdesk.enums import ON_THE_DESK, TicketState
from helpdesk.models import Ticket
from helpdesk.rules.clock import DAY_MINUTES, due_at, is_running, working_minutes

SOON_MINUTES = 120  # what has less left is marked


@dataclass(frozen=True, slots=True)
class Left:
    """The time left of a ticket: words, "bad", "warn" or "", an icon, the level of what has gone by."""

    words: str
    kind: str = ""
    icon: str = ""
    level: str = ""
    until: str = ""


def working_span(minutes: int) -> str:
    """``45 minutes``, ``3 h 05``, ``2 working days 3 h``: working time, of which a day has eight hours."""
    days, rest = divmod(max(0, minutes), DAY_MINUTES)
    if not days:
        return spoken.duration(dt.timedelta(minutes=rest))
    said = ngettext("%(number)d working day", "%(number)d working days", days) % {"number": days}
    hours = rest // 60
    return f"{said} {spoken.duration(dt.timedelta(hours=hours))}" if hours else said


def left_of(ticket: Ticket, now: dt.datetime | None = None) -> Left:
    """How much working time is left until the answer is due, or by how much it is late."""
    now = now or timezone.now()
    if ticket.state == TicketState.WAITING:
        return Left(_("The clock stands still"), icon="clock")
    if ticket.due_at is None or ticket.state not in ON_THE_DESK:
        return Left("")
    until = f"{spoken.short_date(ticket.due_at)}, {spoken.hour(ticket.due_at)}"
    if ticket.due_at <= now:
        late = working_minutes(ticket.due_at, now)
        words = _("%(span)s late") % {"span": working_span(late)} if late else _("Late")
        return Left(words, "bad", "warn", "v10", until)
    left = working_minutes(now, ticket.due_at)
    gone = working_minutes(ticket.received_at, now)
    kind, icon = ("warn", "clock") if left <= SOON_MINUTES else ("", "")
    words = _("%(span)s left") % {"span": working_span(left)} if left else _("Due now")
    return Left(words, kind, icon, level(gone, gone + left), until)


def state_of(ticket: Ticket) -> str:
    """The state as colleagues say it."""
    words = {
        TicketState.NEW: pgettext("ticket", "new"),
        TicketState.OPEN: pgettext("ticket", "in progress"),
        TicketState.WAITING: pgettext("ticket", "waits for who asked"),
        TicketState.ANSWERED: pgettext("ticket", "answered"),
        TicketState.CLOSED: pgettext("ticket", "closed"),
    }
    return words[TicketState(ticket.state)]


def clock_line(now: dt.datetime | None = None) -> tuple[bool, str]:
    """Whether the clock runs, and a sentence that says until or from when."""
    now = now or timezone.now()
    if is_running(now):
        return True, _("The clock runs until 5 p.m.")
    opens = due_at(now, 1)
    at = opens - dt.timedelta(minutes=1) if opens is not None else now
    return False, _("The clock stands still until %(moment)s.") % {"moment": spoken.moment(at)}
