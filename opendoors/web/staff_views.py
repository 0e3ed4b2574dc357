"""The team's pages of a week: its state and figures, who comes, the programme on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from basins.models import Basin
from basins.rights import Right
from basins.web.desk import form_page, shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core.bilingual import current_language
from core.csv_export import csv_response
from core.errors import RuleError
from core.jobs import start
from opendoors import jobs, staff_queries
from opendoors.enums import EditionState
from opendoors.models import BookedVisit, Edition
from opendoors.rules import editions as rules
from opendoors.web.staff_forms import EditionForm, SearchForm

PER_PAGE = 50


def kept_edition(request: HttpRequest, basin: str, slug: str) -> Edition:
    """The edition of the address, if the reader keeps it; else 404."""
    return get_object_or_404(staff_queries.editions_kept_by(signed_in(request), basin), slug=slug)


def back_to(edition: Edition) -> HttpResponseRedirect:
    """To the edition's page."""
    return HttpResponseRedirect(staff_queries.edition_url(edition))


@require_GET
@staff_required(Right.MANAGE_OPEN_DOORS)
def editions(request: HttpRequest, basin: str) -> HttpResponse:
    """All editions of the basin, drafts included."""
    found = staff_queries.editions_kept_by(signed_in(request), basin)
    return render(request, "opendoors/staff/editions.html", {"editions": found})


@shown_or_sent
@staff_required(Right.MANAGE_OPEN_DOORS)
def edition_new(request: HttpRequest, basin: str) -> HttpResponse:
    """A new edition, as a draft."""
    form = EditionForm(request.POST or None, initial=EditionForm.initial_of_edition(None))

    def save() -> HttpResponse:
        site = Basin.objects.get(code=basin)
        made = rules.create(basin=site, data=form.edition_for_rule(), by=signed_in(request))
        messages.success(request, _("The edition is there, as a draft. Now its programme."))
        return back_to(made)

    list_url = reverse("opendoors:staff_editions", args=[basin])
    return form_page(request, form, save, title=_("New edition"), back_url=list_url)


@require_GET
@staff_required(Right.MANAGE_OPEN_DOORS)
def edition(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """Where an edition stands: its state and next steps, figures, programme."""
    row = kept_edition(request, basin, slug)
    context = {
        "edition": row,
        "steps": rules.steps(row),
        "figures": staff_queries.figures(row),
        "visits": staff_queries.programme(row),
        "idle_hosts": staff_queries.idle_hosts(row),
        "is_history": staff_queries.is_history(row),
    }
    return render(request, "opendoors/staff/edition.html", context)


@shown_or_sent
@staff_required(Right.MANAGE_OPEN_DOORS)
def edition_edit(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """Name, texts, dates, bands, reminder of an edition."""
    row = kept_edition(request, basin, slug)
    form = EditionForm(request.POST or None, initial=EditionForm.initial_of_edition(row))

    def save() -> HttpResponse:
        changed = rules.edit(edition=row, data=form.edition_for_rule(), by=signed_in(request))
        messages.success(request, _("The edition is saved."))
        return back_to(changed)

    return form_page(request, form, save, title=_("Edit the edition"), back_url=staff_queries.edition_url(row))


@require_POST
@staff_required(Right.MANAGE_OPEN_DOORS)
def step(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """Take an edition one step on; a refusal comes back as a message."""
    row = kept_edition(request, basin, slug)
    to = request.POST.get("to", "")
    if to in EditionState.values:
        try:
            moved = rules.move(edition=row, to=EditionState(to), by=signed_in(request))
        except RuleError as error:
            messages.error(request, str(error.message))
        else:
            label = EditionState(moved.state).label
            messages.success(request, _("State of the edition: %(state)s.") % {"state": label})
    return back_to(row)


@require_POST
@staff_required(Right.MANAGE_OPEN_DOORS)
def on_paper(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """Start the PDF of the programme."""
    row = kept_edition(request, basin, slug)
    job = start(
        jobs.PROGRAMME,
        params={"edition": str(row.uuid)},
        by=signed_in(request),
        scope=basin,
        language=current_language(),
    )
    return HttpResponseRedirect(reverse("job", kwargs={"basin": basin, "uuid": job.uuid}))


# --- Who comes -----------------------------------------------------------------------------------


def _edition_with_bookings(request: HttpRequest, basin: str, slug: str) -> Edition:
    """The edition of the address, if the reader may see who comes; else 404."""
    return get_object_or_404(staff_queries.editions_with_bookings_for(signed_in(request), basin), slug=slug)


@require_GET
@staff_required(Right.SEE_OPEN_DOOR_BOOKINGS)
def bookings(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """Bookings of an edition, newest first, searched by words."""
    row = _edition_with_bookings(request, basin, slug)
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(staff_queries.bookings(row, words), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"edition": row, "form": form, "words": words, "page": page, "query": query.urlencode()}
    return render(request, "opendoors/staff/bookings.html", context)


@require_GET
@staff_required(Right.SEE_OPEN_DOOR_BOOKINGS)
def bookings_csv(request: HttpRequest, basin: str, slug: str) -> HttpResponseBase:
    """Every booked visit, one per line, for a spreadsheet; read and sent as it comes."""
    row = _edition_with_bookings(request, basin, slug)
    headings = [
        _("Reference"),
        _("Name"),
        _("E-mail"),
        _("Language"),
        _("Organisation"),
        _("Sector"),
        _("Wheelchair access needed"),
        _("Date"),
        _("Begins"),
        _("Ends"),
        _("Host"),
        _("State"),
        _("Booked on"),
    ]
    rows = (_cells(each) for each in staff_queries.booked_rows(row))
    return csv_response(f"{_('bookings')}-{row.slug}.csv", headings, rows)


def _cells(row: BookedVisit) -> list[Any]:
    booking, visit = row.booking, row.visit
    begins, ends, booked = (timezone.localtime(each) for each in (visit.starts_at, visit.ends_at, row.created))
    return [
        booking.reference,
        booking.name,
        booking.visitor.email,
        booking.visitor.language.upper(),
        booking.organisation,
        booking.get_sector_display(),
        _("yes") if booking.access_needs else "",
        f"{begins:%Y-%m-%d}",
        f"{begins:%H:%M}",
        f"{ends:%H:%M}",
        visit.host.name,
        row.get_state_display(),
        f"{booked:%Y-%m-%d %H:%M}",
    ]
