"""An answer: words, records of the directory frozen as they are sent, and the sentence that it is advice."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.privacy import refuse_national_numbers
from helpdesk.enums import FROM_THE_DESK, Channel, EventKind, MessageKind, TicketState
from helpdesk.errors import AnsweredMeanwhile, RecordGone, TicketClosed, TicketInvalid
from helpdesk.models import AnswerRecord, Message, Ticket
from helpdesk.rules import letters, telling
from helpdesk.rules.asking import BODY_AT_MOST
from helpdesk.rules.indexing import index
from helpdesk.rules.log import check_row, locked, note_event, refuse_erased, refuse_stranger, step
from helpdesk.rules.targets import due_of
from helpdesk.snapshots import freeze

logger = logging.getLogger(__name__)

# Said with every answer, in the mail and on the page.
ADVICE = _("This answer is advice. You decide what to do with it, together with the person.")
RECORDS_AT_MOST = 12
LEASE = dt.timedelta(minutes=10)
TWICE = dt.timedelta(minutes=10)


@transaction.atomic
def answer(
    *,
    ticket: Ticket,
    body: str,
    records: Sequence[UUID] = (),
    by: User,
    seen: UUID | None = None,
    asks_back: bool = False,
    channel: Channel = Channel.WEB,
) -> Message:
    """Send words and records to who asked; with ``asks_back`` it is a question, and the clock stands still.

    ``seen``: the last message on the page on which it was written; what a colleague sent after it is read first.
    ``channel`` phone: it was told on the phone, and goes out by mail as well where there is an address. The same
    answer sent twice within minutes is one. Who answers has the ticket, unless somebody else was given it.

    Locks the ticket: of two who answer at once the second is told so, and nothing of theirs goes out. Raises
    ``NotYours``, ``AnsweredMeanwhile``, ``TicketClosed``, ``TicketInvalid``, ``RecordGone``, ``NationalNumberFound``.
    """
    row = locked(ticket)
    refuse_stranger(row, by)
    refuse_erased(row)
    body = body.strip()
    kind = MessageKind.QUESTION_BACK if asks_back else MessageKind.ANSWER
    twice = row.messages.filter(kind=kind, author=by, body=body, said_at__gte=timezone.now() - TWICE).first()
    if twice is not None:
        return twice
    if row.is_closed:
        raise TicketClosed
    _refuse_unseen(row, by, seen)
    _check_words(body, records, asks_back=asks_back)
    frozen = freeze(records, language=row.asker.language, by=by)
    if frozen is None:
        raise RecordGone
    said = Message(
        ticket=row,
        kind=kind,
        channel=channel,
        author=by,
        language=row.asker.language,
        body=body,
        said_at=timezone.now(),
    )
    check_row(said)
    said.save()
    AnswerRecord.objects.bulk_create(
        AnswerRecord(message=said, kind=each["kind"], record=each["record"], snapshot=each, position=place)
        for place, each in enumerate(frozen)
    )
    _move_on(row, by, asks_back=asks_back, now=said.said_at)
    index(row)
    said.message_id = letters.answer(said)
    telling.tell(telling.ASKED_BACK if asks_back else telling.ANSWERED, row, message=str(said.uuid))
    said.save(update_fields=["message_id", "modified"])
    logger.info("ticket %s: %s with %d records", row.code, kind, len(frozen))
    return said


@transaction.atomic
def lease(*, ticket: Ticket, by: User) -> User | None:
    """Say that one is writing an answer; returns the colleague who is at it already, whom it stays with.

    A courtesy for ten minutes, renewed as long as the page is open; what forbids is the lock of :func:`answer`.
    Raises ``NotYours``.
    """
    row = locked(ticket)
    refuse_stranger(row, by)
    other = row.somebody_else_answers(by)
    if other is None:
        row.answering_by, row.answering_until = by, timezone.now() + LEASE
        row.save(update_fields=["answering_by", "answering_until", "modified"])
    return other


@transaction.atomic
def release(*, ticket: Ticket, by: User) -> None:
    """Say that one is no longer writing. A colleague's word is not touched."""
    row = locked(ticket)
    if row.answering_by_id == by.pk:
        row.answering_by = row.answering_until = None
        row.save(update_fields=["answering_by", "answering_until", "modified"])


def _refuse_unseen(row: Ticket, by: User, seen: UUID | None) -> None:
    since = row.messages.filter(uuid=seen).values_list("pk", flat=True).first() if seen else None
    newer = row.messages.filter(kind__in=FROM_THE_DESK, pk__gt=since or 0).exclude(author=by)
    last = newer.select_related("author").order_by("-pk").first()
    if last is not None:
        raise AnsweredMeanwhile(last.author)


def _check_words(body: str, records: Sequence[UUID], *, asks_back: bool) -> None:
    if not body and (asks_back or not records):
        raise TicketInvalid(_("Write the answer, or choose a record of the directory."), field="body")
    if len(body) > BODY_AT_MOST:
        raise TicketInvalid(
            _("This is too long: at most %(number)d characters.") % {"number": BODY_AT_MOST}, field="body"
        )
    if len(set(records)) > RECORDS_AT_MOST:
        raise TicketInvalid(
            _("At most %(number)d records: choose those that help most.") % {"number": RECORDS_AT_MOST}, field="records"
        )
    refuse_national_numbers(body=body)


def _move_on(row: Ticket, by: User, *, asks_back: bool, now: dt.datetime) -> None:
    if row.assignee is None:
        row.assignee = by
        note_event(row, EventKind.ASSIGNED, by=by, after=str(by.uuid))
    if not asks_back and row.first_answered_at is None:
        row.first_answered_at = now
    step(row, TicketState.WAITING if asks_back else TicketState.ANSWERED, by=by, now=now)
    if row.answering_by_id == by.pk:
        row.answering_by = row.answering_until = None
    row.due_at = due_of(row)
    check_row(row)
    row.save()
