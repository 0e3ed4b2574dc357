"""Pages that every site has. ``basin`` is None on the Region's site."""

from __future__ import annotations

import datetime as dt
from dataclasses import astuple
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from basins import queries
from basins.addresses import page_url
from basins.missions import Period, ask_url, missions
from basins.models import Basin
from basins.rules import people, routing
from basins.territory import territory
from basins.web.context import frame
from basins.web.forms import AgendaForm, PostcodeForm, ProfileForm, SearchForm, add_months
from basins.web.free_days import free_days
from basins.web.reader import signed_in
from basins.web.rows import by_month, calendar_event, date_rows, marked, months_of, touches
from basins.web.tiles import tiles
from core import tiles as street_tiles
from core.bilingual import current_language, text
from core.calendar import calendar_response

NEWS_PER_PAGE = 12
HITS_PER_PAGE = 20
FEED_DAYS_BACK, FEED_DAYS_AHEAD = 90, 400


def current_basin(code: str | None) -> Basin | None:
    """The basin of an address, None for the Region's pages."""
    return get_object_or_404(Basin, code=code) if code else None


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """``/`` leads to the Region's page in the language that the browser prefers."""
    with override(get_language_from_request(request)):
        response = HttpResponseRedirect(reverse("home"))
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def home(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """The front page: find, call, dates, news, missions; on the Region's site, which basin."""
    row = current_basin(basin)
    return render(
        request,
        "basins/home.html" if row else "basins/region.html",
        {
            "dates": date_rows(queries.next_dates(row), basin=basin),
            "news": queries.published_news(row)[:3],
            "cards": queries.home_cards(row),
            "ask_url": ask_url(basin),
            "is_open": queries.helpdesk_is_open(),
            "postcode_form": PostcodeForm(),
            "tiles": () if row else tiles(frame(None).basins),
        },
    )


@require_safe
def agenda(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """All dates of all missions: what comes, or a month; of one kind, or all."""
    row = current_basin(basin)
    form = AgendaForm(request.GET)
    offered = queries.agenda(row, form.offered)
    form.set_months(month for item in offered for month in months_of(item))
    items = [item for item in offered if touches(item, form.period)]
    form.set_kinds(sorted({item.kind for item in items}))
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    rows = date_rows([item for item in items if item.kind == kind or not kind], basin=basin)
    first = form.first_of_month
    return render(
        request,
        "basins/agenda.html",
        {
            "form": form,
            "months": [(month, rows, free_days(month)) for month, rows in by_month(rows)],
            "first": first,
            "previous": add_months(first, -1) if first else None,
            "next": add_months(first, 1) if first else None,
            "feed_url": request.build_absolute_uri(page_url("agenda_feed", basin)),
        },
    )


@require_safe
def agenda_feed(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """The agenda as a calendar that other programs subscribe to: what was lately, and all that comes."""
    row = current_basin(basin)
    today = timezone.localdate()
    period = Period(today - dt.timedelta(days=FEED_DAYS_BACK), today + dt.timedelta(days=FEED_DAYS_AHEAD))
    name = _("Calendar of the %(basin)s basin") % {"basin": text(row, "name")} if row else _("Calendar of the basins")
    return calendar_response(
        name,
        [calendar_event(item) for item in queries.agenda(row, period)],
        current_language(),
        filename=f"{basin or 'brussels'}.ics",
    )


@require_safe
def search(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """What all missions find; in the basin first, in all of them when asked."""
    row = current_basin(basin)
    form = SearchForm(request.GET)
    is_valid = form.is_valid()
    words = form.cleaned_data["q"] if is_valid else ""
    everywhere = row is None or (is_valid and form.cleaned_data["all"])
    page = Paginator(queries.search(words, None if everywhere else row), HITS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    address = page_url("search", basin)
    return render(
        request,
        "basins/search.html",
        {
            "form": form,
            "words": words,
            "page": page,
            "hits": [(hit, marked(hit.title), _other_basin(hit.basin_code, basin)) for hit in page],
            "everywhere": everywhere,
            "query": urlencode({"q": words, "all": "on"} if everywhere and basin else {"q": words}),
            "widen_url": "" if everywhere else f"{address}?{urlencode({'q': words, 'all': 'on'})}",
            "ask_url": ask_url(basin, words),
            "narrow_url": f"{address}?{urlencode({'q': words})}" if everywhere and basin else "",
        },
    )


def _other_basin(code: str | None, own: str | None) -> str:
    """The name of a basin that is not the one whose site this is."""
    facts = territory().find(code)
    return facts.name if facts is not None and facts.code != own else ""


@require_safe
def news(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """All news, the latest first."""
    page = Paginator(queries.published_news(current_basin(basin)), NEWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "basins/news.html", {"page": page})


@require_safe
def news_item(request: HttpRequest, uuid: Any, basin: str | None = None) -> HttpResponse:
    """One item; a draft, a withdrawn one and another basin's are not found."""
    item = get_object_or_404(queries.published_news(current_basin(basin)), uuid=uuid)
    return render(request, "basins/news_item.html", {"item": item, "title": text(item, "title")})


@require_safe
def find_basin(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """A postcode → the basins it may lie in, and why."""
    form = PostcodeForm(request.GET if "postcode" in request.GET else None)
    found: list[routing.Candidate] = []
    if form.is_bound and form.is_valid():
        try:
            found = routing.candidates(form.cleaned_data["postcode"])
        except routing.UnknownPostcode as error:
            form.add_error("postcode", str(error.message))
    return render(request, "basins/find_basin.html", {"form": form, "candidates": found})


@require_http_methods(["GET", "HEAD", "POST"])
def my_space(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """What waits for me, what is mine, and how I am written to."""
    user = signed_in(request)
    given = request.POST if request.method == "POST" else None
    form = ProfileForm(given, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        user = people.edit_person(person=user, by=user, **form.cleaned_data)
        with override(user.language):
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(page_url("my_space", basin))
    return render(
        request,
        "basins/my_space.html",
        {
            "form": form,
            "tasks": queries.tasks_for(user),
            "desks": queries.desks_of(user),
            "sections": [(section, date_rows(section.items, basin=basin)) for section in queries.sections_of(user)],
        },
        status=422 if form.is_bound else 200,
    )


@require_safe
def accessibility(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """The accessibility statement that the law asks for."""
    return render(request, "basins/accessibility.html")


@require_safe
def privacy(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """What is kept, why and for how long."""
    headings = [_("What"), _("Why"), _("How long")]
    rows = [astuple(row) for mission in missions() for row in mission.privacy_rows()]
    context = {"caption": headings[0], "headings": headings, "rows": rows, "tiles": street_tiles.tiles()}
    return render(request, "basins/privacy.html", context)
