"""What colleagues do with a ticket among themselves: note, give, take, complete, mask, close."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.needs import raise_need
from basins.rules.privacy import refuse_national_numbers
from directory.models import TaxonomyTerm
from helpdesk import access
from helpdesk.enums import CLOSING_OUTCOMES, Channel, EventKind, MessageKind, Outcome, TicketState
from helpdesk.errors import TakenMeanwhile, TicketClosed, TicketInvalid
from helpdesk.models import Message, Ticket
from helpdesk.rules import documents, experts, identity, letters, telling
from helpdesk.rules.asking import BODY_AT_MOST
from helpdesk.rules.checking import known_of, refuse_bad_contact
from helpdesk.rules.indexing import index
from helpdesk.rules.log import check_row, locked, note_event, refuse_erased, refuse_stranger, step

NEED_TITLE_AT_MOST = 200
OCCASION = "ticket:"  # what the list of needs calls a ticket, before its identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What staff put right or add to a ticket; who asks included."""

    subject: str
    kind: str
    theme: TaxonomyTerm | None = None
    audience: TaxonomyTerm | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    organisation: str = ""
    function: str = ""
    profession: str = ""
    language: str = ""


@transaction.atomic
def note(*, ticket: Ticket, body: str, by: User) -> Message:
    """A word among colleagues, which who asked never reads. Locks the ticket. Raises ``TicketInvalid``, ``NotYours``,
    ``NationalNumberFound``.
    """
    row = locked(ticket)
    refuse_stranger(row, by)
    refuse_erased(row)
    body = body.strip()
    if not body:
        raise TicketInvalid(_("Write the note."), field="body")
    if len(body) > BODY_AT_MOST:
        raise TicketInvalid(
            _("This is too long: at most %(number)d characters.") % {"number": BODY_AT_MOST}, field="body"
        )
    refuse_national_numbers(body=body)
    said = Message(
        ticket=row,
        kind=MessageKind.NOTE,
        channel=Channel.WEB,
        author=by,
        language=by.language or row.language,
        body=body,
    )
    check_row(said)
    said.save()
    index(row)
    return said


@transaction.atomic
def assign(*, ticket: Ticket, to: User, by: User, over: User | None = None) -> Ticket:
    """Give a ticket to a colleague of its helpdesk, or take it oneself; what was new is in progress then.

    ``over``: whom the page showed as having it. Somebody else's in the meantime stays theirs: ``TakenMeanwhile``.
    Locks the ticket. Raises ``NotYours``, ``TicketClosed``, ``TicketInvalid``.
    """
    row = locked(ticket)
    refuse_stranger(row, by)
    if row.is_closed:
        raise TicketClosed
    if row.assignee is not None and row.assignee not in (to, over):
        raise TakenMeanwhile(row.assignee)
    if not access.may_answer(to, row):
        raise TicketInvalid(_("%(name)s does not answer at this helpdesk.") % {"name": to}, field="to")
    if row.assignee != to:
        before = str(row.assignee.uuid) if row.assignee else ""
        row.assignee = to
        note_event(row, EventKind.ASSIGNED, by=by, before=before, after=str(to.uuid))
    if row.state == TicketState.NEW:
        step(row, TicketState.OPEN, by=by)
    row.save()
    return row


@transaction.atomic
def take_back(*, ticket: Ticket, by: User) -> Ticket:
    """Put a ticket back on the common pile; nobody has it then. Locks the ticket. Raises ``NotYours``."""
    row = locked(ticket)
    refuse_stranger(row, by)
    if row.assignee is not None:
        note_event(row, EventKind.TAKEN_BACK, by=by, before=str(row.assignee.uuid))
        row.assignee = None
        row.save()
    return row


@transaction.atomic
def complete(*, ticket: Ticket, data: Details, by: User) -> Ticket:
    """Put subject, kind, terms and who asks right; a call noted in a hurry is complete then.

    An address that is new gets the letter with the link. Locks the ticket. Raises ``TicketInvalid``, ``NotYours``,
    ``NationalNumberFound``.
    """
    row = locked(ticket)
    refuse_stranger(row, by)
    refuse_erased(row)
    refuse_national_numbers(subject=data.subject, name=data.name, organisation=data.organisation)
    asker, email = row.asker, data.email.strip().lower()
    is_new_address = bool(email) and email != asker.email
    asker.name, asker.email, asker.phone = " ".join(data.name.split()), email, data.phone.strip()
    asker.organisation, asker.function = " ".join(data.organisation.split()), " ".join(data.function.split())
    asker.profession, asker.language = data.profession, data.language or asker.language
    row.subject, row.kind = " ".join(data.subject.split()), data.kind
    row.theme, row.audience, row.is_incomplete = data.theme, data.audience, False
    if not (asker.name or asker.email or asker.phone):
        raise TicketInvalid(_("Note a name, a number or an address: somebody has to be called back."), field="name")
    refuse_bad_contact(email=asker.email, phone=asker.phone, function=asker.function)
    check_row(asker)
    check_row(row)
    asker.save()
    row.save()
    note_event(row, EventKind.COMPLETED, by=by)
    index(row)
    if is_new_address:
        letters.received(row)
    return row


@transaction.atomic
def mask(*, ticket: Ticket, kinds: Collection[identity.Kind], by: User) -> int:
    """Mask in subject and thread what may tell who the person is; returns how many places.

    What is the asker's own or a helpdesk's stays, and so do answers: they name services. Locks the ticket. Raises
    ``NotYours``.
    """
    row = locked(ticket)
    refuse_stranger(row, by)
    known = known_of(row.asker)
    places = _count(row.subject, kinds, known)
    row.subject = identity.masked(row.subject, kinds, known=known)
    for said in row.messages.filter(kind__in=[MessageKind.FROM_ASKER, MessageKind.NOTE, MessageKind.FROM_EXPERT]):
        places += _count(said.body, kinds, known) + _count(said.quoted, kinds, known)
        said.body = identity.masked(said.body, kinds, known=known)
        said.quoted = identity.masked(said.quoted, kinds, known=known)
        said.save(update_fields=["body", "quoted", "modified"])
    if places:
        row.save(update_fields=["subject", "modified"])
        note_event(row, EventKind.MASKED, by=by, after=str(places))
        index(row)
    return places


def _count(text: str, kinds: Collection[identity.Kind], known: set[str]) -> int:
    return sum(each.kind in kinds for each in identity.findings(text, known=known))


@transaction.atomic
def close(*, ticket: Ticket, outcome: Outcome, by: User | None, words: str = "", need_title: str = "") -> Ticket:
    """End a ticket with its outcome; ``words`` go to who asked. ``by`` None: the calendar.

    *No answer exists* becomes a need of the basin under ``need_title``. Who asked is told where there was no answer,
    or where there are words; a reply opens the ticket again. Locks the ticket, then the basin's needs. Raises
    ``TicketInvalid``, ``NotYours``, ``TicketClosed``, ``NationalNumberFound`` and what ``raise_need`` raises.
    """
    row = locked(ticket)
    refuse_stranger(row, by)
    refuse_erased(row)
    if row.is_closed:
        raise TicketClosed
    words = words.strip()
    if outcome not in CLOSING_OUTCOMES:
        raise TicketInvalid(_("Choose how it ended."), field="outcome")
    if outcome == Outcome.NO_ANSWER and not need_title.strip():
        raise TicketInvalid(_("Say in a few words what is missing."), field="need_title")
    refuse_national_numbers(words=words, need_title=need_title)
    if outcome == Outcome.NO_ANSWER:
        row.need = raise_need(
            source="helpdesk",
            source_key=f"{OCCASION}{row.uuid}",
            source_label=row.code,
            basin=row.basin,
            title=need_title[:NEED_TITLE_AT_MOST],
            language=by.language if by is not None else row.language,
            words="",
            heard_on=timezone.localtime(row.received_at).date(),
            by=by,
        )
        note_event(row, EventKind.NEED, by=by, after=str(row.need.uuid))
    now = timezone.now()
    was_answered = row.first_answered_at is not None and row.state == TicketState.ANSWERED
    step(row, TicketState.CLOSED, by=by, now=now)
    row.closed_at, row.outcome, row.due_at = now, outcome, None
    row.answering_by = row.answering_until = None
    check_row(row)
    row.save()
    experts.let_go(row, by=by)
    documents.let_go(row, by=by)
    if words or not was_answered or outcome == Outcome.NO_ANSWER:
        letters.closed(row, words=words)
    telling.tell(telling.CLOSED, row)
    return row
