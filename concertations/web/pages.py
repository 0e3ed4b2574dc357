"""What everybody sees: the series of a basin or of the Region, a series, a meeting, its papers and calendar file."""

from __future__ import annotations

from pathlib import PurePath
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from basins.addresses import page_url
from concertations import access, jobs, queries, queries_year
from concertations.agenda import timed
from concertations.calendar import meeting_event, title_of
from concertations.enums import DocumentAudience
from concertations.links import meeting_page, page, series_page
from concertations.models import Document
from concertations.rules.window import link_is_public, why_closed
from concertations.web.common import shown_meeting, shown_series
from core.bilingual import current_language, text
from core.calendar import calendar_response


@require_safe
def index(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """What comes next, all series, and the year on the themes of the law."""
    today = timezone.localdate()
    year = queries_year.year_of(request.GET.get("year", ""), today)
    found = queries.with_next(queries.series_of(request.user, basin))
    context = {
        "all_series": [row for row in found if not row.is_over],
        "over": [row for row in found if row.is_over],
        "coming": queries.coming(basin),
        "year": year,
        "lines": queries_year.year_lines(basin, year) if basin else [],
        "regional": [] if basin is None else queries.series_of(request.user, None).filter(is_over=False),
        "desk_url": page("staff_index", basin) if access.keeps_series(request.user, basin) else "",
    }
    return render(request, "concertations/index.html", context)


@require_safe
def series(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """One series with its meetings, those ahead first."""
    row = shown_series(request, basin, slug)
    found = queries.meetings_of(request.user, basin, slug)
    now = timezone.now()
    context = {
        "series": row,
        "ahead": [meeting for meeting in found if meeting.ends_at > now],
        "past": [meeting for meeting in reversed(found) if meeting.ends_at <= now],
        "documents": queries.documents_for(request.user, row),
        "index_url": page("index", basin),
        "desk_url": series_page(row, "staff_series") if access.may_manage_series(request.user, row) else "",
    }
    return render(request, "concertations/series.html", context)


@require_safe
def meeting(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """One meeting: when, where, its agenda and papers, and whether one can register."""
    row = shown_meeting(request, basin, slug, meeting)
    audiences = access.audiences_of(request.user, row)
    context = {
        "meeting": row,
        "series": row.series,
        "name": title_of(row),
        "agenda": timed(row, audiences=audiences),
        "documents": queries.documents_for(request.user, row.series, row),
        "closed": why_closed(row),
        "seats_left": None if row.seats is None else max(0, row.seats - row.seats_taken),
        "online_url": row.online_url if link_is_public(row) or DocumentAudience.PARTICIPANTS in audiences else "",
        "register_url": queries.register_url(row),
        "desk_url": meeting_page(row, "staff_meeting") if access.may_manage_series(request.user, row.series) else "",
    }
    return render(request, "concertations/meeting.html", context)


@require_safe
def meeting_calendar(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """One meeting as a calendar file."""
    row = shown_meeting(request, basin, slug, meeting)
    name = str(title_of(row))
    filename = f"{slugify(name) or 'meeting'}.ics"
    return calendar_response(name, [meeting_event(row, for_everybody=True)], current_language(), filename=filename)


@require_safe
def series_calendar(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """All meetings of a series that everybody may see, to subscribe to."""
    row = shown_series(request, basin, slug)
    found = queries.public_meetings().filter(series=row)
    events = [meeting_event(meeting, for_everybody=True) for meeting in found]
    return calendar_response(str(text(row, "name")), events, current_language(), filename=f"{row.slug}.ics")


@require_http_methods(["GET", "HEAD", "POST"])
def agenda_pdf(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """The agenda as PDF, drawn by the worker; a GET leads to the meeting."""
    row = shown_meeting(request, basin, slug, meeting)
    if request.method != "POST":
        return HttpResponseRedirect(meeting_page(row))
    job = jobs.agenda_on_paper(row, current_language())
    return HttpResponseRedirect(page_url("job", basin, uuid=job.uuid))


@require_safe
def document(request: HttpRequest, slug: str, document: UUID, basin: str | None = None) -> FileResponse:
    """A paper, for whom it is meant; for everybody else it is not there."""
    series = shown_series(request, basin, slug)
    rows = Document.objects.select_related("series__basin", "meeting")
    row: Document = get_object_or_404(rows, series=series, uuid=document)
    if not access.may_open(request.user, row):
        raise Http404
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    suffix = PurePath(row.file.name or "").suffix
    answer = FileResponse(content, as_attachment=True, filename=f"{slugify(str(text(row, 'title'))) or 'file'}{suffix}")
    answer["X-Robots-Tag"] = "noindex"
    return answer
