"""The team's pages on a meeting."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from basins.rights import Right
from basins.web.second_factor import staff_required
from concertations.web.common import kept_meeting


@require_GET
@staff_required(Right.MANAGE_CONCERTATIONS)
def meeting(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Where a meeting stands."""
    row = kept_meeting(request, basin, slug, meeting)
    return render(request, "concertations/staff/meeting.html", {"meeting": row, "series": row.series})
