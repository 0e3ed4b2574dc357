"""A mail of the outbox as its receiver gets it: read back from the bytes that were sent."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from core.models import OutboxMessage


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that came along."""

    number: int
    filename: str
    mimetype: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What a mail program would show."""

    sender: str
    to: str
    subject: str
    date: str
    message_id: str
    text: str
    html: str
    files: list[AttachedFile]


def read(row: OutboxMessage) -> ReadMail | None:
    """The mail of a row, ``None`` as long as the worker has not written it."""
    if row.rendered is None:
        return None
    mail = message_from_bytes(bytes(row.rendered), policy=default)
    assert isinstance(mail, EmailMessage)  # noqa: S101 - by the policy
    return ReadMail(
        sender=str(mail["From"]),
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        date=str(mail["Date"]),
        message_id=str(mail["Message-ID"]),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        files=[
            AttachedFile(number, part.get_filename() or f"{number}", part.get_content_type(), _bytes_of(part))
            for number, part in enumerate(mail.iter_attachments(), start=1)
        ],
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


def _bytes_of(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
