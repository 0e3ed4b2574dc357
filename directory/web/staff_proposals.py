"""What organisations want changed in their records: taken over, in part, or not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from basins.web.reader import signed_in
from core.errors import RuleError
from directory import staff_queries
from directory.diffs import Wording, label_of
from directory.models import Proposal, Service
from directory.rules import confirming
from directory.web.staff_records import desk_url, for_keepers, refused

PER_PAGE = 10


@require_safe
@for_keepers
def proposals(request: HttpRequest, basin: str) -> HttpResponse:
    """All that wait, the oldest first, with what would change."""
    page = Paginator(staff_queries.proposals(), PER_PAGE).get_page(request.GET.get("page"))
    services = staff_queries.records_by_uuid([row.record_uuid for row in page])
    wording = Wording()
    context = {
        "page": page,
        "rows": [_row(row, services.get(row.record_uuid), wording, basin) for row in page],
        "basin": basin,
        "query": "",
    }
    return render(request, "directory/staff/proposals.html", context)


def _row(row: Proposal, service: Service | None, wording: Wording, basin: str) -> dict[str, Any]:
    moved = confirming.changed_since(row, service) if service else set()
    return {
        "proposal": row,
        "service": service,
        "lines": wording.differences(row.record_kind, row.before, row.values),
        "moved": sorted(label_of(Service, key) for key in moved),
        "url": desk_url("staff_record", basin, record=row.record_uuid),
    }


@require_POST
@for_keepers
def settle(request: HttpRequest, basin: str, proposal: UUID) -> HttpResponse:
    """Take over what is ticked, or nothing."""
    row = get_object_or_404(Proposal, uuid=proposal)
    by, back_url = signed_in(request), desk_url("staff_proposals", basin)
    try:
        if request.POST.get("decision") == "accept":
            keys = request.POST.getlist("keys")
            confirming.accept(proposal=row, keys=keys, today=timezone.localdate(), by=by)
            messages.success(request, _("Taken over. The record counts as checked today."))
        else:
            confirming.dismiss(proposal=row, by=by)
            messages.success(request, _("Nothing was taken over."))
    except RuleError as error:
        return refused(request, error, back_url)
    return HttpResponseRedirect(back_url)
