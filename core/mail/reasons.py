"""Why a mail has not gone out: a code and the server's own words in the row, a sentence for staff."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The first word of ``OutboxMessage.last_error``; what follows the colon is the detail.
SENTENCES = {
    "recipient-refused": gettext_lazy("The receiver's mail server does not accept this address."),
    "sender-refused": gettext_lazy("The mail server does not accept our sender's address."),
    "message-refused": gettext_lazy("The mail server does not accept this message."),
    "came-back": gettext_lazy("The mail came back: the receiver's mail server could not deliver it."),
    "not-an-address": gettext_lazy("This is not a mail address that can be written to."),
    "no-such-letter": gettext_lazy("The program no longer knows this kind of mail."),
    "cannot-be-written": gettext_lazy("The mail could not be written: a fault in the program."),
    "cannot-be-handed-over": gettext_lazy("The mail could not be handed over: a fault in the program."),
    "try-later": gettext_lazy("The mail server asked to try again later."),
    "no-answer": gettext_lazy("The mail server does not answer."),
    "sign-in-refused": gettext_lazy("The mail server does not accept our sign-in."),
    "database-away": gettext_lazy("The database did not answer while the mail was written."),
    "too-often": gettext_lazy("The mail server could not take it for three days; the last answer:"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an attempt failed. ``permanent``: another attempt would not help."""

    code: str
    detail: str
    permanent: bool

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


def in_words(last_error: str) -> str:
    """The sentence for a row's ``last_error`` in the reader's language, with the server's words behind it."""
    code, colon, detail = last_error.partition(": ")
    if not colon or code not in SENTENCES:
        return last_error
    if code == "too-often":
        detail = in_words(detail)
    return _("%(sentence)s (%(detail)s)") % {"sentence": SENTENCES[code], "detail": detail}


def _said(code: int, answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(f"{code} {words}".split())[:500]


def reason_of(error: Exception) -> Reason:  # noqa: PLR0911 - one answer per case
    """What an exception of Django's mail backend means for the message.

    5xx on the receiver, the sender or the message itself is permanent (RFC 5321, 4.2.1). A refused
    sign-in or greeting is a fault of ours or of the server, mended within hours: we keep trying.
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, answer = next(iter(error.recipients.values()), (450, b""))
            return _by_code("recipient-refused", code, answer)
        case smtplib.SMTPSenderRefused():
            return _by_code("sender-refused", error.smtp_code, error.smtp_error)
        case smtplib.SMTPDataError():
            return _by_code("message-refused", error.smtp_code, error.smtp_error)
        case smtplib.SMTPAuthenticationError():
            return Reason("sign-in-refused", _said(error.smtp_code, error.smtp_error), permanent=False)
        case smtplib.SMTPResponseException():
            return Reason("try-later", _said(error.smtp_code, error.smtp_error), permanent=False)
        case smtplib.SMTPException() | OSError():
            return Reason("no-answer", f"{type(error).__name__} {error}".strip()[:500], permanent=False)
        case _:
            return Reason("cannot-be-handed-over", f"{type(error).__name__} {error}"[:500], permanent=True)


def _by_code(code: str, smtp_code: int, answer: bytes | str) -> Reason:
    permanent = 500 <= smtp_code <= 599
    return Reason(code if permanent else "try-later", _said(smtp_code, answer), permanent=permanent)
