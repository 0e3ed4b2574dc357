"""A mail that came in becomes a ticket, or a message in its thread, or waits for somebody to look at it.

A thread is found by the code in the address (``aide+K7QM4TWX@…``) or in the subject, then by what the mail answers
to; and only somebody who has part in the ticket gets in by that. What machines write makes no ticket and opens none.
National register numbers are masked before anything is stored, in each text of the mail (:class:`Words`).
"""

from __future__ import annotations

import logging
import re

from django.conf import settings
from django.db import transaction

from basins.models import Basin
from core.cache import count_this_hour
from core.codes import ALPHABET
from core.errors import RuleError
from core.mail.inbound import InboundMail, Kind, Problem
from core.mail.inbound.subjects import is_forward
from helpdesk import queries
from helpdesk.enums import Channel, HeldReason
from helpdesk.expert_queries import call_of
from helpdesk.models import Message, Ticket
from helpdesk.rules import bouncing
from helpdesk.rules.asking import AskerData, MailData, RequestData, ask
from helpdesk.rules.experts import expert_replies
from helpdesk.rules.held import hold
from helpdesk.rules.mail_words import Words
from helpdesk.rules.replying import reply

logger = logging.getLogger(__name__)

MAILS_PER_HOUR = 20  # of one address; who writes more often is a machine, or in trouble that a person should see
_CODE = rf"[{ALPHABET}]{{8}}"
_IN_SUBJECT = re.compile(rf"\[({_CODE})\]", re.IGNORECASE)
_IN_ADDRESS = re.compile(rf"([^+@]+)\+({_CODE})(@.+)", re.IGNORECASE)
_CANNOT_BE_READ = frozenset({Problem.UNREADABLE, Problem.ENCRYPTED, Problem.NO_TEXT})


def receive(mail: InboundMail, mailbox: str) -> str:
    """Take in a mail; ``mailbox`` is the code of the basin whose mailbox it lay in, if it is one.

    Gives in a word what became of it. Runs in the transaction that notes the mail as taken, so that the same mail
    twice is one (`core.mail.inbound.taking`). Never asks: what no rule takes is held.
    """
    if mail.kind == Kind.LOOP:
        return "loop"
    if mail.kind == Kind.BOUNCE and (outcome := bouncing.came_back(mail)):
        return outcome
    addresses = _desks()
    basin, said_by_address = _basin_of(mail, mailbox, addresses)
    words = Words.of(mail, said_by_address)
    ticket, is_named = _ticket_of(mail, words, addresses)
    reason = _why_held(mail, words, ticket, basin, is_named=is_named, ours=set(addresses))
    if reason is None:
        try:
            with transaction.atomic():
                return _into_thread(ticket, words) if ticket is not None else _as_ticket(basin, words)
        except RuleError as error:
            logger.info("a mail is held: %s", error.code)
            reason = HeldReason.UNREADABLE
    hold(words, reason=reason, basin=ticket.basin if ticket is not None else basin, ticket=ticket)
    return f"held: {reason}"


def _why_held(  # noqa: PLR0911 - one answer per case
    mail: InboundMail,
    words: Words,
    ticket: Ticket | None,
    basin: Basin | None,
    *,
    is_named: bool,
    ours: set[str],
) -> HeldReason | None:
    """Why somebody has to look at a mail first; None where it may go in by itself."""
    sender = mail.sender.address if mail.sender is not None else ""
    if mail.kind != Kind.MESSAGE:
        return HeldReason.AUTOMATIC
    if mail.failed_check:
        return HeldReason.NOT_PROVEN
    if ticket is not None and sender not in queries.participants_of(ticket) and call_of(ticket, sender) is None:
        return HeldReason.UNKNOWN_SENDER
    if ticket is None and is_named:
        return HeldReason.UNKNOWN_TICKET
    if Problem.TOO_LARGE in mail.problems:
        return HeldReason.TOO_LARGE
    if sender and not words.from_email:
        return HeldReason.NATIONAL_NUMBER
    if ticket is None and (sender in ours or (is_forward(mail.subject) and not mail.text)):
        return HeldReason.FORWARDED
    if not sender or not _CANNOT_BE_READ.isdisjoint(mail.problems):
        return HeldReason.UNREADABLE
    if ticket is None and basin is None:
        return HeldReason.NO_BASIN
    is_flood = count_this_hour("helpdesk:mail", sender) > MAILS_PER_HOUR
    return HeldReason.TOO_MANY if is_flood else None


def _into_thread(ticket: Ticket, words: Words) -> str:
    """As the words of who asked, or (an expert who was brought in) as theirs."""
    call = call_of(ticket, words.from_email)
    if call is not None:
        expert_replies(
            call=call,
            body=words.body,
            channel=Channel.MAIL,
            language=words.language,
            confirmed=True,
            mail=mail_data(words),
        )
        return f"expert: {ticket.code}"
    reply(
        ticket=ticket,
        body=words.body,
        channel=Channel.MAIL,
        language=words.language,
        confirmed=True,
        mail=mail_data(words),
    )
    return f"message: {ticket.code}"


def _as_ticket(basin: Basin | None, words: Words) -> str:
    ticket = ask(
        asker=AskerData(name=words.from_name[:120], email=words.from_email, language=words.language),
        request=RequestData(body=words.body, subject=words.bare_subject, page=basin),
        channel=Channel.MAIL,
        confirmed=True,
        mail=mail_data(words),
    )
    return f"ticket: {ticket.code}"


def mail_data(words: Words) -> MailData:
    """The headers of a mail for a message; its name only where no other message has it: this mail is another one."""
    is_taken = Message.objects.filter(message_id=words.message_id).exists()
    return MailData(
        message_id="" if is_taken else words.message_id,
        in_reply_to=words.in_reply_to,
        references=words.references,
        quoted=words.quoted,
    )


# --- Where it belongs ----------------------------------------------------------------------------


def _desks() -> dict[str, tuple[Basin, str]]:
    """The addresses of the helpdesks, each with its basin and language."""
    found: dict[str, tuple[Basin, str]] = {}
    for basin in Basin.objects.all():
        for language, _name in settings.LANGUAGES:
            address = str(getattr(basin, f"helpdesk_email_{language}") or "").lower()
            if address:
                found.setdefault(address, (basin, language))
    return found


def plain_address(address: str) -> tuple[str, str]:
    """``aide+k7qm4twx@x`` → ``aide@x`` and ``K7QM4TWX``; without a code the second is empty."""
    found = _IN_ADDRESS.fullmatch(address)
    return (f"{found[1]}{found[3]}", found[2].upper()) if found else (address, "")


def _basin_of(mail: InboundMail, mailbox: str, desks: dict[str, tuple[Basin, str]]) -> tuple[Basin | None, str]:
    """The basin to whose address it was sent, else that of the mailbox; and the language of the address."""
    for address in mail.addresses:
        if (found := desks.get(plain_address(address)[0])) is not None:
            return found
    return Basin.objects.filter(code=mailbox).first(), ""


def _ticket_of(mail: InboundMail, words: Words, desks: dict[str, tuple[Basin, str]]) -> tuple[Ticket | None, bool]:
    """The ticket that a mail names or answers to, where it went; and whether it named one by its code."""
    parted = [plain_address(address) for address in mail.addresses]
    codes = [code for address, code in parted if code and address in desks]
    codes += [code.upper() for code in _IN_SUBJECT.findall(mail.subject)]
    known = {row.code: row for row in Ticket.objects.filter(code__in=codes).select_related("basin", "asker")}
    named = next((known[code] for code in codes if code in known), None)
    if named is not None:
        return queries.where_it_went(named), True
    return queries.ticket_of_mails([*words.references, words.in_reply_to]), bool(codes)
