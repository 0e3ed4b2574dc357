"""What happened to a record, and undoing one of the changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from basins.web.desk import ask_page, shown_or_sent
from basins.web.reader import signed_in
from core import spoken
from directory import staff_queries
from directory.diffs import Wording
from directory.enums import ChangeAction, RecordKind
from directory.models import Location, Organization, RecordChange, Service
from directory.rules import undoing
from directory.web.staff_records import desk_url, for_keepers

PER_PAGE = 20


@require_safe
@for_keepers
def history(request: HttpRequest, basin: str, record: UUID) -> HttpResponse:
    """Who changed what, when, from what to what; the newest first. It outlives the record."""
    changes = staff_queries.history(record)
    page = Paginator(changes, PER_PAGE).get_page(request.GET.get("page"))
    if not page.object_list:
        raise Http404
    wording = Wording()
    back_url, is_there = _way_back(basin, record)
    context = {
        "page": page,
        "rows": [_row(change, wording, is_there=is_there) for change in page],
        "label": page[0].label,
        "record": record,
        "basin": basin,
        "back_url": back_url,
        "is_there": is_there,
        "query": "",
    }
    return render(request, "directory/staff/history.html", context)


def _row(change: RecordChange, wording: Wording, *, is_there: bool) -> dict[str, Any]:
    is_removal = change.action == ChangeAction.REMOVED
    return {
        "change": change,
        "lines": [] if is_removal else wording.differences(change.record_kind, change.before, change.after),
        "may_try": not undoing.why_not(change) and is_removal != is_there,
    }


def _way_back(basin: str, record: UUID) -> tuple[str, bool]:
    """The desk of the record, or of its organisation, or the list where it is gone."""
    if Service.objects.filter(uuid=record).exists():
        return desk_url("staff_record", basin, record=record), True
    if Organization.objects.filter(uuid=record).exists():
        return desk_url("staff_organization", basin, organization=record), True
    place = Location.objects.filter(uuid=record).select_related("organization").first()
    if place is not None:
        return desk_url("staff_organization", basin, organization=place.organization.uuid), True
    return desk_url("staff_records", basin), False


@shown_or_sent
@for_keepers
def undo(request: HttpRequest, basin: str, change: UUID) -> HttpResponse:
    """Asks first; the POST writes what was before, or says why that can no longer be done."""
    row = get_object_or_404(RecordChange, uuid=change, record_kind__in=[kind.value for kind in RecordKind])
    back_url = desk_url("staff_history", basin, record=row.record_uuid)

    def act() -> HttpResponse:
        undoing.undo(change=row, by=signed_in(request))
        messages.success(request, _("Undone. The history shows it as a change of its own."))
        return HttpResponseRedirect(back_url)

    keys = Wording().differences(row.record_kind, row.before, row.after)
    is_removal = row.action == ChangeAction.REMOVED
    names = _("All of it comes back as it was.") if is_removal else ", ".join(line.label for line in keys)
    return ask_page(
        request,
        act,
        question=_("Undo the change of %(when)s to %(name)s?") % {"when": spoken.moment(row.at), "name": row.label},
        detail=names,
        yes=_("Undo it"),
        back_url=back_url,
    )
