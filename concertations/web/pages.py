"""What everybody sees: the series of a basin or of the Region, a series, a meeting."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concertations import queries
from concertations.web.common import shown_meeting, shown_series


@require_safe
def index(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """All series."""
    return render(request, "concertations/index.html", {"all_series": queries.series_of(request.user, basin)})


@require_safe
def series(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """One series with its meetings."""
    row = shown_series(request, basin, slug)
    meetings = queries.meetings_of(request.user, basin, slug)
    return render(request, "concertations/series.html", {"series": row, "meetings": meetings})


@require_safe
def meeting(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """One meeting."""
    row = shown_meeting(request, basin, slug, meeting)
    return render(request, "concertations/meeting.html", {"meeting": row, "series": row.series})
