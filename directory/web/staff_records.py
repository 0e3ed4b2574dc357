"""The team's desk of the directory: the records to look after, one record, its form."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from basins.models import Basin
from basins.rights import Right
from basins.web.desk import ask_page, shown_or_sent
from basins.web.forms import plain_line
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core.bilingual import text
from core.errors import RuleError
from directory import staff_queries, wording
from directory.diffs import label_of
from directory.documents import SHAPES, in_both
from directory.enums import TextState
from directory.models import Organization, Service
from directory.quality import POOR_BELOW, advice_for, quality_of
from directory.rules import freshness, records
from directory.staff_queries import RecordFilter
from directory.web.addresses import record_url
from directory.web.cards import address_of
from directory.web.staff_editing import edit_page, new_page
from directory.web.staff_forms import ServiceForm

PER_PAGE = 30
for_keepers = staff_required(Right.MANAGE_DIRECTORY)


def desk_url(name: str, basin: str, **kwargs: Any) -> str:
    return reverse(f"directory:{name}", kwargs={"basin": basin, **kwargs})


def kept_record(uuid: UUID) -> Service:
    """The record, or 404."""
    row = staff_queries.record(uuid)
    if row is None:
        raise Http404
    return row


def kept_organization(uuid: UUID) -> Organization:
    """The organisation, or 404."""
    row = staff_queries.organization(uuid)
    if row is None:
        raise Http404
    return row


@require_safe
@for_keepers
def records_list(request: HttpRequest, basin: str) -> HttpResponse:
    """The records to look after: those of the basin unless all are asked for, the longest due first."""
    asked = request.GET.get("show", "")
    wanted = asked if asked in RecordFilter.values else ""
    words = plain_line(request.GET.get("q", ""))[:100]
    everywhere = bool(request.GET.get("all"))
    today = timezone.localdate()
    here = None if everywhere else Basin.objects.get(code=basin)
    found = staff_queries.records(wanted, words=words, basin=here, today=today)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    kept = [(key, value) for key, value in (("q", words), ("all", "on" if everywhere else "")) if value]
    tabs = [("", _("All")), *RecordFilter.choices]
    context = {
        "page": page,
        "rows": [_row(service, basin) for service in page],
        "tabs": [(str(label), urlencode([*kept, ("show", value)]), value == wanted) for value, label in tabs],
        "query": urlencode([*kept, ("show", wanted)]),
        "words": words,
        "wanted": wanted,
        "everywhere": everywhere,
        "basin": basin,
    }
    return render(request, "directory/staff/records.html", context)


def _row(service: Service, basin: str) -> dict[str, Any]:
    states = [state for name in SHAPES[Service].texts for state in service.text_states(name).values()]
    entry = getattr(service, "search_entry", None)
    return {
        "service": service,
        "url": desk_url("staff_record", basin, record=service.uuid),
        "quality": entry.quality if entry else None,
        "is_poor": entry is not None and entry.quality < POOR_BELOW,
        "freshness": wording.freshness_state(service, timezone.localdate()),
        "missing": _missing(service),
        "outdated": states.count(TextState.OUTDATED),
    }


def _missing(service: Service) -> int:
    """How many texts are there in one language alone."""
    given = [[bool(getattr(service, column)) for column in in_both(name)] for name in SHAPES[Service].texts]
    return sum(any(each) and not all(each) for each in given)


@require_safe
@for_keepers
def record(request: HttpRequest, basin: str, record: UUID) -> HttpResponse:
    """One record on the desk: its quality, what would raise it, its texts beside each other."""
    service = kept_record(record)
    today = timezone.localdate()
    context = {
        "service": service,
        "basin": basin,
        "quality": quality_of(service, today),
        "is_poor": quality_of(service, today) < POOR_BELOW,
        "advice": advice_for(service, today),
        "freshness": wording.freshness_state(service, today),
        "texts": _texts(service),
        "reach": _reach(service, today),
        "edit_url": desk_url("staff_record_edit", basin, record=record),
        "public_url": record_url(service, basin),
        "gone": [row for row in service.source_records.all() if row.is_gone],
    }
    return render(request, "directory/staff/record.html", context)


def _reach(service: Service, today: dt.date) -> list[dict[str, Any]]:
    """How one reaches it, when and in which languages; each with the part of the form that changes it."""
    own = list(service.schedules.all())
    hours = wording.hours_of(own or wording.schedules_of(service), today)
    languages = wording.languages_of(service)
    territory = wording.territory_of(service)
    places = [address_of(row.location) or str(row.location) for row in service.at_locations.all()]
    phones = list(service.phones.all())
    return [
        {
            "key": "phones",
            "label": _("Phones"),
            "phones": phones or list(service.organization.phones.all()),
            "is_inherited": not phones and bool(service.organization.phones.all()),
        },
        {
            "key": "schedules",
            "label": _("Opening hours"),
            "hours": hours,
            "is_inherited": not own and bool(hours),
        },
        {"key": "where", "label": _("Languages"), "words": languages},
        {"key": "where", "label": _("Territory served"), "words": territory},
        {"key": "where", "label": _("Places"), "words": " · ".join(places)},
    ]


def _texts(service: Service) -> list[dict[str, Any]]:
    """Each text there is in one language at least."""
    found = []
    for name in SHAPES[Service].texts:
        if any(getattr(service, column) for column in in_both(name)):
            label = label_of(Service, name)
            cells = [
                {"column": f"{name}_{code}", "code": code, "text": getattr(service, f"{name}_{code}"), "state": state}
                for code, state in service.text_states(name).items()
            ]
            found.append({"label": label, "cells": cells})
    return found


@shown_or_sent
@for_keepers
def record_edit(request: HttpRequest, basin: str, record: UUID) -> HttpResponse:
    """Everything of a record on one page."""
    service = kept_record(record)
    back_url = desk_url("staff_record", basin, record=record)
    title = _("Change: %(name)s") % {"name": text(service, "name")}
    rule = lambda values, by: records.edit_service(service=service, values=values, by=by)  # noqa: E731 - named for what it does
    return edit_page(request, service, ServiceForm, rule, title=title, back_url=back_url)


@shown_or_sent
@for_keepers
def record_new(request: HttpRequest, basin: str, organization: UUID) -> HttpResponse:
    """A new record of an organisation."""
    owner = kept_organization(organization)

    def save(values: Any) -> HttpResponse:
        made = records.create_service(organization=owner, values=values, by=signed_in(request))
        messages.success(request, _("The record is in the directory."))
        return HttpResponseRedirect(desk_url("staff_record", basin, record=made.uuid))

    title = _("New record of %(name)s") % {"name": text(owner, "name")}
    back_url = desk_url("staff_organization", basin, organization=organization)
    return new_page(request, ServiceForm, save, owner=owner, title=title, back_url=back_url)


@require_POST
@for_keepers
def record_checked(request: HttpRequest, basin: str, record: UUID) -> HttpResponse:
    """Still right: today somebody of the team looked."""
    service = kept_record(record)
    freshness.assure(records=[service], on=timezone.localdate(), by=signed_in(request))
    messages.success(request, _("Noted: checked today, still right."))
    return HttpResponseRedirect(desk_url("staff_record", basin, record=record))


@require_POST
@for_keepers
def record_keep_text(request: HttpRequest, basin: str, record: UUID) -> HttpResponse:
    """A text still fits the other language, though that one changed."""
    service = kept_record(record)
    records.keep_text(record=service, column=request.POST.get("column", ""), by=signed_in(request))
    messages.success(request, _("Noted: the text still fits."))
    return HttpResponseRedirect(f"{desk_url('staff_record', basin, record=record)}#texts")


@shown_or_sent
@for_keepers
def record_remove(request: HttpRequest, basin: str, record: UUID) -> HttpResponse:
    """Asks first; the POST takes the record out. Its history stays, from which it can come back."""
    service = kept_record(record)

    def remove() -> HttpResponse:
        records.remove_service(service=service, by=signed_in(request))
        messages.success(request, _("The record is out of the directory. Its history can bring it back."))
        return HttpResponseRedirect(desk_url("staff_history", basin, record=record))

    return ask_page(
        request,
        remove,
        question=_("Take %(name)s out of the directory?") % {"name": text(service, "name")},
        detail=_("Partners who keep a copy are told. The record can be brought back from its history."),
        yes=_("Take it out"),
        back_url=desk_url("staff_record", basin, record=record),
    )


@shown_or_sent
@for_keepers
def record_move(request: HttpRequest, basin: str, record: UUID) -> HttpResponse:
    """To which other organisation: words of its name, then a button each."""
    service = kept_record(record)
    back_url = desk_url("staff_record", basin, record=record)
    if request.method == "POST":
        try:
            into = kept_organization(UUID(request.POST.get("organization", "")))
            records.move_service(service=service, into=into, by=signed_in(request))
        except ValueError:
            raise Http404 from None
        except RuleError as error:
            return refused(request, error, desk_url("staff_record_move", basin, record=record))
        messages.success(request, _("Moved. The history can undo it."))
        return HttpResponseRedirect(back_url)
    words = plain_line(request.GET.get("q", ""))[:100]
    found = staff_queries.organizations(words).exclude(pk=service.organization_id)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"service": service, "page": page, "words": words, "basin": basin, "back_url": back_url}
    context["query"] = urlencode({"q": words}) if words else ""
    return render(request, "directory/staff/move.html", context)


def refused(request: HttpRequest, error: RuleError, url: str) -> HttpResponse:
    """Say why, and go back."""
    messages.error(request, str(error.message))
    return HttpResponseRedirect(url)
