"""The leaflet: pick records, order them, print; the list is the address of the page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from basins.addresses import page_url
from basins.models import User
from basins.rules.privacy import refuse_national_numbers
from basins.web.views import current_basin
from core import signing
from core.bilingual import current_language
from core.errors import RuleError
from core.http import network_of, private_page
from core.jobs import start, under_way
from directory import following, jobs, kept_queries, public_queries
from directory.leaflet import MOST, Sheet, as_they_are_now, public_among
from directory.models import SavedList, Service
from directory.rules import limits, lists
from directory.search.finder import find
from directory.web.addresses import directory_url, encoded, pairs_of
from directory.web.asking import question_from
from directory.web.cards import card
from directory.web.leaflet_address import LONGEST, is_over_full, moved, pairs_of_sheet, sheet_from
from directory.web.list_forms import KeeperForm

KEEP = "keep"  # the token of the list that is being changed


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def leaflet(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """What is on the leaflet, and what can be added. A POST keeps the list under an address, or changes a kept one."""
    params = request.POST if request.method == "POST" else request.GET
    sheet = sheet_from(params)
    kept = _kept(params.get(KEEP, ""))
    changed = moved(sheet, params)
    if changed is not None:
        return HttpResponseRedirect(_address(basin, changed, params.get(KEEP, "") if kept else ""))
    form = KeeperForm(request.POST if request.method == "POST" and kept is None else None, initial=_own(request))
    problems: list[str] = []
    if request.method == "POST" and (kept is not None or form.is_valid()):
        try:
            return _keep(basin, sheet, kept, form)
        except RuleError as error:
            problems.append(str(error.message))
    context = _context(request, sheet, basin) | {"form": form, "kept": kept, "problems": problems}
    context |= {"keep": params.get(KEEP, "") if kept else "", "is_over_full": is_over_full(params)}
    return render(request, "directory/leaflet/leaflet.html", context, status=422 if form.errors or problems else 200)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def leaflet_pdf(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """The same as PDF: A4, a side per language; the worker draws it. A GET, e.g. of an old link, leads to the list."""
    sheet = sheet_from(request.POST if request.method == "POST" else request.GET)
    if request.method != "POST" or not public_among(as_they_are_now(sheet.records)):
        return HttpResponseRedirect(_address(basin, sheet, ""))
    language = current_language()
    params = jobs.params_of(sheet, basin)
    job = under_way(jobs.LEAFLET, params=params, language=language)
    if job is None:
        try:
            refuse_national_numbers(**{name: params[name] for name in LONGEST})
            limits.refuse_many_leaflets(network_of(request.META))
        except RuleError as error:
            context = _context(request, sheet, basin) | {"form": KeeperForm(initial=_own(request))}
            context["problems"] = [str(error.message)]
            return render(request, "directory/leaflet/leaflet.html", context, status=max(error.status, 422))
        job = start(jobs.LEAFLET, params=params, by=None, scope=basin or "", language=language)
    return HttpResponseRedirect(page_url("job", basin, uuid=job.uuid))


def _keep(basin: str | None, sheet: Sheet, kept: SavedList | None, form: KeeperForm) -> HttpResponse:
    if kept is not None:
        row = lists.change(kept=kept, sheet=sheet)
        return HttpResponseRedirect(kept_queries.kept_url(row))
    email = form.cleaned_data["email"]
    lists.keep(sheet=sheet, email=email, language=current_language(), basin=current_basin(basin))
    return HttpResponseRedirect(directory_url("kept_sent", basin))


def _context(request: HttpRequest, sheet: Sheet, basin: str | None) -> dict[str, Any]:
    params = request.POST if request.method == "POST" else request.GET
    records = as_they_are_now(sheet.records)
    keys = dict(Service.objects.filter(uuid__in=public_among(records)).values_list("uuid", "pk"))
    chosen = public_queries.cards([keys[record] for record in records if record in keys], request.user)
    question = question_from(params, basin=basin, user=request.user)
    found = []
    if following.asks_something(question):
        hits = [hit.service for hit in find(question).hits]
        found = [row for row in public_queries.cards(hits, request.user) if row.uuid not in set(records)]
    return {
        "sheet": sheet,
        "chosen": [card(row, basin=basin) for row in chosen],
        "has_searched": following.asks_something(question),
        "found": [card(row, basin=basin) for row in found],
        "question": question,
        "filters": [pair for pair in pairs_of(question) if pair[0] != "q"],
        "gone": len(sheet.records) - len(chosen),
        "most": MOST,
        "address": directory_url("leaflet", basin),
        "pdf_url": directory_url("leaflet_pdf", basin),
        "search_url": directory_url("search", basin),
        "pairs": pairs_of_sheet(sheet),
    }


def _address(basin: str | None, sheet: Sheet, keep: str) -> str:
    pairs = [*pairs_of_sheet(sheet), *([(KEEP, keep)] if keep else [])]
    return f"{directory_url('leaflet', basin)}?{encoded(pairs)}"


def _kept(token: str) -> SavedList | None:
    """The list that is being changed; a token that opens nothing makes a new one."""
    try:
        row = kept_queries.opened_by(token) if token else None
    except (signing.BadToken, signing.StaleToken):
        return None
    return row if isinstance(row, SavedList) else None


def _own(request: HttpRequest) -> dict[str, str]:
    return {"email": request.user.email} if isinstance(request.user, User) else {}
