"""A mail of ours came back: it is marked as failed, the history of its ticket says so, and a colleague is told."""

from __future__ import annotations

from collections.abc import Iterable

from basins.models import User
from core import mail as outbox
from core.mail.inbound import InboundMail
from core.models import OutboxMessage
from helpdesk import queries
from helpdesk.enums import EventKind
from helpdesk.models import Message, Ticket
from helpdesk.rules.log import note_event
from helpdesk.rules.mail_words import identifier, without_numbers
from helpdesk.rules.overdue import answering

KIND = "helpdesk.came_back"
DELAYED, CAME_BACK = "delayed", "came back"


def came_back(mail: InboundMail) -> str:
    """Note what a bounce says. Gives what became of it, "" where it speaks of no mail of ours.

    A ticket stays where it is: that nobody was reached is no word of who asked. A delay is no failure.
    """
    rows = OutboxMessage.objects.filter(message_id__in=mail.about)
    message = rows.order_by("pk").first()
    if message is None:
        return ""
    if not mail.failed:
        return DELAYED
    failed = mail.failed[0]
    said = without_numbers(" ".join(filter(None, [failed.status, failed.said])))
    if not outbox.came_back(message, said=said):
        return CAME_BACK  # known already: some servers say so twice
    ticket = queries.ticket_of_mails([identifier(message.message_id)])
    if ticket is not None:
        note_event(ticket, EventKind.BOUNCED, by=None, after=failed.status, note=said)
        _tell(ticket, message)
    return CAME_BACK


def _tell(ticket: Ticket, message: OutboxMessage) -> None:
    """Who has the ticket, else who wrote the answer, else all who answer in its basin."""
    for user in _to_be_told(ticket, message):
        outbox.post(
            KIND,
            to=user.email,
            language=user.language,
            params={"ticket": str(ticket.uuid)},
            key=f"{KIND}:{message.uuid}:{user.pk}",
            scope=ticket.basin.code,
        )


def _to_be_told(ticket: Ticket, message: OutboxMessage) -> Iterable[User]:
    said = Message.objects.filter(message_id=message.message_id).select_related("author").first()
    for user in (ticket.assignee, said.author if said is not None else None):
        if user is not None and user.is_active:
            return [user]
    return answering(ticket.basin)
