"""The desk's inbox, and a call that is noted while it lasts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from basins.models import Basin, Municipality
from basins.rules.privacy import NationalNumberFound
from basins.web.desk import shown_or_sent
from basins.web.forms import plain_line
from basins.web.reader import signed_in
from core.bilingual import text
from core.errors import RuleError
from directory.enums import TaxonomyCode
from directory.models import TaxonomyTerm
from directory.queries import terms_of
from helpdesk import staff_queries
from helpdesk.enums import Channel, TicketKind
from helpdesk.errors import PersonNamed
from helpdesk.figures import CHOICES
from helpdesk.models import Ticket
from helpdesk.rules import asking
from helpdesk.staff_queries import EXACT, NONE, InboxFilter, InboxPages, Tab, Whose
from helpdesk.web.staff_common import desk_url, for_desk, ticket_url
from helpdesk.web.staff_forms import CallForm
from helpdesk.web.staff_words import clock_line, left_of, state_of

PER_PAGE = 30
EVERYWHERE = "all"


@require_safe
@for_desk
def inbox(request: HttpRequest, basin: str) -> HttpResponse:
    """What is to be answered, the most pressing first; the other tickets behind the tabs."""
    user = signed_in(request)
    wanted = filter_of(request.GET)
    has_more_desks = len(staff_queries.helpdesks(user)) > 1
    everywhere = has_more_desks and EVERYWHERE in request.GET
    scope = None if everywhere else basin
    pages = InboxPages(user, scope, wanted, PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    numbers = staff_queries.counts(user, scope)
    now = timezone.now()
    query = request.GET.copy()
    query.pop("page", None)
    runs, clock = clock_line(now)
    context = {
        "basin": basin,
        "page": page,
        "is_cut": pages.is_cut,
        "rows": [{"ticket": each, "left": left_of(each, now), "state": state_of(each)} for each in page],
        "tabs": [(str(tab.label), _with(query, tab=tab), tab == wanted.tab, numbers.get(tab)) for tab in Tab],
        "wanted": wanted,
        "query": query.urlencode(),
        "words": wanted.words,
        "people": [(each.value, str(each.label), each == wanted.whose) for each in Whose],
        "themes": [(NONE, _("No theme yet")), *((term.code, str(text(term, "name"))) for term in _themes())],
        "kinds": [(each.value, str(each.label)) for each in TicketKind],
        "chips": _chips(query, wanted),
        "everywhere": everywhere,
        "has_more_desks": has_more_desks,
        "is_desk": wanted.tab == Tab.DESK,
        "runs": runs,
        "clock": clock,
        "held": staff_queries.held_mails(user, basin).count(),
    }
    return render(request, "helpdesk/staff/inbox.html", context)


def filter_of(asked: QueryDict) -> InboxFilter:
    """What the address asks for; what makes no sense is left out."""
    tab, whose = asked.get("tab", Tab.DESK), asked.get("whose", "")
    exact = {name: str(asked[name])[:60] for name in EXACT if asked.get(name)}
    return InboxFilter(
        tab=tab if tab in Tab.values else Tab.DESK,
        whose=whose if whose in Whose.values else Whose.EVERYBODY,
        words=plain_line(asked.get("q", ""))[:100],
        since=day_of(asked.get("since", "")),
        until=day_of(asked.get("until", "")),
        exact=exact,
    )


def day_of(written: str) -> dt.date | None:
    """``2026-05-13``, or None."""
    try:
        day = dt.date.fromisoformat(written)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _with(query: QueryDict, **changes: str) -> str:
    """The address with these parameters instead; an empty one is left out."""
    copy = query.copy()
    for name, value in changes.items():
        copy.pop(name, None)
        if value:
            copy[name] = value
    return copy.urlencode()


def _themes() -> list[TaxonomyTerm]:
    return list(terms_of(TaxonomyCode.THEMES))


def _chips(query: QueryDict, wanted: InboxFilter) -> list[tuple[str, str]]:
    """What the figures narrowed the list to, each with the address without it. Kind and theme have fields."""
    chips = []
    for name, value in wanted.exact.items():
        if name not in {"kind", "theme"}:
            chips.append((_said(name, value), _with(query, **{name: ""})))
    if wanted.since or wanted.until:
        days = " – ".join(f"{day:%d/%m/%Y}" for day in (wanted.since, wanted.until) if day)
        chips.append((days, _with(query, since="", until="")))
    return chips


def _said(name: str, value: str) -> str:
    if value == NONE:
        return _("not said")
    if name in CHOICES:
        return str(dict(CHOICES[name].choices).get(value, value))
    rows: Any = {
        "audience": TaxonomyTerm.objects.filter(code=value),
        "municipality": Municipality.objects.filter(nis_code=value),
        "basin": Basin.objects.filter(code=value),
    }.get(name)
    row = rows.first() if rows is not None else None
    return str(text(row, "name")) if row is not None else value


# --- A call --------------------------------------------------------------------------------------


@shown_or_sent
@for_desk
def call(request: HttpRequest, basin: str) -> HttpResponse:
    """What is asked, and how to call back: enough to note a call while it lasts. The rest is completed later."""
    user = signed_in(request)
    form = CallForm(request.POST if request.method == "POST" else None, initial={"language": user.language})
    named: PersonNamed | NationalNumberFound | None = None
    if request.method == "POST" and form.is_valid():
        try:
            ticket = asking.ask(
                asker=form.asker(),
                request=form.request(Basin.objects.get(code=basin), masks="mask" in request.POST),
                channel=Channel.PHONE,
                by=user,
                confirmed="confirm" in request.POST,
                is_incomplete=True,
                once=form.cleaned_data["once"],
            )
        except (PersonNamed, NationalNumberFound) as error:
            named = error
            form.add_refusal(error)
        except RuleError as error:
            form.add_refusal(error)
        else:
            return _noted(request, ticket)
    context = {
        "form": form,
        "basin": basin,
        "named": named is not None,
        "may_confirm": isinstance(named, PersonNamed),
        "back_url": desk_url("staff_inbox", basin),
    }
    return render(request, "helpdesk/staff/call.html", context, status=422 if form.errors else 200)


def _noted(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """To the ticket, where the reader may see it; else back to the inbox with a word where it went."""
    if ticket.basin.code in staff_queries.helpdesks(signed_in(request)):
        messages.success(request, _("The call is noted as %(code)s.") % {"code": ticket.code})
        return HttpResponseRedirect(ticket_url(ticket))
    words = {"code": ticket.code, "basin": text(ticket.basin, "name")}
    messages.success(request, _("The call is noted as %(code)s. It is with the helpdesk of %(basin)s.") % words)
    site = request.resolver_match.kwargs["basin"] if request.resolver_match else ticket.basin.code
    return HttpResponseRedirect(desk_url("staff_inbox", site))
