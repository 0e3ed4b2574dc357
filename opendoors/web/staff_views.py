"""The team's pages of a week: its state, what waits on its desk, its programme, on the screen and on paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from basins.models import Basin
from basins.rights import Right
from basins.web.desk import form_page, shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core.bilingual import current_language
from core.errors import RuleError
from core.jobs import start
from opendoors import jobs, queries_hosts, staff_queries
from opendoors.enums import EditionState
from opendoors.models import Edition
from opendoors.rules import editions as rules
from opendoors.rules.editions import why_no_call
from opendoors.web.staff_forms import EditionForm


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
        "desk": staff_queries.desk(row),
        "call_url": queries_hosts.call_url(row) if row.state == EditionState.CALL else "",
        "call_closed": why_no_call(row),
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


@shown_or_sent
@staff_required(Right.MANAGE_OPEN_DOORS)
def on_paper(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """Start the PDF of the programme; who comes by the address alone finds the button on the edition's page."""
    row = kept_edition(request, basin, slug)
    if request.method != "POST":
        return back_to(row)
    job = start(
        jobs.PROGRAMME,
        params={"edition": str(row.uuid)},
        by=signed_in(request),
        scope=basin,
        language=current_language(),
    )
    return HttpResponseRedirect(reverse("job", kwargs={"basin": basin, "uuid": job.uuid}))
