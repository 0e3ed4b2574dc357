"""A mail is taken once, whichever way it comes and however often: by a row with its digest."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from core.mail.inbound.parsed import InboundMail
from core.mail.inbound.reading import parse
from core.mail.outbox import mail_host
from core.models import TakenMail

logger = logging.getLogger(__name__)

TWICE = "twice"
# The mail, and the name of the mailbox it lay in ("" where it was handed in); gives in a word what became of it.
Receiver = Callable[[InboundMail, str], str]
_INSERT = (
    f"INSERT INTO {TakenMail._meta.db_table} (digest, channel, mailbox, outcome, taken_at) "  # noqa: S608 - our table
    "VALUES (%s, %s, %s, '', %s) ON CONFLICT (digest) DO NOTHING RETURNING id"
)


def take(raw: bytes, *, channel: str, mailbox: str = "") -> str:
    """Read a mail and give it to the site's receiver, in one transaction with the row that says so.

    Returns what became of it, ``"twice"`` for one that was taken before. Of two that come at the same
    instant the second waits for the first: it is taken if the first fails. Raises what the receiver
    raises; then nothing is written, and the mail may come again.
    """
    mail = parse(raw, marker=mail_host(settings.SITE_URL))
    with transaction.atomic():
        number = _noted(mail.digest, channel, mailbox)
        if number is None:
            outcome = TWICE
        else:
            outcome = _receiver()(mail, mailbox)
            TakenMail.objects.filter(pk=number).update(outcome=outcome[:40])
    logger.info("mail %s by %s: %s", mail.digest[:12], channel, outcome)
    return outcome


def forget_before(limit: dt.datetime) -> int:
    """Forget that mails were taken before ``limit``. Returns how many."""
    return TakenMail.objects.filter(taken_at__lt=limit).delete()[0]


def _receiver() -> Receiver:
    receiver: Receiver = import_string(settings.INBOUND_MAIL_RECEIVER)
    return receiver


def _noted(digest: str, channel: str, mailbox: str) -> int | None:
    """The new row's number, None when the mail is known. Waits for another transaction that notes the same."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [digest, channel, mailbox, timezone.now()])
        row = cursor.fetchone()
    return int(row[0]) if row else None
