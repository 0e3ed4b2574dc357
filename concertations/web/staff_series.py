"""The team's pages on its series, and the year as the law wants it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from basins.models import Basin
from basins.rights import Right
from basins.web.desk import ask_page, form_page, shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from concertations import queries_year, staff_queries
from concertations.links import page, series_page
from concertations.rules import series as rules
from concertations.web.common import kept_series
from concertations.web.staff_forms import SeriesForm

for_keepers = staff_required(Right.MANAGE_CONCERTATIONS)


@require_GET
@for_keepers
def index(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """All series the team keeps, what comes next, and the year line of the law."""
    found = staff_queries.with_counts(staff_queries.series_kept_by(signed_in(request), basin))
    year = queries_year.year_of(request.GET.get("year", ""), timezone.localdate())
    context = {
        "all_series": found,
        "coming": staff_queries.coming(signed_in(request), basin),
        "year": year,
        "lines": queries_year.year_lines(basin, year, with_drafts=True) if basin else [],
        "new_url": page("staff_series_new", basin),
        "dates_url": page("staff_save_the_date", basin),
        "public_url": page("index", basin),
    }
    return render(request, "concertations/staff/index.html", context)


@shown_or_sent
@for_keepers
def series_new(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """A new series."""
    form = SeriesForm(request.POST or None)

    def save() -> HttpResponse:
        site = get_object_or_404(Basin, code=basin) if basin else None
        made = rules.create(basin=site, data=form.series_for_rule(), by=signed_in(request))
        messages.success(request, _("The series is there. Now its first meeting."))
        return HttpResponseRedirect(series_page(made, "staff_series"))

    return form_page(request, form, save, title=_("New series"), back_url=page("staff_index", basin))


@require_GET
@for_keepers
def series(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """One series with its meetings, drafts included."""
    row = kept_series(request, basin, slug)
    found = staff_queries.meetings_kept_by(signed_in(request), basin, slug)
    now = timezone.now()
    context = {
        "series": row,
        "ahead": [meeting for meeting in found if meeting.ends_at > now],
        "past": [meeting for meeting in reversed(found) if meeting.ends_at <= now],
        "index_url": page("staff_index", basin),
    }
    return render(request, "concertations/staff/series.html", context)


@shown_or_sent
@for_keepers
def series_edit(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """Name, kind, theme, texts, contact of a series."""
    row = kept_series(request, basin, slug)
    form = SeriesForm(request.POST or None, initial=SeriesForm.initial_of_series(row))

    def save() -> HttpResponse:
        changed = rules.edit(series=row, data=form.series_for_rule(), by=signed_in(request))
        messages.success(request, _("The series is saved."))
        return HttpResponseRedirect(series_page(changed, "staff_series"))

    back_url = series_page(row, "staff_series")
    more = {} if row.meetings.exists() else {"danger_url": series_page(row, "staff_series_remove")}
    label = {"danger_label": _("Remove the series")} if more else {}
    return form_page(request, form, save, title=_("Edit the series"), back_url=back_url, **more, **label)


@shown_or_sent
@for_keepers
def series_remove(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """Asks first; the POST takes away a series without meetings."""
    row = kept_series(request, basin, slug)

    def remove() -> HttpResponse:
        rules.remove(series=row, by=signed_in(request))
        messages.success(request, _("The series is removed."))
        return HttpResponseRedirect(page("staff_index", basin))

    return ask_page(
        request,
        remove,
        question=_("Remove %(name)s?") % {"name": row},
        detail=_("This cannot be undone."),
        yes=_("Remove the series"),
        back_url=series_page(row, "staff_series"),
    )
