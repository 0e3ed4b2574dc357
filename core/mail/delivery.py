"""The worker's side: write the mail, freeze it, hand it over, note what came of it."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import random
import traceback
from collections.abc import Iterator
from typing import Any, Self

from django.core.mail import get_connection
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation

from core.mail.letters import writer_of
from core.mail.message import FrozenMail, NotAnAddressError, compose
from core.mail.outbox import forget_secrets
from core.mail.reasons import Reason, reason_of
from core.models import OutboxMessage
from core.spoken import BRUSSELS

logger = logging.getLogger(__name__)

MINUTE, HOUR = 60, 3600
# Pauses in seconds after the first, second … failed attempt; about three days in all, then it is parked.
PAUSES = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, *([12 * HOUR] * 5))
JITTER = 0.1  # so that what failed together does not come back together
PER_CONNECTION = 50  # many servers end a conversation after a hundred mails
State = OutboxMessage.State


class Postman:
    """One conversation with the mail server, for several mails; opened when needed, left after an error."""

    def __init__(self) -> None:
        self._backend: Any = None
        self._handed_over = 0
        self.found_nobody = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.leave()

    def leave(self) -> None:
        """End the conversation. What the server says to that changes nothing about what it took."""
        if self._backend is not None:
            with contextlib.suppress(Exception):
                self._backend.close()
            self._backend = None

    def _is_still_there(self) -> bool:
        """Whether the conversation goes on: asked beforehand, so that a dead one costs no attempt."""
        smtp = getattr(self._backend, "connection", None)
        if smtp is None:
            return True
        try:
            return bool(smtp.noop()[0] == 250)
        except Exception:  # noqa: BLE001 - whatever it is, we open a new one
            return False

    def hand_over(self, mail: FrozenMail) -> None:
        """Send; raises what the backend raises."""
        if self._backend is not None and (self._handed_over >= PER_CONNECTION or not self._is_still_there()):
            self.leave()
        try:
            if self._backend is None:
                self._backend, self._handed_over = get_connection(), 0
                try:
                    self._backend.open()
                except Exception:
                    self.found_nobody = True
                    raise
            self._backend.send_messages([mail])
            self._handed_over += 1
        except Exception:
            self.leave()
            raise


@contextlib.contextmanager
def _claimed(pk: int) -> Iterator[OutboxMessage | None]:
    """The row, locked, when it is due and nobody else has it; what is done to it is committed at the end."""
    with transaction.atomic():
        yield (
            OutboxMessage.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(pk=pk, state=State.QUEUED, next_attempt_at__lte=timezone.now())
            .first()
        )


def deliver(pk: int, postman: Postman | None = None) -> str:
    """Send the message if it is due, unless another worker has it in hand. Gives its state afterwards.

    Two steps, two commits: the words are frozen first, so that each attempt sends the same bytes; then
    they are handed over and the row is marked. The row stays locked while the server answers, at
    most some ``EMAIL_TIMEOUT`` seconds; a killed worker lets it go at once.
    """
    tried = _try(pk, postman)
    return tried or OutboxMessage.objects.filter(pk=pk).values_list("state", flat=True).first() or ""


def deliver_due(limit: int = 500) -> int:
    """Send what is due, oldest first, over one conversation; gives how many went out.

    Stops when the mail server cannot be reached: the next sweep asks again, with one mail.
    """
    due = OutboxMessage.objects.filter(state=State.QUEUED, next_attempt_at__lte=timezone.now())
    sent = 0
    with Postman() as postman:
        for pk in due.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit]:
            sent += _try(pk, postman) == State.SENT
            if postman.found_nobody:
                break
    return sent


def _try(pk: int, postman: Postman | None) -> str:
    """The two steps; gives the state after our attempt, ``""`` when there was nothing for us to do."""
    with _claimed(pk) as row:
        if row is None:
            return ""
        if row.rendered is None:
            _freeze(row)
        if row.state != State.QUEUED or row.rendered is None:
            return row.state
    with _claimed(pk) as row:
        if row is None or row.rendered is None:
            return ""
        with contextlib.nullcontext(postman) if postman else Postman() as carrier:
            _hand_over(row, bytes(row.rendered), carrier)
        return row.state


def _freeze(row: OutboxMessage) -> None:
    """Write the mail in the receiver's language and keep its bytes in the row."""
    try:
        # A savepoint: a query that fails in a letter must not take the row's own transaction along.
        with transaction.atomic(), translation.override(row.language), timezone.override(BRUSSELS):
            letter = writer_of(row.kind)(row.params)
            mail = compose(row, letter) if letter is not None else None
            raw = mail.as_bytes() if mail is not None else None
    except (OperationalError, InterfaceError) as error:
        _note_failure(row, Reason("database-away", type(error).__name__, permanent=False))
    except NotAnAddressError as error:
        _note_failure(row, Reason("not-an-address", str(error), permanent=True))
    except LookupError as error:
        code = "cannot-be-written" if _is_known(row.kind) else "no-such-letter"
        _park_with_trace(row, code, error)
    except Exception as error:  # noqa: BLE001 - a fault in one letter must not stop the others
        _park_with_trace(row, "cannot-be-written", error)
    else:
        if mail is None:
            row.state = State.DROPPED
            forget_secrets(row)
        else:
            row.rendered, row.subject = raw, str(mail["Subject"])[:300]
        row.save(update_fields=["state", "params", "rendered", "subject", "modified"])


def _is_known(kind: str) -> bool:
    try:
        writer_of(kind)
    except LookupError:
        return False
    return True


def _park_with_trace(row: OutboxMessage, code: str, error: Exception) -> None:
    # Where, not what: an exception's own words may quote the receiver. They stand in the row.
    trace = "".join(traceback.format_tb(error.__traceback__))
    logger.error("The mail %s (%s) cannot be written: %s\n%s", row.uuid, row.kind, type(error).__name__, trace)
    _note_failure(row, Reason(code, f"{type(error).__name__} {error}"[:500], permanent=True))


def _hand_over(row: OutboxMessage, raw: bytes, postman: Postman) -> None:
    try:
        postman.hand_over(FrozenMail(raw))
    except Exception as error:  # noqa: BLE001 - each is told apart by reason_of and kept in the row
        reason = reason_of(error)
        if reason.permanent:
            logger.warning("The mail %s is parked: %s", row.uuid, reason.code)  # servers quote the address
        _note_failure(row, reason)
    else:
        row.state, row.sent_at, row.last_error = State.SENT, timezone.now(), ""
        row.attempts += 1
        forget_secrets(row)
        row.save(update_fields=["state", "sent_at", "attempts", "last_error", "params", "rendered", "modified"])


def _note_failure(row: OutboxMessage, reason: Reason) -> None:
    """Park the row, or set its next attempt; either way the reason stands in it."""
    row.attempts += 1
    row.last_error = str(reason)
    if reason.permanent:
        row.state = State.PARKED
    elif row.attempts > len(PAUSES):
        row.state, row.last_error = State.PARKED, f"too-often: {reason}"
    else:
        pause = PAUSES[row.attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - not a secret
        row.next_attempt_at = timezone.now() + dt.timedelta(seconds=pause)
    if row.state == State.PARKED:
        forget_secrets(row)
    row.save(update_fields=["state", "attempts", "last_error", "next_attempt_at", "params", "rendered", "modified"])
