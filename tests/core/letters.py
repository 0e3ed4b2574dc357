"""Letters for tests of the outbox, and a mail server that can be told to fail."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from core.mail import Attachment, Letter, letter, post
from core.models import OutboxMessage

TEMPLATES = Path(__file__).parent / "templates"
renderings: list[str] = []


@letter("tests.hello")
def hello(params: dict[str, Any]) -> Letter | None:
    """Greets ``name``; nothing to say to Nobody."""
    renderings.append(params["name"])
    if params["name"] == "Nobody":
        return None
    return Letter(
        subject=f"Bonjour {params['name']}",
        template="letters/hello",
        context={"name": params["name"], "when": datetime(2026, 7, 1, 7, 15, tzinfo=UTC)},
        attachments=[Attachment("visite.ics", b"BEGIN:VCALENDAR\r\n", "text/calendar; method=PUBLISH; charset=utf-8")],
        headers={"Reply-To": "team@example.org"},
    )


@letter("tests.secret", is_secret=True)
def secret(params: dict[str, Any]) -> Letter | None:
    """Opens a door."""
    return hello(params)


@letter("tests.broken")
def broken(params: dict[str, Any]) -> Letter | None:
    """A letter with a fault in it."""
    raise ZeroDivisionError(params["name"])


def post_hello(key: str = "k1", *, name: str = "Daan", kind: str = "tests.hello", **kwargs: Any) -> OutboxMessage:
    """A mail in the outbox."""
    values = {"to": "daan@example.org", "language": "nl", "params": {"name": name}, "scope": "sud-est", **kwargs}
    message = post(kind, key=key, **values)
    assert message is not None
    return message


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Script:
    """What the server answers: ``rcpt`` and ``data`` are replies, or "hang", or "drop"."""

    def __init__(self, *, rcpt: str = "250 OK", data: str = "250 OK", mail: str = "250 OK") -> None:
        self.mail, self.rcpt, self.data = mail, rcpt, data
        self.taken: list[bytes] = []
        self.conversations = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.conversations += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mail.startswith("250"):
            envelope.mail_from = address
        return self.mail

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        if self.data == "hang":
            await asyncio.sleep(30)
        if self.data == "drop" and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return self.data


@contextmanager
def mail_server(script: Script, settings: Any) -> Iterator[Script]:
    """A real SMTP server on this machine, and the settings that lead to it."""
    controller = Controller(script, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 1
    try:
        yield script
    finally:
        controller.stop()


def use_test_templates(settings: Any) -> None:
    """Let the letters above find their templates."""
    first = {**settings.TEMPLATES[0], "DIRS": [TEMPLATES, *settings.TEMPLATES[0]["DIRS"]]}
    settings.TEMPLATES = [first, *settings.TEMPLATES[1:]]
