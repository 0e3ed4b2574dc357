"""What is known of a mail once it is read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Who, or what, speaks in a mail."""

    MESSAGE = "message"
    AUTO_REPLY = "auto-reply"  # a program: out of office, a receipt, a list, a newsletter
    BOUNCE = "bounce"  # a mail server that could not deliver
    LOOP = "loop"  # a mail of our own, or one that goes round in circles


class Problem(StrEnum):
    """What was wrong with the bytes of a mail, and was survived."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    HEADERS_CUT = "headers-cut"
    TOO_MANY_PARTS = "too-many-parts"
    NESTED_TOO_DEEP = "nested-too-deep"
    BROKEN_MIME = "broken-mime"
    BROKEN_TRANSFER = "broken-transfer"
    UNKNOWN_CHARSET = "unknown-charset"
    LYING_CHARSET = "lying-charset"
    CONTROL_CHARACTERS = "control-characters"
    NO_MESSAGE_ID = "no-message-id"
    NO_SENDER = "no-sender"
    SEVERAL_SENDERS = "several-senders"
    NO_DATE = "no-date"
    NO_TEXT = "no-text"
    TEXT_CUT = "text-cut"
    ENCRYPTED = "encrypted"


@dataclass(frozen=True, slots=True)
class Person:
    """An address (lower case) and the name that stood with it."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that came along; its content is not kept. ``size`` in bytes, once decoded."""

    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class FailedAddress:
    """An address that a mail server could not deliver to (RFC 3464); ``status`` like ``5.1.1`` or ``""``."""

    address: str
    status: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class InboundMail:
    """A mail as it was understood. Nothing in it is to be believed: who sends may write what they like.

    ``subject`` is whole, ``bare_subject`` without Re, Fwd, TR, Betr. and the like. ``text`` is what the
    person wrote; ``quoted`` (earlier or forwarded mail) and ``signature`` are apart. ``about`` are Message-IDs
    that a bounce speaks of. ``failed_check``: the receiving server says that the sender is not who it
    claims to be (DMARC). ``digest`` is the same for the same mail, whichever way it came.
    """

    digest: str
    kind: Kind = Kind.MESSAGE
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: Person | None = None
    to: tuple[Person, ...] = ()
    delivered_to: tuple[str, ...] = ()
    sent_at: dt.datetime | None = None
    subject: str = ""
    bare_subject: str = ""
    text: str = ""
    quoted: str = ""
    signature: str = ""
    attachments: tuple[AttachedFile, ...] = ()
    failed: tuple[FailedAddress, ...] = ()
    about: tuple[str, ...] = ()
    failed_check: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where it was sent, what the servers say first: they know aliases and hidden copies."""
        return tuple(dict.fromkeys((*self.delivered_to, *(person.address for person in self.to))))
