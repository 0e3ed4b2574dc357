"""The team's pages: what was looked for in vain, and what readers say is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from basins.rights import Right
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core.errors import RuleError
from directory import staff_queries
from directory.documents import in_both
from directory.enums import CorrectionState, MissedVerdict
from directory.models import Correction, MissedSearch, Organization, Service
from directory.rules import corrections as correction_rules
from directory.rules import missed as missed_rules
from directory.search.finder import all_options
from directory.search.questions import Question
from directory.search.thesaurus import Option
from directory.web.addresses import directory_url, encoded, organization_url, pairs_of, record_url
from directory.web.asking import in_words, question_from
from directory.web.forms import VerdictForm

PER_PAGE = 30


@require_safe
@staff_required(Right.MANAGE_DIRECTORY)
def missed_searches(request: HttpRequest, basin: str) -> HttpResponse:
    """What was looked for in vain, the most frequent first; what has a verdict is a page of its own."""
    verdict = request.GET.get("verdict", "")
    verdict = verdict if verdict in MissedVerdict.values else ""
    page = Paginator(staff_queries.missed_searches(basin, verdict=verdict), PER_PAGE).get_page(request.GET.get("page"))
    tabs = [("", _("To be looked at"), verdict == "")]
    tabs += [(value, str(label), value == verdict) for value, label in MissedVerdict.choices]
    options = all_options() if any(row.filters for row in page) else {}
    context = {
        "page": page,
        "rows": [(row, _filters_of(row, options) if row.filters else "") for row in page],
        "tabs": tabs,
        "query": f"verdict={verdict}" if verdict else "",
        "search_url": directory_url("search", basin),
        "basin": basin,
    }
    return render(request, "directory/staff/missed_searches.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Right.MANAGE_DIRECTORY)
def missed_search(request: HttpRequest, basin: str, missed: UUID) -> HttpResponse:
    """One of them: look again, and say why it was not found."""
    row = get_object_or_404(MissedSearch, uuid=missed)
    form = VerdictForm(
        request.POST if request.method == "POST" else None, initial={"verdict": row.verdict, "note": row.note}
    )
    if request.method == "POST" and form.is_valid():
        try:
            missed_rules.settle(
                missed=row,
                verdict=form.cleaned_data["verdict"],
                remark=form.cleaned_data["note"],
                by=signed_in(request),
            )
        except RuleError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("directory:staff_missed", kwargs={"basin": basin}))
    context = {
        "missed": row,
        "filters": _filters_of(row) if row.filters else "",
        "form": form,
        "back_url": reverse("directory:staff_missed", kwargs={"basin": basin}),
        "again_url": f"{directory_url('search', basin)}?{_again(row)}",
        "need_url": reverse("directory:staff_missed_need", kwargs={"basin": basin, "missed": row.uuid}),
    }
    return render(request, "directory/staff/missed_search.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required(Right.MANAGE_DIRECTORY)
def raise_need(request: HttpRequest, basin: str, missed: UUID) -> HttpResponse:
    """What does not exist becomes a need of the basin."""
    row = get_object_or_404(MissedSearch, uuid=missed)
    try:
        missed_rules.raise_as_need(missed=row, title=row.words or _filters_of(row), by=signed_in(request))
        messages.success(request, _("The need is noted."))
    except RuleError as error:
        messages.error(request, str(error.message))
    return HttpResponseRedirect(reverse("directory:staff_missed_one", kwargs={"basin": basin, "missed": row.uuid}))


@require_safe
@staff_required(Right.MANAGE_DIRECTORY)
def corrections(request: HttpRequest, basin: str) -> HttpResponse:
    """What readers say is wrong, the oldest that waits first."""
    state = request.GET.get("state", CorrectionState.RECEIVED)
    state = state if state in CorrectionState.values else CorrectionState.RECEIVED
    page = Paginator(staff_queries.corrections(state=state), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_said_of(row, basin) for row in page],
        "tabs": [(value, str(label), value == state) for value, label in CorrectionState.choices],
        "query": f"state={state}",
        "search_url": directory_url("search", basin),
        "basin": basin,
    }
    return render(request, "directory/staff/corrections.html", context)


@require_POST
@staff_required(Right.MANAGE_DIRECTORY)
def settle_correction(request: HttpRequest, basin: str, correction: UUID) -> HttpResponse:
    """Put right, or not taken over: one button each."""
    row = get_object_or_404(Correction, uuid=correction)
    try:
        correction_rules.settle(correction=row, state=request.POST.get("state", ""), by=signed_in(request))
        messages.success(request, _("Saved."))
    except RuleError as error:
        messages.error(request, str(error.message))
    return HttpResponseRedirect(reverse("directory:staff_corrections", kwargs={"basin": basin}))


def _said_of(row: Correction, basin: str) -> dict[str, Any]:
    """A correction with what it is about: a place without a name goes by its organisation's."""
    record = row.record
    if isinstance(record, Service):
        return {"row": row, "record": record, "owner": record.organization, "url": record_url(record, basin)}
    owner = record if isinstance(record, Organization) else record.organization
    named = record if any(getattr(record, column) for column in in_both("name")) else owner
    return {"row": row, "record": named, "owner": owner, "url": organization_url(owner, basin)}


def _asked(row: MissedSearch) -> Question:
    filters = [(key, value) for key, _equals, value in (each.partition("=") for each in row.filters)]
    query = urlencode([("q", row.words), ("near", row.postcode), *filters])
    return question_from(QueryDict(query), basin=None, user=AnonymousUser())


def _filters_of(row: MissedSearch, options: Mapping[str, Sequence[Option]] | None = None) -> str:
    """The filters in words, without the words and the place."""
    return in_words(replace(_asked(row), words="", near=""), all_options() if options is None else options)


def _again(row: MissedSearch) -> str:
    return encoded(pairs_of(_asked(row)))
