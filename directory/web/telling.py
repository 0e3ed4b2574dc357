"""What readers tell: that a record is wrong, and what they did not find. No account; so many an hour of one network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from basins.models import User
from basins.web.views import current_basin
from core.bilingual import Text, current_language, text
from core.errors import RuleError
from core.http import network_of
from directory import access, public_queries
from directory.documents import Holder
from directory.rules import corrections, missed
from directory.web.addresses import directory_url, organization_url, record_url
from directory.web.cards import address_of
from directory.web.forms import CorrectionForm, MissingForm
from directory.web.views import gone

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
def wrong(request: HttpRequest, record: UUID, basin: str | None = None) -> HttpResponse:
    """“This is wrong”: a form without an account; what is written goes to the teams."""
    service = public_queries.record(record, request.user)
    if service is None:
        return gone(request, record, basin)
    return _wrong(request, service, text(service, "name"), record_url(service, basin))


@require_http_methods(["GET", "HEAD", "POST"])
def wrong_organization(request: HttpRequest, organization: UUID, basin: str | None = None) -> HttpResponse:
    """The same of an organisation; one that merged leads to the one it is part of now."""
    row = public_queries.organization(organization, request.user)
    if row is None:
        return gone(request, organization, basin)
    if row.merged_into is not None:
        into = directory_url("wrong_organization", basin, organization=row.merged_into.uuid)
        return HttpResponseRedirect(into, status=301)
    return _wrong(request, row, text(row, "name"), organization_url(row, basin))


@require_http_methods(["GET", "HEAD", "POST"])
def wrong_place(request: HttpRequest, location: UUID, basin: str | None = None) -> HttpResponse:
    """The same of a place. Its address is told to those alone who may see it."""
    row = public_queries.place(location)
    if row is None:
        raise Http404
    address = address_of(row) if access.may_see_address(request.user, row) else ""
    name = text(row, "name") or text(row.organization, "name")
    return _wrong(request, row, name, organization_url(row.organization, basin), address)


def _wrong(request: HttpRequest, record: Holder, name: Text, back: str, address: str = "") -> HttpResponse:
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=_own_address(request))

    def report(said: dict[str, Any]) -> None:
        corrections.report(record=record, language=current_language(), network=network_of(request.META), **said)

    status = _sent(request, form, report)
    if status is None:
        messages.success(request, _("Thank you. The team looks at it."))
        return HttpResponseRedirect(back)
    context = {"form": form, "name": name, "address": address, "back_url": back}
    return render(request, "directory/wrong.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def missing(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """What was not found becomes a need of the basin, heard once more."""
    row = current_basin(basin)
    initial = {"title": request.GET.get("q", "")[:200], **_own_address(request)}
    form = MissingForm(request.POST if request.method == "POST" else None, initial=initial)

    def tell(said: dict[str, Any]) -> None:
        missed.tell(basin=row, language=current_language(), network=network_of(request.META), **said)

    back = directory_url("search", basin)
    status = _sent(request, form, tell)
    if status is None:
        messages.success(request, _("Thank you. The need is noted; the team of the basin reads it."))
        return HttpResponseRedirect(back)
    return render(request, "directory/missing.html", {"form": form, "back_url": back}, status=status)


def _sent(
    request: HttpRequest, form: CorrectionForm | MissingForm, send: Callable[[dict[str, Any]], None]
) -> int | None:
    """``None`` once it was sent; otherwise the status of the page that shows the form, with all that was written."""
    if request.method != "POST":
        return 200
    if not form.is_valid():
        return INVALID
    try:
        send(form.cleaned_data)
    except RuleError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return max(error.status, INVALID)
    return None


def _own_address(request: HttpRequest) -> dict[str, str]:
    return {"email": request.user.email} if isinstance(request.user, User) else {}
