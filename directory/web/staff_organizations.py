"""The team's desk of organisations: their records, their places, whom to ask whether all is still right."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from basins.web.desk import form_page, shown_or_sent
from basins.web.forms import plain_line
from basins.web.reader import signed_in
from core.bilingual import text
from directory import queries, staff_queries
from directory.models import Location
from directory.rules import freshness, records
from directory.web.staff_editing import edit_page, new_page
from directory.web.staff_forms import ConfirmationForm, LocationForm, OrganizationForm
from directory.web.staff_records import PER_PAGE, desk_url, for_keepers, kept_organization


def _url(basin: str, organization: UUID) -> str:
    return desk_url("staff_organization", basin, organization=organization)


def _kept_location(uuid: UUID) -> Location:
    row = staff_queries.location(uuid)
    if row is None:
        raise Http404
    return row


@require_safe
@for_keepers
def organizations(request: HttpRequest, basin: str) -> HttpResponse:
    """All organisations by name; new records begin here."""
    words = plain_line(request.GET.get("q", ""))[:100]
    page = Paginator(staff_queries.organizations(words), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "query": urlencode({"q": words}) if words else "", "basin": basin}
    return render(request, "directory/staff/organizations.html", context)


@require_safe
@for_keepers
def organization(request: HttpRequest, basin: str, organization: UUID) -> HttpResponse:
    """An organisation with its records and places."""
    row = kept_organization(organization)
    context = {
        "organization": row,
        "basin": basin,
        "services": row.services.select_related("search_entry").order_by("name_fr", "pk"),
        "places": queries.places_of(row),
        "rounds": row.confirmations.order_by("-asked_on")[:1],
    }
    return render(request, "directory/staff/organization.html", context)


@shown_or_sent
@for_keepers
def organization_new(request: HttpRequest, basin: str) -> HttpResponse:
    """A new organisation, then its places and records."""

    def save(values: Any) -> HttpResponse:
        made = records.create_organization(values=values, by=signed_in(request))
        messages.success(request, _("The organisation is in the directory. Now its places and records."))
        return HttpResponseRedirect(_url(basin, made.uuid))

    title, back_url = _("New organisation"), desk_url("staff_organizations", basin)
    return new_page(request, OrganizationForm, save, owner=None, title=title, back_url=back_url)


@shown_or_sent
@for_keepers
def organization_edit(request: HttpRequest, basin: str, organization: UUID) -> HttpResponse:
    """Names, numbers, phones of an organisation."""
    row = kept_organization(organization)
    title = _("Change: %(name)s") % {"name": text(row, "name")}
    rule = lambda values, by: records.edit_organization(organization=row, values=values, by=by)  # noqa: E731
    return edit_page(request, row, OrganizationForm, rule, title=title, back_url=_url(basin, organization))


@require_POST
@for_keepers
def organization_checked(request: HttpRequest, basin: str, organization: UUID) -> HttpResponse:
    """Still right, the organisation and all its records: today somebody of the team looked."""
    row = kept_organization(organization)
    freshness.assure(records=[row, *row.services.all()], on=timezone.localdate(), by=signed_in(request))
    messages.success(request, _("Noted: checked today, still right."))
    return HttpResponseRedirect(_url(basin, organization))


@shown_or_sent
@for_keepers
def organization_asked(request: HttpRequest, basin: str, organization: UUID) -> HttpResponse:
    """Whom the mail "still right?" goes to, and how often."""
    row = kept_organization(organization)
    initial = {"email": row.confirm_email, "language": row.confirm_language, "every_days": row.confirm_every_days}
    form = ConfirmationForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        records.set_confirmation(organization=row, by=signed_in(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(_url(basin, organization))

    title = _("Who is asked whether %(name)s is still right") % {"name": text(row, "name")}
    return form_page(request, form, save, title=title, back_url=_url(basin, organization))


@shown_or_sent
@for_keepers
def location_new(request: HttpRequest, basin: str, organization: UUID) -> HttpResponse:
    """One place more of an organisation."""
    row = kept_organization(organization)

    def save(values: dict[str, Any]) -> HttpResponse:
        if not values["is_seat"]:
            del values["is_seat"]  # the first place of all is the seat
        records.create_location(organization=row, values=values, by=signed_in(request))
        messages.success(request, _("The place is saved."))
        return HttpResponseRedirect(_url(basin, organization))

    title = _("New place of %(name)s") % {"name": text(row, "name")}
    return new_page(request, LocationForm, save, owner=row, title=title, back_url=_url(basin, organization))


@shown_or_sent
@for_keepers
def location_edit(request: HttpRequest, basin: str, location: UUID) -> HttpResponse:
    """Address, access, hours of a place."""
    row = _kept_location(location)
    title = _("Place of %(name)s") % {"name": text(row.organization, "name")}
    rule = lambda values, by: records.edit_location(location=row, values=values, by=by)  # noqa: E731
    return edit_page(request, row, LocationForm, rule, title=title, back_url=_url(basin, row.organization.uuid))
