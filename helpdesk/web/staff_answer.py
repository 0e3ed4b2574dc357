"""The page on which an answer is written: words, records of the directory, sentences to reuse, earlier cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from basins.models import User
from basins.rules.routing import UnknownPostcode, candidates
from basins.web.desk import shown_or_sent
from basins.web.forms import plain_line
from basins.web.reader import signed_in
from core.bilingual import text
from core.errors import RuleError
from directory import access as directory_access
from directory import public_queries
from directory.enums import Flag
from directory.models import Service
from directory.search.finder import find, telling_words
from directory.search.questions import Question
from directory.web.cards import Card, card
from helpdesk import queries, staff_queries
from helpdesk.enums import Channel
from helpdesk.errors import AnsweredMeanwhile
from helpdesk.models import Ticket
from helpdesk.rules import answering, reading
from helpdesk.rules.answering import RECORDS_AT_MOST
from helpdesk.web.forms import postcode_in
from helpdesk.web.staff_common import desk_url, ticket_url, with_ticket
from helpdesk.web.staff_ticket import said_in
from helpdesk.web.staff_words import left_of

FOUND_AT_MOST = 8
WORDS_AT_MOST = 4  # of the question: each further word is a further search where nothing has all of them
LANGUAGES_OFFERED = ("fr", "nl", "en", "ar", "tr", "lsfb")


@dataclass(frozen=True, slots=True)
class Draft:
    """What is on the page and not sent: nothing of it is stored, it goes to and fro with the form."""

    body: str = ""
    records: list[UUID] = field(default_factory=list)
    seen: UUID | None = None
    by_phone: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the directory is asked: words, a postcode, theme and audience of the ticket, a language, places free."""

    words: str = ""
    near: str = ""
    theme: bool = False
    audience: bool = False
    language: str = ""
    has_places: bool = False


@shown_or_sent
@with_ticket
def answer(request: HttpRequest, row: Ticket) -> HttpResponse:
    """Everything stays on the page until it is sent: searching, choosing and inserting are presses of one form."""
    user = signed_in(request)
    if request.method != "POST":
        return _page(request, row, user, Draft(seen=_last(row)), _proposed(row), is_proposed=True)
    reading.note_read(ticket=row, by=user)  # the thread stands there again, however long it took
    draft, wanted = _draft(request.POST), _wanted(request.POST)
    pressed = request.POST.get("press", "")
    if pressed in {"send", "ask"}:
        return _send(request, row, user, draft, wanted, asks_back=pressed == "ask")
    answering.lease(ticket=row, by=user)
    kind, _colon, value = pressed.partition(":")
    if kind == "snippet":
        draft = _with_snippet(draft, row, user, request.POST.get("snippet", ""))
    elif kind == "add":
        draft = _with_records(draft, value)
    elif kind == "drop":
        draft = Draft(draft.body, [each for each in draft.records if str(each) != value], draft.seen, draft.by_phone)
    return _page(request, row, user, draft, wanted)


def _send(
    request: HttpRequest, row: Ticket, user: User, draft: Draft, wanted: Wanted, *, asks_back: bool
) -> HttpResponse:
    try:
        answering.answer(
            ticket=row,
            body=draft.body,
            records=draft.records,
            by=user,
            seen=draft.seen,
            asks_back=asks_back,
            channel=Channel.PHONE if draft.by_phone else Channel.WEB,
        )
    except AnsweredMeanwhile as error:
        # The page now shows the colleague's words: sent once more, it is sent in their knowledge.
        seen = Draft(draft.body, draft.records, _last(row), draft.by_phone)
        return _page(request, row, user, seen, wanted, problems=[str(error.message)], status=409)
    except RuleError as error:
        return _page(request, row, user, draft, wanted, problems=[str(error.message)], status=422)
    words = (
        _("Your question is sent. The clock stands still until there is a reply.")
        if asks_back
        else _("The answer is sent.")
    )
    messages.success(request, words)
    return HttpResponseRedirect(ticket_url(row))


def _page(
    request: HttpRequest,
    row: Ticket,
    user: User,
    draft: Draft,
    wanted: Wanted,
    *,
    is_proposed: bool = False,
    problems: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    code = row.basin.code
    cards, why = _search(row, user, wanted, is_proposed=is_proposed)
    chosen = _cards(user, _keys(draft.records), code)
    picked = {each.service.uuid for each in chosen}
    context = {
        "ticket": row,
        "basin": code,
        "back_url": ticket_url(row),
        "draft": draft,
        "wanted": wanted,
        "chosen": chosen,
        "gone": len(draft.records) - len(chosen),
        "found": [each for each in cards if each.service.uuid not in picked],
        "why": why,
        "languages": LANGUAGES_OFFERED,
        "snippets": [(each.uuid, str(text(each, "title"))) for each in queries.snippets_for(user, code)],
        "thread": said_in(list(queries.thread_of(row)), code),
        "similar": staff_queries.similar(user, row),
        "left": left_of(row),
        "answering": row.somebody_else_answers(user),
        "problems": list(problems),
        "at_most": RECORDS_AT_MOST,
        "is_closed": row.is_closed,
        "stop_url": desk_url("staff_answer_stop", code, code=row.code),
    }
    return render(request, "helpdesk/staff/answer.html", context, status=status)


# --- What the form holds -------------------------------------------------------------------------


def _draft(data: QueryDict) -> Draft:
    return Draft(
        body=data.get("body", ""),
        records=list(dict.fromkeys(filter(None, map(_uuid, data.getlist("records"))))),
        seen=_uuid(data.get("seen", "")),
        by_phone=bool(data.get("by_phone")),
    )


def _wanted(data: Mapping[str, str]) -> Wanted:
    return Wanted(
        words=plain_line(data.get("q", ""))[:100],
        near=postcode_in(data.get("near", ""))[:4],
        theme=bool(data.get("theme")),
        audience=bool(data.get("audience")),
        language=data.get("language", "") if data.get("language") in LANGUAGES_OFFERED else "",
        has_places=bool(data.get("has_places")),
    )


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _last(row: Ticket) -> UUID | None:
    return row.messages.order_by("-pk").values_list("uuid", flat=True).first()


def _with_snippet(draft: Draft, row: Ticket, user: User, chosen: str) -> Draft:
    """The sentences below what is written, in the asker's language; in the other one where there are none."""
    known = {str(each.uuid): each for each in queries.snippets_for(user, row.basin.code)}
    snippet = known.get(chosen)
    if snippet is None:
        return draft
    words = str(text(snippet, "body", row.asker.language))
    return Draft(f"{draft.body.rstrip()}\n\n{words}".lstrip(), draft.records, draft.seen, draft.by_phone)


def _with_records(draft: Draft, value: str) -> Draft:
    added = _uuid(value)
    if added is None or added in draft.records:
        return draft
    return Draft(draft.body, [*draft.records, added], draft.seen, draft.by_phone)


# --- The directory -------------------------------------------------------------------------------


def _proposed(row: Ticket) -> Wanted:
    """What the ticket tells: the words the directory has terms for, its place, its theme and audience."""
    said = f"{row.subject}\n{staff_queries.first_words(row)}"
    words = telling_words(said) or " ".join(staff_queries.telling_words(row.subject)[:WORDS_AT_MOST])
    return Wanted(
        words=words,
        near=row.postcode,
        theme=row.theme_id is not None,
        audience=row.audience_id is not None,
    )


def _search(row: Ticket, user: User, wanted: Wanted, *, is_proposed: bool) -> tuple[list[Card], list[str]]:
    """The records that fit, and what they were looked for by. A proposal that finds nothing asks for less."""
    tries = [wanted]
    if is_proposed:
        tries += [
            Wanted(words=wanted.words, near=wanted.near, theme=wanted.theme),
            Wanted(near=wanted.near, theme=wanted.theme, audience=wanted.audience),
            Wanted(near=wanted.near, theme=wanted.theme),
            Wanted(words=wanted.words, near=wanted.near),
        ]
    for each in dict.fromkeys(tries):
        if not (each.words or each.theme or each.audience or each.language):
            continue
        hits = [hit.service for hit in find(_question(row, user, each)).hits]
        if hits:
            return _cards(user, hits, row.basin.code), _why(row, each)
    return [], _why(row, wanted)


def _question(row: Ticket, user: User, wanted: Wanted) -> Question:
    chosen: dict[str, tuple[str, ...]] = {}
    if wanted.theme and row.theme is not None:
        chosen["theme"] = (row.theme.code,)
    if wanted.audience and row.audience is not None:
        chosen["audience"] = (row.audience.code,)
    if wanted.language:
        chosen["language"] = (wanted.language,)
    return Question(
        words=wanted.words,
        near=_known_postcode(wanted.near),
        home_basin=row.basin.code,
        chosen=chosen,
        criteria=(Flag.HAS_PLACES,) if wanted.has_places else (),
        visible=directory_access.visible_to(user),
        per_page=FOUND_AT_MOST,
    )


def _known_postcode(written: str) -> str:
    try:
        return written if written and candidates(written) else ""
    except UnknownPostcode:
        return ""


def _why(row: Ticket, wanted: Wanted) -> list[str]:
    found = [wanted.words]
    if wanted.theme and row.theme is not None:
        found.append(str(text(row.theme, "name")))
    if wanted.audience and row.audience is not None:
        found.append(str(text(row.audience, "name")))
    if wanted.near:
        found.append(_("serves %(postcode)s first") % {"postcode": wanted.near})
    if wanted.language:
        found.append(wanted.language.upper())
    if wanted.has_places:
        found.append(str(Flag.HAS_PLACES.label))
    return [each for each in found if each]


def _keys(records: Sequence[UUID]) -> list[int]:
    found = dict(Service.objects.filter(uuid__in=records).values_list("uuid", "pk"))
    return [found[each] for each in records if each in found]


def _cards(user: User, keys: Sequence[int], basin: str) -> list[Card]:
    return [card(service, basin=basin) for service in public_queries.cards(keys, user)]
