"""The team's pages on its series."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from basins.rights import Right
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from concertations import staff_queries
from concertations.web.common import kept_series


@require_GET
@staff_required(Right.MANAGE_CONCERTATIONS)
def index(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """All series the team keeps."""
    found = staff_queries.series_kept_by(signed_in(request), basin)
    return render(request, "concertations/staff/index.html", {"all_series": found})


@require_GET
@staff_required(Right.MANAGE_CONCERTATIONS)
def series(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """One series with its meetings, drafts included."""
    row = kept_series(request, basin, slug)
    meetings = staff_queries.meetings_kept_by(signed_in(request), basin, slug)
    return render(request, "concertations/staff/series.html", {"series": row, "meetings": meetings})
