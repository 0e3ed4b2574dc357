"""The rows of the outbox: written in the transaction of the change, put back or dropped by staff."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from core.bell import ring_for_mail
from core.bilingual import LANGUAGE_CODES
from core.mail.letters import is_secret, writer_of
from core.models import OutboxMessage


@cache
def _fields_and_insert() -> tuple[tuple[Any, ...], str]:
    """The columns, and the one statement that writes a row unless its key is there already."""
    fields = tuple(field for field in OutboxMessage._meta.concrete_fields if not field.primary_key)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = quote(OutboxMessage._meta.db_table)
    return fields, (
        f"INSERT INTO {table} ({columns}) VALUES ({places}) "  # noqa: S608 - names of our own columns
        f"ON CONFLICT ({quote('key')}) DO NOTHING RETURNING {quote('id')}"
    )


@cache
def mail_host(site_url: str) -> str:
    """The host in the Message-IDs of our own mails, which is also what marks them."""
    return urlsplit(site_url).hostname or "localhost"


def post(
    kind: str,
    *,
    to: str,
    language: str,
    params: dict[str, Any],
    key: str,
    scope: str = "",
) -> OutboxMessage | None:
    """Put a mail into the outbox, in the caller's transaction; after its commit the worker is woken.

    ``key`` names the message for as long as it is kept: with a key that exists nothing is written and
    ``None`` comes back, also when two transactions try at once. ``params`` are primitives, read again by
    the letter at delivery. ``scope`` is the code of the basin whose staff may see it. One SQL statement; a
    broker that is down changes nothing here (the clock's sweep finds the row).
    """
    writer_of(kind)
    if language not in LANGUAGE_CODES:
        raise ValueError(f"No mail can be written in {language!r}.")
    identifier = uuid.uuid4()
    message = OutboxMessage(
        uuid=identifier,
        key=key,
        kind=kind,
        params=params,
        scope=scope,
        to=to,
        language=language,
        message_id=f"<{identifier}@{mail_host(settings.SITE_URL)}>",
    )
    fields, insert = _fields_and_insert()
    values = [field.get_db_prep_save(field.pre_save(message, add=True), connection=connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(insert, values)
        written = cursor.fetchone()
    if written is None:
        return None
    message.pk = written[0]
    message._state.adding = False  # noqa: SLF001 - as Model.save() does
    message._state.db = connection.alias  # noqa: SLF001
    ring_for_mail(message.pk)
    return message


def _locked(message: OutboxMessage, *states: OutboxMessage.State) -> OutboxMessage | None:
    return OutboxMessage.objects.select_for_update(no_key=True).filter(pk=message.pk, state__in=states).first()


@transaction.atomic
def send_again(message: OutboxMessage) -> bool:
    """Try a parked or waiting mail again now, with the full number of attempts. False: it is over."""
    row = _locked(message, OutboxMessage.State.PARKED, OutboxMessage.State.QUEUED)
    if row is None:
        return False
    row.state, row.attempts, row.next_attempt_at = OutboxMessage.State.QUEUED, 0, timezone.now()
    row.save(update_fields=["state", "attempts", "next_attempt_at", "modified"])
    ring_for_mail(row.pk)
    return True


@transaction.atomic
def drop(message: OutboxMessage) -> bool:
    """Give up a mail that has not gone out. False: it went out or was dropped already."""
    row = _locked(message, OutboxMessage.State.PARKED, OutboxMessage.State.QUEUED)
    if row is None:
        return False
    row.state = OutboxMessage.State.DROPPED
    forget_secrets(row)
    row.save(update_fields=["state", "params", "rendered", "modified"])
    return True


@transaction.atomic
def came_back(message: OutboxMessage, *, said: str) -> bool:
    """A mail that went out came back: park it with what the other server said. False: it is known, or was not sent."""
    row = _locked(message, OutboxMessage.State.SENT)
    if row is None:
        return False
    row.state, row.sent_at, row.last_error = OutboxMessage.State.PARKED, None, f"came-back: {said or '—'}"
    row.save(update_fields=["state", "sent_at", "last_error", "modified"])
    return True


def forget_before(limit: dt.datetime) -> int:
    """Delete mails that are over and last changed before ``limit``: sent, given up, or parked and left so.

    Their keys go along, so ``limit`` must lie behind everything that a mail of that age could be
    about. Returns how many there were.
    """
    return OutboxMessage.objects.exclude(state=OutboxMessage.State.QUEUED).filter(modified__lt=limit).delete()[0]


def forget_secrets(row: OutboxMessage) -> None:
    """What opens a door does not stay in the table; the demo keeps it, its mails are read in the browser."""
    if is_secret(row.kind) and not settings.IS_DEMO:
        row.params, row.rendered = {}, None
