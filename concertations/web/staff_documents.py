"""The team's pages on papers, of a series as a whole and of a meeting."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from basins.rights import Right
from basins.web.desk import form_page, shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from concertations.calendar import title_of
from concertations.links import meeting_page, series_page
from concertations.models import Meeting, Series
from concertations.rules import documents as rules
from concertations.web.common import kept_meeting, kept_series
from concertations.web.staff_forms import DocumentForm

for_keepers = staff_required(Right.MANAGE_CONCERTATIONS)
FORM = "concertations/staff/document_form.html"


@require_GET
@for_keepers
def of_series(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """Papers of the series as a whole."""
    row = kept_series(request, basin, slug)
    rows = row.documents.filter(meeting=None).select_related("series__basin", "item")
    context = {
        "series": row,
        "meeting": None,
        "name": str(row),
        "documents": rows,
        "new_url": series_page(row, "staff_series_document_new"),
    }
    return render(request, "concertations/staff/documents.html", context)


@require_GET
@for_keepers
def of_meeting(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Papers of one meeting."""
    row = kept_meeting(request, basin, slug, meeting)
    context = {
        "series": row.series,
        "meeting": row,
        "name": title_of(row),
        "documents": row.documents.select_related("series__basin", "item"),
        "new_url": meeting_page(row, "staff_meeting_document_new"),
    }
    return render(request, "concertations/staff/documents.html", context)


@shown_or_sent
@for_keepers
def new_of_series(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """Put a paper of the series up."""
    return _new(request, kept_series(request, basin, slug), None)


@shown_or_sent
@for_keepers
def new_of_meeting(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """Put a paper of a meeting up."""
    row = kept_meeting(request, basin, slug, meeting)
    return _new(request, row.series, row)


def _list_url(series: Series, meeting: Meeting | None) -> str:
    if meeting is not None:
        return meeting_page(meeting, "staff_meeting_documents")
    return series_page(series, "staff_series_documents")


def _new(request: HttpRequest, series: Series, meeting: Meeting | None) -> HttpResponse:
    form = DocumentForm(request.POST or None, request.FILES or None, meeting=meeting)

    def save() -> HttpResponse:
        rules.add(
            series=series,
            meeting=meeting,
            data=form.document_for_rule(),
            file=form.cleaned_data["file"],
            by=signed_in(request),
        )
        messages.success(request, _("The document is there."))
        return HttpResponseRedirect(_list_url(series, meeting))

    return form_page(request, form, save, title=_("New document"), back_url=_list_url(series, meeting), template=FORM)


@shown_or_sent
@for_keepers
def document(request: HttpRequest, slug: str, document: UUID, basin: str | None = None) -> HttpResponse:
    """What is said of a paper, another file in its place; or away with it."""
    series = kept_series(request, basin, slug)
    row = get_object_or_404(series.documents.select_related("meeting__series__basin", "series__basin"), uuid=document)
    back_url = _list_url(series, row.meeting)
    if request.method == "POST" and "remove" in request.POST:
        rules.remove(document=row, by=signed_in(request))
        messages.success(request, _("The document is taken away."))
        return HttpResponseRedirect(back_url)
    form = DocumentForm(
        request.POST or None,
        request.FILES or None,
        meeting=row.meeting,
        document=row,
        initial=DocumentForm.initial_of_document(row),
    )

    def save() -> HttpResponse:
        rules.edit(document=row, data=form.document_for_rule(), file=form.cleaned_data["file"], by=signed_in(request))
        messages.success(request, _("The document is saved."))
        return HttpResponseRedirect(back_url)

    words = _("Take the document away")
    return form_page(
        request, form, save, title=_("Edit the document"), back_url=back_url, template=FORM, remove_label=words
    )
