"""Mail that waits to be looked at: a colleague takes it as a new ticket, puts it into a thread, or throws it away."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import Basin, User
from basins.rules.people import NotYours
from helpdesk import access, queries
from helpdesk.enums import Channel, HeldReason, HeldState
from helpdesk.errors import StepRefused, TicketInvalid
from helpdesk.expert_queries import call_of, past_call_of
from helpdesk.models import HeldMail, Message, Ticket
from helpdesk.rules.asking import AskerData, MailData, RequestData, ask
from helpdesk.rules.experts import expert_replies, put_words
from helpdesk.rules.log import check_row
from helpdesk.rules.mail_words import Words, language_of
from helpdesk.rules.replying import reply


def hold(words: Words, *, reason: HeldReason, basin: Basin | None, ticket: Ticket | None) -> HeldMail:
    """Keep a mail until somebody has looked at it. ``ticket``: the one it named or answers to."""
    is_taken = HeldMail.objects.filter(message_id=words.message_id).exists()
    row = HeldMail(
        basin=basin,
        ticket=ticket,
        reason=reason,
        from_name=words.from_name,
        from_email=words.from_email,
        to_email=words.to_email,
        subject=words.subject,
        body=words.body,
        quoted=words.quoted,
        attachments=list(words.attachments),
        message_id="" if is_taken else words.message_id,
        in_reply_to=words.in_reply_to,
        references=list(words.references),
    )
    check_row(row, may_be_empty={"attachments"})
    row.save()
    return row


@transaction.atomic
def take_as_ticket(*, held: HeldMail, basin: Basin, by: User) -> Ticket:
    """Make a new ticket of a held mail, at the helpdesk of ``basin``; its sender gets the letter that says so.

    Locks the mail. Raises ``NotYours``, ``StepRefused``, ``TicketInvalid``.
    """
    row = _locked(held, by)
    if not row.from_email:
        raise TicketInvalid(_("This mail has no address to which an answer could go: it cannot become a ticket."))
    ticket = ask(
        asker=AskerData(name=row.from_name[:120], email=row.from_email, language=_language(row)),
        request=RequestData(body=_body(row), subject=row.subject, page=basin),
        channel=Channel.MAIL,
        confirmed=True,
        mail=_mail(row),
    )
    _decide(row, HeldState.TAKEN, by, ticket.messages.order_by("pk").first())
    return ticket


@transaction.atomic
def put_into_thread(*, held: HeldMail, ticket: Ticket, by: User) -> Message:
    """Put a held mail into the thread of a ticket of the colleague's desk, which opens it again; an expert's as theirs.

    Of an expert who said no, was thanked or whose ticket is closed it is for the desk alone, and opens nothing.
    Words of somebody who has no part in the ticket begin with who wrote them. Locks the mail, then the ticket. Raises
    ``NotYours``, ``StepRefused``, ``TicketInvalid``.
    """
    row = _locked(held, by)
    if not access.may_answer(by, ticket):
        raise NotYours(_("This ticket is not with your helpdesk."))
    body = _body(row)
    if (call := call_of(ticket, row.from_email)) is not None:
        said = expert_replies(
            call=call, body=body, channel=Channel.MAIL, language=_language(row), confirmed=True, mail=_mail(row)
        )
        _decide(row, HeldState.TAKEN, by, said)
        return said
    is_asker = row.from_email in queries.participants_of(ticket)
    if not is_asker and (past := past_call_of(ticket, row.from_email)) is not None:
        said = put_words(call=past, body=body, language=_language(row), mail=_mail(row), by=by)
        _decide(row, HeldState.TAKEN, by, said)
        return said
    if not is_asker:
        sender = f"{row.from_name} <{row.from_email}>" if row.from_email else row.from_name
        body = f"{sender.strip() or '—'} :\n\n{body}"
    said = reply(
        ticket=ticket, body=body, channel=Channel.MAIL, language=_language(row), confirmed=True, mail=_mail(row)
    )
    _decide(row, HeldState.TAKEN, by, said)
    return said


@transaction.atomic
def discard(*, held: HeldMail, by: User) -> HeldMail:
    """Throw a held mail away: its words go, that it was there stays. Raises ``NotYours``, ``StepRefused``."""
    row = _locked(held, by)
    row.subject = row.body = row.quoted = row.from_name = ""
    row.attachments = []
    _decide(row, HeldState.DISCARDED, by, None)
    return row


def discard_automatic(*, basin: Basin, by: User) -> int:
    """Throw away what machines wrote and nobody has looked at, in one go. Returns how many. Raises ``NotYours``."""
    waiting = HeldMail.objects.filter(basin=basin, state=HeldState.WAITING, reason=HeldReason.AUTOMATIC)
    rows = list(waiting.order_by("pk"))
    for row in rows:
        discard(held=row, by=by)
    return len(rows)


def _locked(held: HeldMail, by: User) -> HeldMail:
    row = (
        HeldMail.objects.select_for_update(of=("self",), no_key=True).select_related("basin", "ticket").get(pk=held.pk)
    )
    may = access.answers_somewhere(by) if row.basin is None else access.answers_for(by, row.basin.code)
    if not may:
        raise NotYours(_("This mail is not with your helpdesk."))
    if row.state != HeldState.WAITING:
        raise StepRefused(_("A colleague has decided on this mail meanwhile."))
    return row


def _decide(row: HeldMail, state: HeldState, by: User, became: Message | None) -> None:
    row.state, row.decided_at, row.decided_by, row.became = state, timezone.now(), by, became
    row.save()


def _body(row: HeldMail) -> str:
    """The words; of a mail that is nothing but a forwarded one these are what it passes on, up to where it is cut."""
    return row.body or row.quoted[:4000] or row.subject


def _language(row: HeldMail) -> str:
    if row.ticket is not None:
        return row.ticket.language
    address = row.to_email
    dutch = {(basin.helpdesk_email_nl or "").lower() for basin in Basin.objects.all()}  # type: ignore[attr-defined]  # bilingual
    return language_of(f"{row.subject} {row.body}") or ("nl" if address in dutch - {""} else "fr")


def _mail(row: HeldMail) -> MailData:
    is_taken = Message.objects.filter(message_id=row.message_id).exists()
    return MailData(
        message_id="" if is_taken else row.message_id,
        in_reply_to=row.in_reply_to,
        references=row.references,
        quoted=row.quoted if row.body else "",
    )
