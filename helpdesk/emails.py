"""What is said to who asked: that it came in, the answer, who goes on with it, how it ended, whether it helped.

Their words are in no letter, and no letter stays in the outbox once it is sent: the page by the link has the thread.
The ticket's code stands in the subject, so that an answer by mail finds its thread.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.models import Basin
from core.bilingual import text
from core.mail import Letter, absolute_url, letter
from helpdesk import emails_desk, emails_experts, queries  # noqa: F401 - they register their letters
from helpdesk.enums import FROM_THE_DESK, MessageKind, Outcome, TicketState
from helpdesk.kind_words import what_happens
from helpdesk.mail_headers import reply_to
from helpdesk.models import AnswerRecord, AskedDocument, Message, SentLetter, Ticket
from helpdesk.routing_words import why_here
from helpdesk.rules import letters
from helpdesk.rules.answering import ADVICE
from helpdesk.rules.documents import NOBODY_IN_IT
from helpdesk.snapshots import lines_of

TEMPLATE = "helpdesk/mail"


@letter("helpdesk.received", title=gettext_lazy("Your question has come in"), is_secret=True)
def received(params: dict[str, Any]) -> Letter | None:
    """At once: with which helpdesk it is and why, and the link to its page."""
    ticket = _ticket_of(params)
    if ticket.anonymised_at is not None:
        return None
    context = {**_context(ticket), "why_here": why_here(ticket), "subject_of_ticket": ticket.subject}
    context["what_happens"] = what_happens(ticket.kind)
    return _letter(ticket, _("Your question has come in"), "received", context)


@letter("helpdesk.answer", title=gettext_lazy("Answer to a question"), is_secret=True)
def answer(params: dict[str, Any]) -> Letter | None:
    """The words, the records as they were at that moment, and that it is advice; or a question of the helpdesk."""
    said = Message.objects.filter(uuid=params["message"], kind__in=FROM_THE_DESK).first()
    if said is None or said.ticket.anonymised_at is not None:
        return None
    ticket = _ticket_of({"ticket": said.ticket.uuid})
    asks_back = said.kind == MessageKind.QUESTION_BACK
    records = [
        (each.snapshot["name"], each.snapshot["name_language"], lines_of(each.snapshot))
        for each in AnswerRecord.objects.filter(message=said)
    ]
    asked = AskedDocument.objects.filter(asked_in=said, received_at=None, taken_back_at=None)
    context = {
        **_context(ticket),
        "nobody_in_it": NOBODY_IN_IT if asks_back and asked.exists() else "",
        "body": said.body,
        "body_language": said.language,
        "records": records,
        "asks_back": asks_back,
        "advice": "" if asks_back else str(ADVICE),
    }
    return _letter(ticket, ticket.subject, "answer", context)


@letter("helpdesk.handed_over", title=gettext_lazy("Another helpdesk goes on with a question"), is_secret=True)
def handed_over(params: dict[str, Any]) -> Letter | None:
    """Which helpdesk has it now; nothing has to be told twice."""
    ticket = _ticket_of(params)
    if ticket.is_closed:
        return None
    before = Basin.objects.filter(code=params["before"]).first()
    context = {**_context(ticket), "before": str(text(before, "name")) if before else ""}
    return _letter(ticket, _("Another helpdesk goes on with your question"), "handed_over", context)


@letter("helpdesk.closed", title=gettext_lazy("A question is closed"), is_secret=True)
def closed(params: dict[str, Any]) -> Letter | None:
    """How it ended, and that a reply opens it again."""
    ticket = _ticket_of(params)
    if not ticket.is_closed or ticket.outcome == Outcome.MERGED or ticket.anonymised_at is not None:
        return None
    context = {**_context(ticket), "outcome": Outcome(ticket.outcome), "words": params["words"]}
    return _letter(ticket, _("Your question is closed"), "closed", context)


@letter("helpdesk.did_it_help", title=gettext_lazy("Did the answer help?"), is_secret=True)
def did_it_help(params: dict[str, Any]) -> Letter | None:
    """Two weeks after; nothing where it was said meanwhile, or the question is open again."""
    ticket = _ticket_of(params)
    if ticket.helped or ticket.state not in {TicketState.ANSWERED, TicketState.CLOSED}:
        return None
    context = {**_context(ticket), "subject_of_ticket": ticket.subject}
    return _letter(ticket, _("Did our answer help?"), "did_it_help", context)


def _ticket_of(params: dict[str, Any]) -> Ticket:
    return Ticket.objects.select_related("basin", "asker", "municipality").get(uuid=params["ticket"])


def _context(ticket: Ticket) -> dict[str, Any]:
    return {
        "basin": ticket.basin,
        "ticket": ticket,
        "link": absolute_url(queries.ticket_url(ticket.asker)),
    }


def _letter(ticket: Ticket, subject: str, template: str, context: dict[str, Any]) -> Letter:
    return Letter(f"[{ticket.code}] {subject}", f"{TEMPLATE}/{template}", context, headers=_headers(ticket, template))


def _headers(ticket: Ticket, template: str) -> dict[str, str]:
    """Answers by mail go to the helpdesk's own address; mail programs put the letters of a ticket together."""
    headers = reply_to(ticket)
    of_asker = ticket.messages.filter(kind=MessageKind.FROM_ASKER).exclude(message_id="")
    before = of_asker.order_by("-said_at", "-pk").values_list("message_id", flat=True).first()
    root = "" if template == "received" else _root(ticket)
    known = list(filter(None, [root, before]))
    if known:
        headers["In-Reply-To"] = known[-1]
        headers["References"] = " ".join(known)
    return headers


def _root(ticket: Ticket) -> str:
    """The first letter of the thread."""
    sent = SentLetter.objects.filter(ticket=ticket, kind=letters.RECEIVED)
    return sent.values_list("message_id", flat=True).first() or ""
