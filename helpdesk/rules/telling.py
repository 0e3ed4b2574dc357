"""What a partner hears of the tickets that its own key made: that something happened, never what was said.

In the transaction of the change. What was answered is read through the API, where the key is asked again.
"""

from __future__ import annotations

from basins.rules.keys import owner_of
from core import webhooks
from helpdesk.models import Ticket

ANSWERED, ASKED_BACK = "ticket.answered", "ticket.asked_back"
CLOSED, HANDED_OVER = "ticket.closed", "ticket.handed_over"


def tell(kind: str, ticket: Ticket, **more: str) -> None:
    """Nothing where no partner made the ticket. One query, two where somebody wants to know."""
    if ticket.key is None:
        return
    data = {
        "id": str(ticket.uuid),
        "code": ticket.code,
        "state": str(ticket.state),
        "basin": ticket.basin.code,
        "outcome": str(ticket.outcome),
        **more,
    }
    webhooks.post(kind, owner=owner_of(ticket.key), data=data)
