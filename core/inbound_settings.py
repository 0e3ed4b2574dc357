"""What an operator says of mail that comes in: where it lies, and who may hand it in. Read with the settings."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

_NAME = re.compile(r"[a-z0-9-]{1,40}")
_PREFIX = "whsec_"
_SHORTEST_KEY = 24  # bytes


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where mail lies. ``authority``: a file with the certificate that signs the server's, "" for the system's.

    ``is_emptied``: what was taken is deleted there, not only marked as seen.
    """

    name: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    is_starttls: bool = False
    is_emptied: bool = False
    authority: str = ""


def mailbox_of(entry: str) -> Mailbox:
    """``sud-est=imaps://user:password@host:993/INBOX?then=delete``; ``imap+tls://`` begins plain and turns to TLS.

    Never without TLS. Characters such as ``@`` in user and password are written ``%40``. Raises
    ``ValueError`` with a sentence for the operator, without the password.
    """
    name, equals, address = entry.partition("=")
    if not equals or not _NAME.fullmatch(name):
        raise ValueError("begin with a name and =, e.g. sud-est=imaps://user:password@mail.example/INBOX")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError(f"the address of {name} is not readable") from None
    if parts.scheme not in {"imaps", "imap+tls"}:
        raise ValueError(f"the address of {name} must start with imaps:// or imap+tls://")
    if not (parts.hostname and parts.username and parts.password):
        raise ValueError(f"the address of {name} needs user, password and host")
    query = parse_qs(parts.query)
    if unknown := set(query) - {"then", "ca"}:
        raise ValueError(f"the address of {name} says {', '.join(sorted(unknown))}, which means nothing")
    return Mailbox(
        name=name,
        host=parts.hostname,
        port=port or (993 if parts.scheme == "imaps" else 143),
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.lstrip("/")) or "INBOX",
        is_starttls=parts.scheme == "imap+tls",
        is_emptied=query.get("then") == ["delete"],
        authority=query.get("ca", [""])[0],
    )


def key_of(secret: str) -> bytes:
    """The key in ``whsec_…`` (base64). Raises ``ValueError`` for what is none, or is shorter than 24 bytes."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if not secret.startswith(_PREFIX) or len(key) < _SHORTEST_KEY:
        raise ValueError("too short")
    return key
