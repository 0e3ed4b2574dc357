"""From a Letter to the bytes that go out, and back to something Django's mail backends can send."""

from __future__ import annotations

from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone

from core.mail.letters import Attachment, Letter
from core.mail.outbox import mail_host
from core.models import OutboxMessage

# Seven-bit throughout: no server on the way has a reason to re-encode, and signatures (DKIM) hold.
POLICY = SMTP.clone(cte_type="7bit")


class NotAnAddressError(ValueError):
    """The row's address cannot be written to."""


def one_line(words: str) -> str:
    """Without line breaks and control characters: nobody's name can add a header."""
    return " ".join("".join(char if char.isprintable() else " " for char in words).split())


def _sender() -> Address:
    ((name, spec),) = getaddresses([settings.DEFAULT_FROM_EMAIL])
    return Address(one_line(name), addr_spec=spec)


def _receiver(to: str) -> Address:
    try:
        validate_email(to)
        name, at, domain = to.rpartition("@")
        return Address(addr_spec=f"{name}{at}{domain.encode('idna').decode()}")
    except (ValidationError, UnicodeError, ValueError) as error:
        raise NotAnAddressError(to[:254]) from error


def _text(template: str, context: dict[str, Any]) -> str:
    """The plain text: no escaping, for nothing in it is markup."""
    found: Any = get_template(f"{template}.txt")
    said: str = found.template.render(Context(context, autoescape=False))
    return said.strip() + "\n"


def compose(row: OutboxMessage, letter: Letter) -> EmailMessage:
    """The whole message: text, HTML and attachments, with the row's Message-ID."""
    subject = one_line(letter.subject)
    context = {**letter.context, "subject": subject, "language": row.language, "site_url": settings.SITE_URL}
    mail = EmailMessage(policy=POLICY)
    mail["Subject"] = subject
    mail["From"] = _sender()
    mail["To"] = _receiver(row.to)
    mail["Date"] = format_datetime(timezone.localtime(row.created))
    mail["Message-ID"] = row.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Loop"] = mail_host(settings.SITE_URL)  # what comes back with it is ours (`core.mail.inbound`)
    mail["X-Auto-Response-Suppress"] = "All"  # keeps out-of-office replies of Exchange away
    for name, value in letter.headers.items():
        mail[name] = one_line(value)
    mail.set_content(_text(letter.template, context), cte="quoted-printable")
    mail.add_alternative(
        get_template(f"{letter.template}.html").render(context), subtype="html", cte="quoted-printable"
    )
    for attachment in letter.attachments:
        _attach(mail, attachment)
    mail["Content-Language"] = row.language  # last: what builds the parts moves Content-… headers into them
    return mail


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    mimetype, *parameters = [part.strip() for part in attachment.mimetype.split(";")]
    maintype, _, subtype = mimetype.partition("/")
    mail.add_attachment(
        attachment.content,
        maintype=maintype,
        subtype=subtype,
        filename=one_line(attachment.filename),
        params={name.strip(): value.strip('" ') for name, _, value in (each.partition("=") for each in parameters)},
    )


class _FrozenMessage(EmailMessage):
    """A parsed message that gives back the very bytes it came from."""

    raw: bytes = b""

    def as_bytes(self, unixfrom: bool = False, policy: Any = None, linesep: str = "\n") -> bytes:
        return self.raw if linesep == "\r\n" else self.raw.replace(b"\r\n", linesep.encode())


def _parsed(raw: bytes) -> _FrozenMessage:
    message: Any = message_from_bytes(raw, _class=_FrozenMessage, policy=POLICY)
    message.raw = raw
    frozen: _FrozenMessage = message
    return frozen


def _words(part: Any) -> str:
    return "" if part is None else part.get_content().replace("\r\n", "\n")


class FrozenMail(EmailMultiAlternatives):
    """What is handed to Django's mail backend: the frozen bytes, and for readers of the test outbox its parts."""

    def __init__(self, raw: bytes) -> None:
        self._frozen = _parsed(raw)
        plain, html = self._frozen.get_body(("plain",)), self._frozen.get_body(("html",))
        super().__init__(
            subject=str(self._frozen["Subject"]),
            body=_words(plain),
            from_email=str(self._frozen["From"]),
            to=[str(self._frozen["To"])],
            headers={name: str(value) for name, value in self._frozen.items()},
        )
        if html:
            self.attach_alternative(_words(html), "text/html")
        for part in self._frozen.iter_attachments():
            content = part.get_payload(decode=True)
            self.attach(part.get_filename(), content, part.get_content_type())

    def message(self) -> Message:  # type: ignore[override]  # ours is the modern kind of message
        return self._frozen
