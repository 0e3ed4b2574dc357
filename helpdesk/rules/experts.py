"""Experts brought into a ticket: asked, reminded once, thanked, never overloaded; they read that ticket only.

Locks: the ticket first, as everywhere, then the expert's row, which owns how many questions they have.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.privacy import refuse_national_numbers
from helpdesk.enums import Channel, EventKind, MessageKind, TicketState
from helpdesk.errors import ExpertNotFree, StepRefused, TicketClosed, TicketInvalid
from helpdesk.expert_enums import CALL_TRANSITIONS, OPEN_CALLS, READING_CALLS, CallState, ExpertDomain, ExpertState
from helpdesk.models import Asker, Expert, ExpertCall, Message, Ticket
from helpdesk.queries import where_it_went
from helpdesk.rules import clock, expert_letters
from helpdesk.rules.asking import BODY_AT_MOST, MailData
from helpdesk.rules.checking import known_of, refuse_identity
from helpdesk.rules.hiding import names_asker
from helpdesk.rules.indexing import index
from helpdesk.rules.log import check_row, locked, note_event, refuse_erased, refuse_stranger, step

logger = logging.getLogger(__name__)

QUESTION_AT_MOST = 2000
WORD_AT_MOST = 300
WORKING_DAYS = 3
DAYS_OFFERED = (1, 2, 3, 5, 10)
LOAD_DAYS = dt.timedelta(days=30)
TWICE = dt.timedelta(minutes=10)
BATCH = 200


@transaction.atomic
def bring_in(
    *,
    ticket: Ticket,
    expert: Expert,
    domain: ExpertDomain,
    question: str,
    by: User,
    working_days: int = WORKING_DAYS,
    confirmed: bool = False,
) -> ExpertCall:
    """Ask an expert about a ticket; who asks them has the ticket, unless somebody else was given it.

    The question says neither who asks nor who the person is; ``confirmed``: what looks like it belongs to a service.
    The same question sent twice is one. Locks the ticket, then the expert: of two colleagues who want the last free
    place of one expert the second is refused. Raises ``NotYours``, ``TicketClosed``, ``TicketInvalid``,
    ``PersonNamed``, ``NationalNumberFound``, ``ExpertNotFree``.
    """
    row = locked(ticket)
    refuse_stranger(row, by)
    refuse_erased(row)
    if row.is_closed:
        raise TicketClosed
    question = question.strip()
    _check_question(question, row.asker, confirmed=confirmed)
    chosen = lock_expert(expert)
    now = timezone.now()
    known = row.expert_calls.filter(expert=chosen, state__in=OPEN_CALLS).first()
    if known is not None:
        if known.question == question:
            return known
        raise StepRefused(_("%(name)s is asked about this ticket already.") % {"name": chosen})
    refuse_not_free(chosen, now)
    if domain not in chosen.domains:
        raise TicketInvalid(_("%(name)s does not offer this domain.") % {"name": chosen}, field="domain")
    if chosen.email == row.asker.email:
        raise TicketInvalid(_("%(name)s asks this question.") % {"name": chosen}, field="expert")
    call = ExpertCall(
        ticket=row, expert=chosen, domain=domain, question=question, asked_at=now, asked_by=by,
        working_days=working_days, **_times(now, working_days),
    )  # fmt: skip
    check_row(call)
    call.save()
    _note(call, by=by, before="")
    if row.assignee is None:
        row.assignee = by
        note_event(row, EventKind.ASSIGNED, by=by, after=str(by.uuid))
    if row.state == TicketState.NEW:
        step(row, TicketState.OPEN, by=by)
    row.save()
    expert_letters.asked(call)
    return call


def lock_expert(expert: Expert) -> Expert:
    """The expert as they are now; nobody else asks them until the transaction ends. Raises ``ExpertNotFree``."""
    rows = Expert.objects.select_for_update(of=("self",), no_key=True).select_related("home")
    row = rows.filter(pk=expert.pk).first()
    if row is None:
        raise ExpertNotFree(_("This expert has left the pool."))
    return row


def refuse_not_free(expert: Expert, now: dt.datetime) -> None:
    """Raise ``ExpertNotFree`` for who left, is away, or has as many questions as they agreed to."""
    name = {"name": expert}
    if expert.state != ExpertState.ACTIVE:
        raise ExpertNotFree(_("%(name)s is not in the pool.") % name)
    if expert.is_away(timezone.localdate(now)):
        raise ExpertNotFree(_("%(name)s is away.") % name)
    if expert.calls.filter(state__in=OPEN_CALLS).count() >= expert.at_once:
        raise ExpertNotFree(_("%(name)s has as many questions at once as they agreed to.") % name)
    lately = expert.calls.filter(asked_at__gt=now - LOAD_DAYS).exclude(state=CallState.WITHDRAWN)
    if lately.count() >= expert.per_month:
        raise ExpertNotFree(_("%(name)s had as many questions in thirty days as they agreed to.") % name)


# --- What the expert does ------------------------------------------------------------------------


@transaction.atomic
def accept(*, call: ExpertCall) -> ExpertCall:
    """The expert says yes: the time to answer runs anew. Again: nothing changes. Raises ``StepRefused``."""
    row = _locked_call(call)
    if row.state == CallState.ACCEPTED:
        return row
    now = timezone.now()
    row.due_at = _times(now, row.working_days)["due_at"]
    _move(row, CallState.ACCEPTED, by=None, now=now)
    return row


@transaction.atomic
def decline(*, call: ExpertCall, word: str = "") -> ExpertCall:
    """The expert cannot, with a word why if they like; the colleague who asked is told who could be next.

    Again: nothing changes. Raises ``StepRefused``, ``TicketInvalid``, ``NationalNumberFound``.
    """
    row = _locked_call(call)
    if row.state == CallState.DECLINED:
        return row
    row.word = _word(word)
    _move(row, CallState.DECLINED, by=None)
    expert_letters.said(row)
    return row


@transaction.atomic
def expert_replies(
    *,
    call: ExpertCall,
    body: str,
    channel: Channel = Channel.WEB,
    language: str = "",
    confirmed: bool = False,
    mail: MailData | None = None,
) -> Message:
    """Put the expert's words into the thread, for the desk to use; who asked does not read them as such.

    Further words are welcome as long as the ticket is open, late ones as well. The same words twice within minutes, or
    the same mail twice, are one message. Locks the ticket. Raises ``StepRefused``, ``TicketClosed``,
    ``TicketInvalid``, ``PersonNamed``, ``NationalNumberFound``.
    """
    row = _locked_call(call)
    ticket, mail = row.ticket, mail or MailData()
    body = body.strip()
    twice = _said_before(row, body, mail)
    if twice is not None:
        return twice
    if ticket.is_closed:
        raise TicketClosed
    if row.state not in READING_CALLS:
        raise StepRefused(_("This question is no longer open. Thank you all the same."))
    if not body and not mail.quoted:
        raise TicketInvalid(_("Write your answer."), field="body")
    if len(body) > BODY_AT_MOST:
        raise TicketInvalid(
            _("This is too long: at most %(number)d characters.") % {"number": BODY_AT_MOST}, field="body"
        )
    known = known_of(Asker(email=row.expert.email, phone=row.expert.phone))
    refuse_identity({"body": body}, known=known, confirmed=confirmed)
    said = _words_of(row, body=body, channel=channel, language=language, mail=mail)
    if row.state != CallState.ANSWERED:
        row.answered_at = timezone.now()
        _move(row, CallState.ANSWERED, by=None, now=row.answered_at)
    index(ticket)
    expert_letters.said(row, said)
    return said


def _words_of(call: ExpertCall, *, body: str, channel: Channel, language: str, mail: MailData) -> Message:
    said = Message(
        ticket=call.ticket,
        kind=MessageKind.FROM_EXPERT,
        channel=channel,
        call=call,
        language=language or call.expert.language,
        body=body,
        quoted=mail.quoted.strip(),
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to,
        references=list(mail.references),
    )
    check_row(said)
    said.save()
    return said


# --- What the desk does --------------------------------------------------------------------------


@transaction.atomic
def put_words(*, call: ExpertCall, body: str, language: str, mail: MailData, by: User) -> Message:
    """A colleague puts a mail of an expert who has no part in the ticket any more into its thread, for the desk alone.

    Who asked does not read it; neither the question nor the ticket moves, a closed one stays closed. Locks the
    ticket. Raises ``NotYours``, ``StepRefused``, ``TicketInvalid``.
    """
    row = _locked_call(call)
    refuse_stranger(row.ticket, by)
    refuse_erased(row.ticket)
    said = _words_of(row, body=body.strip(), channel=Channel.MAIL, language=language, mail=mail)
    index(row.ticket)
    return said


@transaction.atomic
def withdraw(*, call: ExpertCall, by: User, word: str = "") -> ExpertCall:
    """The desk no longer needs the expert, who is told so. Raises ``NotYours``, ``StepRefused``."""
    row = _locked_call(call)
    refuse_stranger(row.ticket, by)
    if row.state == CallState.WITHDRAWN:
        return row
    row.word = _word(word)
    _move(row, CallState.WITHDRAWN, by=by)
    expert_letters.over(row)
    return row


@transaction.atomic
def thank(*, call: ExpertCall, by: User, words: str = "") -> ExpertCall:
    """Say thank you for an answer, once. Raises ``NotYours``, ``StepRefused``, ``TicketInvalid``."""
    row = _locked_call(call)
    refuse_stranger(row.ticket, by)
    if row.state != CallState.ANSWERED:
        raise StepRefused(_("There is no answer to thank for."))
    if row.thanked_at is not None:
        return row
    words = words.strip()
    _check_thanks(words, row.ticket.asker)
    row.thanked_at = timezone.now()
    row.save(update_fields=["thanked_at", "modified"])
    expert_letters.thanks(row, words=words)
    return row


def let_go(ticket: Ticket, *, by: User | None) -> None:
    """Nobody waits for an expert of a ticket that is closed. Called under the ticket's lock."""
    for call in ticket.expert_calls.filter(state__in=OPEN_CALLS).select_related("expert", "ticket__basin"):
        _move(call, CallState.WITHDRAWN, by=by)
        expert_letters.over(call)


def move_calls(ticket: Ticket, into: Ticket, *, by: User | None) -> None:
    """With what was said the experts go into the other ticket; who is asked there too is asked once. Both locked."""
    there = into.expert_calls.filter(state__in=OPEN_CALLS).values_list("expert", flat=True)
    for call in ticket.expert_calls.filter(state__in=OPEN_CALLS, expert__in=list(there)).select_related("expert"):
        _move(call, CallState.WITHDRAWN, by=by)
    ticket.expert_calls.update(ticket=into, modified=timezone.now())


def erase_calls(tickets: list[int]) -> int:
    """Take the words out of the questions about tickets that are made anonymous; that they were asked stays."""
    return ExpertCall.objects.filter(ticket__in=tickets).update(question="—", word="", modified=timezone.now())


# --- What the calendar does ----------------------------------------------------------------------


def remind(*, now: dt.datetime) -> int:
    """Remind, once and in working hours, who has not answered when half of the time is over; returns how many."""
    if not clock.is_running(now):
        return 0
    due = ExpertCall.objects.filter(state__in=OPEN_CALLS, reminded_at=None, remind_at__lte=now, due_at__gt=now)
    return sum(_remind(call, now) for call in due.order_by("due_at", "pk")[:BATCH])


def lapse(*, now: dt.datetime) -> int:
    """End what was not answered in time; the expert and the colleague who asked are told. Returns how many."""
    if not clock.is_running(now):
        return 0
    due = ExpertCall.objects.filter(state__in=OPEN_CALLS, due_at__lte=now)
    return sum(_lapse(call, now) for call in due.order_by("due_at", "pk")[:BATCH])


@transaction.atomic
def _remind(call: ExpertCall, now: dt.datetime) -> bool:
    row = _locked_call(call)
    if not row.is_open or row.reminded_at is not None or row.due_at <= now:
        return False
    row.reminded_at = now
    row.save(update_fields=["reminded_at", "modified"])
    expert_letters.reminder(row)
    return True


@transaction.atomic
def _lapse(call: ExpertCall, now: dt.datetime) -> bool:
    row = _locked_call(call)
    if not row.is_open or row.due_at > now:
        return False
    _move(row, CallState.LAPSED, by=None, now=now)
    expert_letters.over(row)
    expert_letters.said(row)
    return True


# --- Shared --------------------------------------------------------------------------------------


def _locked_call(call: ExpertCall) -> ExpertCall:
    ticket = locked(where_it_went(Ticket.objects.get(expert_calls=call)))
    row = ExpertCall.objects.select_related("expert", "asked_by").get(pk=call.pk)
    row.ticket = ticket
    return row


def _move(call: ExpertCall, state: CallState, *, by: User | None, now: dt.datetime | None = None) -> None:
    before = CallState(call.state)
    if state not in CALL_TRANSITIONS[before]:
        raise StepRefused(_("This is not possible any more: the question is “%(state)s”.") % {"state": before.label})
    call.state = state
    call.ended_at = None if state in OPEN_CALLS else now or timezone.now()
    check_row(call)
    call.save()
    _note(call, by=by, before=before)


def _note(call: ExpertCall, *, by: User | None, before: str) -> None:
    note_event(call.ticket, EventKind.EXPERT, by=by, before=before, after=call.state)
    logger.info("ticket %s: call %s on an expert: %s → %s", call.ticket.code, call.uuid, before, call.state)


def _times(now: dt.datetime, working_days: int) -> dict[str, dt.datetime]:
    minutes = working_days * clock.DAY_MINUTES
    due, half = clock.due_at(now, minutes), clock.due_at(now, minutes // 2)
    return {"due_at": due or now, "remind_at": half or now}


def _check_question(question: str, asker: Asker, *, confirmed: bool) -> None:
    if not question:
        raise TicketInvalid(_("Write what you want to know."), field="question")
    if len(question) > QUESTION_AT_MOST:
        raise TicketInvalid(
            _("This is too long: at most %(number)d characters.") % {"number": QUESTION_AT_MOST}, field="question"
        )
    refuse_national_numbers(question=question)
    _refuse_asker(question, asker, field="question")
    refuse_identity({"question": question}, known=known_of(Asker()), confirmed=confirmed)


def _check_thanks(words: str, asker: Asker) -> None:
    if len(words) > QUESTION_AT_MOST:
        raise TicketInvalid(
            _("This is too long: at most %(number)d characters.") % {"number": QUESTION_AT_MOST}, field="words"
        )
    refuse_national_numbers(words=words)
    _refuse_asker(words, asker, field="words")


def _refuse_asker(words: str, asker: Asker, *, field: str) -> None:
    if names_asker(words, asker):
        raise TicketInvalid(
            _("The expert does not learn who asks: take the name, the address or the number of who asks out."),
            field=field,
        )


def _word(word: str) -> str:
    word = " ".join(word.split())
    if len(word) > WORD_AT_MOST:
        raise TicketInvalid(
            _("This is too long: at most %(number)d characters.") % {"number": WORD_AT_MOST}, field="word"
        )
    refuse_national_numbers(word=word)
    return word


def _said_before(call: ExpertCall, body: str, mail: MailData) -> Message | None:
    if mail.message_id:
        return Message.objects.filter(message_id=mail.message_id).first()
    last = call.messages.order_by("-said_at", "-pk").first()
    return last if last is not None and last.body == body and last.said_at > timezone.now() - TWICE else None
