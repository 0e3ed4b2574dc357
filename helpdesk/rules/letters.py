"""Which letter goes out when; what it says stands in ``helpdesk/emails.py``. In the transaction of the change."""

from __future__ import annotations

from core import mail
from helpdesk.models import Message, SentLetter, Ticket

RECEIVED, ANSWER = "helpdesk.received", "helpdesk.answer"
HANDED_OVER, CLOSED, DID_IT_HELP = "helpdesk.handed_over", "helpdesk.closed", "helpdesk.did_it_help"


def received(ticket: Ticket) -> None:
    """The question has come in, with the link to its page."""
    _post(RECEIVED, ticket, key=f"{RECEIVED}:{ticket.uuid}")


def answer(message: Message) -> str:
    """What the helpdesk says. Returns the mail's Message-ID, "" where there is no address."""
    return _post(ANSWER, message.ticket, key=f"{ANSWER}:{message.uuid}", message=str(message.uuid))


def handed_over(ticket: Ticket, *, before: str) -> None:
    """Another helpdesk goes on with it."""
    number = ticket.events.count()
    _post(HANDED_OVER, ticket, key=f"{HANDED_OVER}:{ticket.uuid}:{number}", before=before)


def closed(ticket: Ticket, *, words: str) -> None:
    """It ended without an answer that says so itself."""
    number = ticket.events.count()
    _post(CLOSED, ticket, key=f"{CLOSED}:{ticket.uuid}:{number}", words=words)


def did_it_help(ticket: Ticket) -> bool:
    """Some time after: did it help? One per ticket, whatever comes later. False: asked before."""
    return bool(_post(DID_IT_HELP, ticket, key=f"{DID_IT_HELP}:{ticket.uuid}"))


def _post(kind: str, ticket: Ticket, *, key: str, **params: str) -> str:
    asker = ticket.asker
    if not asker.email:
        return ""
    row = mail.post(
        kind,
        to=asker.email,
        language=asker.language,
        params={"ticket": str(ticket.uuid), **params},
        key=key,
        scope=ticket.basin.code,
    )
    if row is None:
        return ""
    SentLetter.objects.create(ticket=ticket, kind=kind, message_id=row.message_id)
    return row.message_id
