"""What the helpdesk's tests do again and again."""

from __future__ import annotations

from typing import Any

from django.core import mail

from core.mail import deliver_due
from helpdesk.enums import Channel
from helpdesk.models import Ticket
from helpdesk.rules import asking
from helpdesk.rules.asking import AskerData, RequestData

WORDS = "Un couple âgé ne peut plus sortir et cherche un soutien psychologique. Qui vient à domicile ?"


def ask(body: str = WORDS, *, channel: Channel = Channel.WEB, **more: Any) -> Ticket:
    """Nele, a nurse who reads Dutch unless said otherwise, asks for somebody in 1040."""
    person: dict[str, Any] = {"name": "Nele", "email": "nele@example.org", "language": "nl", "profession": "nurse"}
    person |= {name: more.pop(name) for name in AskerData.__dataclass_fields__ if name in more}
    what: dict[str, Any] = {"body": body, "postcode": "1040"}
    what |= {name: more.pop(name) for name in RequestData.__dataclass_fields__ if name in more}
    return asking.ask(asker=AskerData(**person), request=RequestData(**what), channel=channel, **more)


def letters() -> list[Any]:
    """Deliver what is due, and give all that went out."""
    deliver_due()
    return list(mail.outbox)
