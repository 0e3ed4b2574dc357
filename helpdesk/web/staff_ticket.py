"""One ticket: its thread, where it stands, and what colleagues do with one press of a button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from basins.models import Basin, User
from basins.web.reader import signed_in
from core import spoken
from core.bilingual import current_language, text
from core.errors import RuleError
from directory.standing import standing
from directory.web.addresses import directory_url
from helpdesk import access, queries, staff_queries
from helpdesk.enums import FROM_THE_DESK, Channel, DocumentStep, EventKind, Helped, MessageKind, TicketState
from helpdesk.expert_enums import CallState
from helpdesk.models import AnswerRecord, Message, Ticket, TicketEvent
from helpdesk.routing_words import why_here
from helpdesk.rules import handling, overdue, replying, waiting
from helpdesk.rules.answering import lease, release
from helpdesk.rules.checking import known_of
from helpdesk.rules.clock import working_minutes
from helpdesk.rules.identity import Kind, findings
from helpdesk.snapshots import Line, lines_of
from helpdesk.web.staff_common import act, desk_url, ticket_url, with_ticket
from helpdesk.web.staff_documents import block_of as documents_block
from helpdesk.web.staff_experts import block_of
from helpdesk.web.staff_forms import AssignForm, WordsForm
from helpdesk.web.staff_words import left_of, state_of, working_span

MASKABLE = (MessageKind.FROM_ASKER, MessageKind.NOTE, MessageKind.FROM_EXPERT)


@require_safe
@with_ticket
def ticket(request: HttpRequest, row: Ticket) -> HttpResponse:
    """Everything about a ticket."""
    return render(request, "helpdesk/staff/ticket.html", page_context(row, signed_in(request)))


def page_context(row: Ticket, user: User, *, note_form: WordsForm | None = None, **extra: Any) -> dict[str, Any]:
    """What the page of a ticket shows."""
    thread = list(queries.thread_of(row))
    code = row.basin.code
    people = overdue.answering(row.basin)
    return {
        "ticket": row,
        "basin": code,
        "back_url": desk_url("staff_inbox", code),
        "state": state_of(row),
        "left": left_of(row),
        "answered_after": answered_after(row),
        "why_here": why_here(row, to_colleagues=True),
        "thread": said_in(thread, code),
        "found": found_in(row, thread),
        "answering": row.somebody_else_answers(user),
        "is_mine": row.assignee_id == user.pk,
        "assign": AssignForm(people=people, initial={"to": row.assignee.uuid if row.assignee else user.uuid}),
        "note_form": note_form or WordsForm(),
        "similar": [] if row.anonymised_at else staff_queries.similar(user, row),
        "experts": block_of(row),
        "documents": documents_block(row),
        "history": history_of(row),
        "readers": staff_queries.readers(row) if access.manages_helpdesk(user, code) else None,
        "helped": Helped(row.helped).label if row.helped else "",
        "waits": row.state == TicketState.WAITING,
        "can_act": not row.is_closed and row.anonymised_at is None,
        **extra,
    }


def answered_after(row: Ticket) -> str:
    """The working time until the first answer, in words."""
    if row.first_answered_at is None:
        return ""
    pauses = list(row.pauses.values_list("started_at", "ended_at"))
    return working_span(working_minutes(row.received_at, row.first_answered_at, pauses))


# --- The thread ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Copy:
    """A record in an answer as it was sent; ``url`` leads to how it is today, "" where it is gone."""

    name: str
    language: str
    lines: list[Line]
    copied: str
    url: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message with the records it named."""

    message: Message
    is_ours: bool
    is_note: bool
    copies: list[Copy]

    @property
    def says_channel(self) -> bool:
        """Which way it came says something of who asked and of experts; colleagues write here, or they called."""
        return self.message.author is None or self.message.channel == Channel.PHONE


def said_in(thread: list[Message], basin: str) -> list[Said]:
    """The messages in their order. Where the records lead today is asked once for all of them."""
    named = [record.record for message in thread for record in message.records.all()]
    alive = standing(named) if named else {}
    return [
        Said(
            message,
            is_ours=message.kind in FROM_THE_DESK,
            is_note=message.kind == MessageKind.NOTE,
            copies=[_copy(record, message, record.record in alive, basin) for record in message.records.all()],
        )
        for message in thread
    ]


def _copy(record: AnswerRecord, message: Message, is_alive: bool, basin: str) -> Copy:
    at = parse_datetime(str(record.snapshot.get("at", ""))) or message.said_at
    name = "record" if record.kind == "service" else "organization"
    language = str(record.snapshot.get("name_language", ""))
    return Copy(
        name=str(record.snapshot.get("name", "")),
        language=language if language != current_language() else "",
        lines=lines_of(record.snapshot),
        copied=f"{spoken.day_month(at)}, {spoken.hour(at)}",
        url=directory_url(name, basin, **{name: record.record}) if is_alive else "",
    )


def found_in(row: Ticket, thread: list[Message]) -> list[tuple[Kind, list[str]]]:
    """What in the words of a ticket may tell who the person is, by kind; what may be masked alone."""
    known = known_of(row.asker)
    texts = [row.subject]
    texts += [words for message in thread if message.kind in MASKABLE for words in (message.body, message.quoted)]
    every = [found for words in texts if words for found in findings(words, known=known)]
    return [
        (kind, list(dict.fromkeys(each.found for each in every if each.kind == kind)))
        for kind in Kind
        if any(each.kind == kind for each in every)
    ]


# --- What happened -------------------------------------------------------------------------------


def history_of(row: Ticket) -> list[tuple[TicketEvent, str]]:
    """Each event with what it says; names of people and basins are read once."""
    events = list(staff_queries.history(row))
    codes = {value for event in events for value in (event.before, event.after) if value}
    basins = {each.code: str(text(each, "name")) for each in Basin.objects.filter(code__in=codes)}
    uuids = [value for value in codes if len(value) == 36]
    people = {str(each.uuid): str(each) for each in User.objects.filter(uuid__in=uuids)}
    return [(event, _words_of(event, basins, people)) for event in events]


def _words_of(event: TicketEvent, basins: dict[str, str], people: dict[str, str]) -> str:
    """From what to what, in words; "" where the kind of the event says it all."""
    kind = EventKind(event.kind)
    if kind == EventKind.MERGED:
        return f"→ {event.after}" if event.after else f"← {event.before}"
    if kind == EventKind.MASKED:
        return event.after
    names = _NAMES.get(kind, {})
    if kind in {EventKind.ROUTED, EventKind.HANDED_OVER, EventKind.ASKED}:
        names = basins
    if kind in {EventKind.ASSIGNED, EventKind.TAKEN_BACK}:
        names = people
    said = [str(names.get(value, "")) for value in (event.before, event.after) if value]
    return " → ".join(dict.fromkeys(filter(None, said)))


_NAMES: dict[EventKind, dict[str, Any]] = {
    EventKind.STATE: dict(TicketState.choices),
    EventKind.HELPED: dict(Helped.choices),
    EventKind.EXPERT: dict(CallState.choices),
    EventKind.DOCUMENT: dict(DocumentStep.choices),
}


# --- Buttons -------------------------------------------------------------------------------------


def _take(request: HttpRequest, row: Ticket) -> str:
    user = signed_in(request)
    handling.assign(ticket=row, to=user, by=user)
    return _("%(code)s is yours.") % {"code": row.code}


def _take_back(request: HttpRequest, row: Ticket) -> str:
    handling.take_back(ticket=row, by=signed_in(request))
    return _("Nobody has %(code)s now.") % {"code": row.code}


def _assign(request: HttpRequest, row: Ticket) -> str:
    form = AssignForm(request.POST, people=overdue.answering(row.basin))
    if not form.is_valid():
        raise RuleError(_("Choose a colleague of this helpdesk."))
    to = form.cleaned_data["to"]
    handling.assign(ticket=row, to=to, by=signed_in(request), over=row.assignee)
    return _("%(name)s has %(code)s now.") % {"name": to, "code": row.code}


def _wait(request: HttpRequest, row: Ticket) -> str:
    waiting.wait(ticket=row, by=signed_in(request))
    return _("The clock of %(code)s stands still until there is a reply.") % {"code": row.code}


def _go_on(request: HttpRequest, row: Ticket) -> str:
    waiting.go_on(ticket=row, by=signed_in(request))
    return _("The clock of %(code)s runs again.") % {"code": row.code}


take, take_back, assign, wait, go_on = act(_take), act(_take_back), act(_assign), act(_wait), act(_go_on)


@with_ticket
def begin_answer(request: HttpRequest, row: Ticket) -> HttpResponse:
    """Says to colleagues that one writes an answer, then shows where."""
    if request.method == "POST":
        lease(ticket=row, by=signed_in(request))
        return HttpResponseRedirect(desk_url("staff_answer", row.basin.code, code=row.code))
    return HttpResponseRedirect(ticket_url(row))


def _release(request: HttpRequest, row: Ticket) -> str:
    release(ticket=row, by=signed_in(request))
    return _("Nobody is answering %(code)s now.") % {"code": row.code}


stop_answer = act(_release)


@with_ticket
def write(request: HttpRequest, row: Ticket) -> HttpResponse:
    """A note among colleagues, or what who asked said on the phone; what a rule refuses comes back with its words."""
    if request.method != "POST":
        return HttpResponseRedirect(ticket_url(row))
    user = signed_in(request)
    form = WordsForm(request.POST)
    if form.is_valid():
        body = form.cleaned_data["body"]
        try:
            if "said" in request.POST:
                replying.reply(
                    ticket=row, body=body, channel=Channel.PHONE, language=row.asker.language, by=user,
                    confirmed="confirm" in request.POST,
                )  # fmt: skip
            else:
                handling.note(ticket=row, body=body, by=user)
            return HttpResponseRedirect(f"{ticket_url(row)}#last")
        except RuleError as error:
            form.add_refusal(error)
    context = page_context(row, user, note_form=form, asks_to_confirm="said" in request.POST)
    return render(request, "helpdesk/staff/ticket.html", context, status=422)
