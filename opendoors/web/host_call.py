"""The call to hosts: what is asked, the form, the page afterwards; and the link once more."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import RuleError
from core.http import network_of
from opendoors import queries_hosts
from opendoors.models import Edition
from opendoors.rules import validating
from opendoors.rules.editions import why_no_call
from opendoors.rules.validating import VISITS_AT_ONCE
from opendoors.web.host_forms import LinkForm, ProposalForm, as_typed, rows_in, visit_forms
from opendoors.web.staff_forms import OpeningForm

shown_or_sent = require_http_methods(["GET", "HEAD", "POST"])


def _called(basin: str, slug: str) -> Edition:
    return get_object_or_404(queries_hosts.calls(basin), slug=slug)


@shown_or_sent
def call(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """What hosting means, and the form; a POST sends the proposal, or shows a form with one visit more or fewer."""
    edition = _called(basin, slug)
    if request.method != "POST":
        return _call_page(request, edition, ProposalForm(), visit_forms(edition, None, 1))
    rows = rows_in(request.POST)
    if "more" in request.POST or "fewer" in request.POST:
        return _with_other_rows(request, edition, rows)
    form, visits = ProposalForm(request.POST), visit_forms(edition, request.POST, rows)
    # Each is asked, so that all that is missing is said at once.
    if not all([form.is_valid(), *(one.is_valid() for one in visits)]):
        return _call_page(request, edition, form, visits, status=422)
    try:
        validating.propose(
            edition=edition,
            data=form.host_for_rule(),
            place=form.place_for_rule(),
            visits=[one.visit_for_rule() for one in visits],
            network=network_of(request.META),
        )
    except RuleError as error:
        number = error.extra.get("visit")
        (form if number is None else visits[number]).add_refusal(error)
        return _call_page(request, edition, form, visits, status=error.status)
    return HttpResponseRedirect(reverse("opendoors:call_sent", kwargs={"basin": basin, "slug": slug}))


def _with_other_rows(request: HttpRequest, edition: Edition, rows: int) -> HttpResponse:
    typed = ProposalForm(initial=as_typed(ProposalForm(), request.POST))
    visits = visit_forms(edition, None, rows)
    for one in visits:
        if one.add_prefix("day") in request.POST:
            one.initial = {**one.initial, **as_typed(one, request.POST)}
    if "more" in request.POST:
        visits[-1].fields["day"].widget.attrs["autofocus"] = True
    return _call_page(request, edition, typed, visits)


def _call_page(
    request: HttpRequest, edition: Edition, form: ProposalForm, visits: list[OpeningForm], *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "edition": edition,
        "closed_reason": why_no_call(edition),
        "form": form,
        "visit_forms": visits,
        "problems": _problems(visits),
        "can_add": len(visits) < VISITS_AT_ONCE,
        "bands": [f"{begins} – {ends}" for begins, ends in edition.bands],
        "list_url": reverse("opendoors:editions", kwargs={"basin": edition.basin.code}),
    }
    return render(request, "opendoors/call.html", context, status=status)


def _problems(visits: list[OpeningForm]) -> list[dict[str, str]]:
    """What is wrong with the visits, for the summary on top, each with the way to its field."""
    found = []
    for number, one in enumerate(visits, start=1):
        if not one.is_bound:
            continue
        where = _("Visit %(number)d") % {"number": number}
        for name, errors in one.errors.items():
            at = one[name].id_for_label if name in one.fields else f"h-visit{number}"
            found += [{"text": f"{where} – {error}", "url": f"#{at}"} for error in errors]
    return found


@require_safe
def call_sent(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """After sending: what happens next. It names nobody, for anybody may open it."""
    edition = _called(basin, slug)
    return render(
        request, "opendoors/call_sent.html", {"edition": edition, "call_url": queries_hosts.call_url(edition)}
    )


@shown_or_sent
def call_link(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """Mail a host its link once more, also one that no call brought. Known or not, the answer is the same."""
    edition = get_object_or_404(queries_hosts.reachable(basin), slug=slug)
    form = LinkForm(request.POST or None)
    sent = False
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                validating.send_links(
                    edition=edition, email=form.cleaned_data["email"], network=network_of(request.META)
                )
                sent, status = True, 200
            except RuleError as error:
                form.add_error(None, str(error.message))
                status = error.status
    call = queries_hosts.call_url(edition) if queries_hosts.calls(basin).filter(pk=edition.pk).exists() else ""
    list_url = reverse("opendoors:editions", kwargs={"basin": basin})
    context = {"edition": edition, "form": form, "sent": sent, "call_url": call, "list_url": list_url}
    return render(request, "opendoors/call_link.html", context, status=status)
