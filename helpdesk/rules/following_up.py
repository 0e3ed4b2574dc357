"""What the calendar does: asks whether the answer helped, and ends what nobody comes back to.

Worked out from the rows alone, so it may run twice or not for a day: each letter is one key of the outbox.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction

from helpdesk.enums import Outcome, TicketState
from helpdesk.models import Ticket
from helpdesk.rules import handling, letters
from helpdesk.rules.log import locked

logger = logging.getLogger(__name__)

ASK_AFTER = dt.timedelta(days=14)
ASK_WITHIN = dt.timedelta(days=28)  # later nobody remembers
QUIET_FOR = dt.timedelta(days=35)
BATCH = 200
ANSWERED_OUTCOMES = ("", Outcome.SOLVED, Outcome.REFERRED)


def ask_whether_it_helped(*, now: dt.datetime) -> int:
    """Write to who got the first answer two weeks ago and has not said; returns how many. Once per ticket."""
    due = Ticket.objects.filter(
        first_answered_at__lte=now - ASK_AFTER,
        first_answered_at__gt=now - ASK_WITHIN,
        helped="",
        state__in=[TicketState.ANSWERED, TicketState.CLOSED],
        outcome__in=ANSWERED_OUTCOMES,
        anonymised_at=None,
    ).exclude(asker__email="")
    asked = due.exclude(letters__kind=letters.DID_IT_HELP).select_related("basin", "asker").order_by("pk")
    written = 0
    for ticket in asked[:BATCH]:
        with transaction.atomic():
            written += letters.did_it_help(ticket)
    return written


def close_quiet(*, now: dt.datetime) -> int:
    """Close what was answered, or waits for its asker, and was not touched for five weeks; returns how many.

    What was answered ends as answered; of what waits, who asked is told, and a reply opens it again.
    """
    quiet = Ticket.objects.filter(
        state__in=[TicketState.ANSWERED, TicketState.WAITING], anonymised_at=None, modified__lt=now - QUIET_FOR
    )
    closed = 0
    for ticket in quiet.order_by("pk")[:BATCH]:
        closed += _close_if_quiet(ticket, now)
    return closed


@transaction.atomic
def _close_if_quiet(ticket: Ticket, now: dt.datetime) -> bool:
    row = locked(ticket)
    if row.state not in {TicketState.ANSWERED, TicketState.WAITING} or row.modified >= now - QUIET_FOR:
        return False
    outcome = Outcome.SOLVED if row.state == TicketState.ANSWERED else Outcome.SILENT
    handling.close(ticket=row, outcome=outcome, by=None)
    return True
