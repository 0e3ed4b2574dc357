"""Mails for the helpdesk's tests."""

from __future__ import annotations

from core.mail.inbound.taking import take
from core.models import OutboxMessage
from helpdesk.models import SentLetter, Ticket

DESK_FR, DESK_NL = "info@bassin-sud-est.brussels", "info@zorgzone-zuid-oost.brussels"
WORDS = "Bonjour, qui peut passer chez une dame qui ne sort plus de chez elle ?"


def raw(
    body: str = WORDS,
    *,
    sender: str = "Nele <nele@example.org>",
    to: str = DESK_FR,
    subject: str = "Aide à domicile",
    name: str = "1@example.org",
    **headers: str,
) -> bytes:
    """A mail; ``headers`` with an underscore for the hyphen: ``In_Reply_To="<…>"``."""
    lines = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Message-ID": f"<{name}>",
        "Date": "Mon, 2 Mar 2026 10:12:00 +0100",
        "Content-Type": "text/plain; charset=utf-8",
        **{key.replace("_", "-"): value for key, value in headers.items()},
    }
    head = "\r\n".join(f"{key}: {value}" for key, value in lines.items() if value)
    return f"{head}\r\n\r\n{body}\r\n".encode()


def receive(body: str = WORDS, *, mailbox: str = "", **values: str) -> str:
    """Take a mail in as the clock does; gives what became of it."""
    return take(raw(body, **values), channel="imap", mailbox=mailbox)


def letter_of(ticket: Ticket, kind: str = "helpdesk.received") -> OutboxMessage:
    """The row of a letter that went out about a ticket."""
    sent = SentLetter.objects.filter(ticket=ticket, kind=kind).get()
    return OutboxMessage.objects.get(message_id=sent.message_id)


def bounce(about: str, *, action: str = "failed", status: str = "5.1.1", said: str = "550 unknown user") -> bytes:
    """What a mail server says about the mail of that Message-ID."""
    return f"""From: MAILER-DAEMON@mx.example.org
To: noreply@localhost
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-{action}@mx.example.org>
Date: Mon, 2 Mar 2026 10:12:00 +0100
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="dsn"

--dsn
Content-Type: text/plain

It did not work.
--dsn
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; nele@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--dsn
Content-Type: text/rfc822-headers

Message-ID: {about}

--dsn--
""".replace("\n", "\r\n").encode()
