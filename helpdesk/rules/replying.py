"""A further word of who asked: on their page, by mail, by phone. It opens the ticket again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from helpdesk.enums import Channel, EventKind, Helped, MessageKind, TicketState
from helpdesk.errors import StepRefused, TicketInvalid
from helpdesk.models import Message, Ticket
from helpdesk.queries import where_it_went
from helpdesk.rules.asking import BODY_AT_MOST, MailData
from helpdesk.rules.checking import known_of, refuse_identity
from helpdesk.rules.indexing import index
from helpdesk.rules.log import check_row, locked, note_event, refuse_erased, refuse_stranger, step
from helpdesk.rules.targets import due_of

TWICE = dt.timedelta(minutes=10)
WORDS_AT_MOST = 2000


@transaction.atomic
def reply(
    *,
    ticket: Ticket,
    body: str,
    channel: Channel,
    language: str,
    by: User | None = None,
    confirmed: bool = False,
    mail: MailData | None = None,
) -> Message:
    """Put the asker's words into the thread, of the ticket it was merged into where it was.

    What waited, was answered or closed is open again, its clock runs from now. The same words twice within minutes,
    or the same mail twice, are one message. ``by``: the colleague who notes a call. Locks the ticket. Raises
    ``TicketInvalid``, ``PersonNamed``, ``NationalNumberFound``, ``NotYours``, ``StepRefused``.
    """
    row = locked(where_it_went(ticket))
    refuse_stranger(row, by)
    refuse_erased(row)
    mail = mail or MailData()
    body = body.strip()
    twice = _said_before(row, body, mail)
    if twice is not None:
        return twice
    if not body and not mail.quoted:
        raise TicketInvalid(_("Write your reply."), field="body")
    if len(body) > BODY_AT_MOST:
        raise TicketInvalid(
            _("This is too long: at most %(number)d characters.") % {"number": BODY_AT_MOST}, field="body"
        )
    refuse_identity({"body": body}, known=known_of(row.asker), confirmed=confirmed)
    said = Message(
        ticket=row,
        kind=MessageKind.FROM_ASKER,
        channel=channel,
        author=by,
        language=language,
        body=body,
        quoted=mail.quoted.strip(),
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to,
        references=list(mail.references),
    )
    check_row(said)
    said.save()
    if row.state in {TicketState.WAITING, TicketState.ANSWERED, TicketState.CLOSED}:
        step(row, TicketState.OPEN, by=by)
    row.due_at = due_of(row)
    row.save()
    index(row)
    return said


@transaction.atomic
def say_whether_it_helped(*, ticket: Ticket, helped: Helped, words: str = "", confirmed: bool = False) -> Ticket:
    """Keep the asker's word on the answer, in place of what they said before. The ticket stays where it is.

    Locks the ticket. Raises ``StepRefused`` where nothing was answered yet, ``PersonNamed``, ``NationalNumberFound``.
    """
    row = locked(where_it_went(ticket))
    refuse_erased(row)
    if row.first_answered_at is None and not row.is_closed:
        raise StepRefused(_("There is no answer yet: you can say so once there is."))
    words = words.strip()
    if len(words) > WORDS_AT_MOST:
        raise TicketInvalid(
            _("This is too long: at most %(number)d characters.") % {"number": WORDS_AT_MOST}, field="words"
        )
    refuse_identity({"words": words}, known=known_of(row.asker), confirmed=confirmed)
    before = row.helped
    row.helped, row.helped_at, row.helped_words = Helped(helped), timezone.now(), words
    check_row(row)
    row.save(update_fields=["helped", "helped_at", "helped_words", "modified"])
    note_event(row, EventKind.HELPED, by=None, before=before, after=row.helped)
    return row


def _said_before(row: Ticket, body: str, mail: MailData) -> Message | None:
    if mail.message_id:
        return Message.objects.filter(message_id=mail.message_id).first()
    last = row.messages.filter(kind=MessageKind.FROM_ASKER).order_by("-said_at", "-pk").first()
    is_same = last is not None and last.body == body and last.said_at > timezone.now() - TWICE
    return last if is_same and row.messages.count() > 1 else None
