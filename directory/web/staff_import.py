"""The team's lists: choose a file, say what its columns are, read what it would do, then do it.

Every file goes to the worker, small or large, and waits in its job between the steps: nothing is stored of it that
nobody asked for, and it goes with the job.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files import File
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from basins.rights import Right
from basins.web.desk import form_page, shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core.bilingual import current_language
from core.csv_export import csv_response
from core.errors import RuleError
from core.jobs import start
from core.models import LongJob
from directory import exporting, jobs
from directory.enums import DoubleVerdict, LikenessReason
from directory.errors import FileRefused
from directory.importing.listing import open_list, samples
from directory.models import LikelyDouble, Source
from directory.rules import importing_doubles
from directory.rules import sources as rules
from directory.search.finder import find
from directory.search.questions import Order
from directory.web.asking import question_from
from directory.web.import_forms import MappingForm, SourceForm, UploadForm

PER_PAGE = 30
MOST_EXPORTED = 200_000


# --- Lists -----------------------------------------------------------------------------------------
@require_safe
@staff_required(Right.MANAGE_DIRECTORY)
def sources(request: HttpRequest, basin: str) -> HttpResponse:
    """All lists that are imported, with what waits in each."""
    return render(request, "directory/staff/sources.html", {"sources": _counted(Source.objects.all()), "basin": basin})


@shown_or_sent
@staff_required(Right.MANAGE_DIRECTORY)
def source_new(request: HttpRequest, basin: str) -> HttpResponse:
    """Name a further list."""
    form = SourceForm(_sent(request))

    def save() -> HttpResponse:
        made = rules.save_source(source=None, values=form.cleaned_data, by=signed_in(request))
        return _to("staff_source", basin, made)

    back_url = reverse("directory:staff_sources", kwargs={"basin": basin})
    return form_page(request, form, save, title=_("A further list"), back_url=back_url)


@shown_or_sent
@staff_required(Right.MANAGE_DIRECTORY)
def source_edit(request: HttpRequest, basin: str, source: UUID) -> HttpResponse:
    """Its name, its address, its licence."""
    row = get_object_or_404(Source, uuid=source)
    form = SourceForm(_sent(request), initial=SourceForm.initial_of(row))

    def save() -> HttpResponse:
        rules.save_source(source=row, values=form.cleaned_data, by=signed_in(request))
        messages.success(request, _("Saved."))
        return _to("staff_source", basin, row)

    back_url = reverse("directory:staff_source", kwargs={"basin": basin, "source": row.uuid})
    return form_page(request, form, save, title=_("Change the list"), back_url=back_url)


@shown_or_sent
@staff_required(Right.MANAGE_DIRECTORY)
def source(request: HttpRequest, basin: str, source: UUID) -> HttpResponse:
    """One list: GET shows it with its imports; POST sends a file to be looked at."""
    row = get_object_or_404(_counted(Source.objects.all()), uuid=source)
    form = UploadForm(_sent(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _to_job(request, basin, row, form.cleaned_data["file"], is_part=form.cleaned_data["is_part"])
    context = {
        "source": row,
        "form": form,
        "basin": basin,
        "jobs": _jobs_of(row)[:10],
        "back_url": reverse("directory:staff_sources", kwargs={"basin": basin}),
    }
    return render(request, "directory/staff/source.html", context, status=422 if form.errors else 200)


@shown_or_sent
@staff_required(Right.MANAGE_DIRECTORY)
def columns(request: HttpRequest, basin: str, source: UUID, looked_at: UUID) -> HttpResponse:
    """What the columns of a file are; then it is looked at again."""
    row = get_object_or_404(Source, uuid=source)
    job = _job_of(row, looked_at)
    try:
        with job.upload.open("rb") as file:
            listing = open_list(file)
            seen = samples(listing)
    except (FileRefused, FileNotFoundError) as error:
        raise Http404 from error
    form = MappingForm(listing.columns, row.mapping, seen, _sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            rules.save_mapping(source=row, heading=form.columns(), fixed=form.fixed(), by=signed_in(request))
        except RuleError as error:
            form.add_error(None, str(error.message))
        else:
            return _again(request, basin, row, job, write=False)
    context = {
        "source": row,
        "form": form,
        "basin": basin,
        "back_url": reverse("directory:staff_source", kwargs={"basin": basin, "source": row.uuid}),
    }
    return render(request, "directory/staff/columns.html", context, status=422 if form.errors else 200)


@require_POST
@staff_required(Right.MANAGE_DIRECTORY)
def import_again(request: HttpRequest, basin: str, source: UUID) -> HttpResponse:
    """Import the file of a job that looked at it, or look at it once more: a further job with a copy of it."""
    row = get_object_or_404(Source, uuid=source)
    try:
        uuid = UUID(request.POST.get("job", ""))
    except ValueError as error:
        raise Http404 from error
    return _again(request, basin, row, _job_of(row, uuid), write=request.POST.get("do") == "import")


# --- Doubles ---------------------------------------------------------------------------------------
@require_safe
@staff_required(Right.MANAGE_DIRECTORY)
def doubles(request: HttpRequest, basin: str, source: UUID) -> HttpResponse:
    """Rows that may be records we have, the likeliest first."""
    row = get_object_or_404(Source, uuid=source)
    waiting = row.doubles.filter(verdict=DoubleVerdict.OPEN).select_related("organization", "service__organization")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "source": row,
        "page": page,
        "rows": [(each, [LikenessReason(reason).label for reason in each.reasons]) for each in page],
        "last_job": _jobs_of(row).filter(state=LongJob.State.DONE).first(),
        "basin": basin,
        "back_url": reverse("directory:staff_source", kwargs={"basin": basin, "source": row.uuid}),
    }
    return render(request, "directory/staff/doubles.html", context)


@require_POST
@staff_required(Right.MANAGE_DIRECTORY)
def settle(request: HttpRequest, basin: str, double: UUID) -> HttpResponse:
    """The same, or something else: one button each."""
    row = get_object_or_404(LikelyDouble.objects.select_related("source"), uuid=double)
    verdict = request.POST.get("verdict", "")
    if verdict not in {DoubleVerdict.SAME, DoubleVerdict.DIFFERENT}:
        raise Http404
    try:
        importing_doubles.settle(double=row, verdict=DoubleVerdict(verdict), by=signed_in(request))
        messages.success(request, _("Noted. The next import of the list goes by it."))
    except RuleError as error:
        messages.error(request, str(error.message))
    return _to("staff_doubles", basin, row.source)


# --- Out -------------------------------------------------------------------------------------------
@require_safe
@staff_required(Right.MANAGE_DIRECTORY)
def export(request: HttpRequest, basin: str) -> HttpResponseBase:
    """What a search finds, as a file: ``as`` is csv, xlsx or hsds, the rest as on the search page."""
    keys = _selected(request, basin)
    user = signed_in(request)
    match request.GET.get("as"):
        case "csv":
            return csv_response("directory.csv", exporting.headings(), exporting.rows(keys, user))
        case "xlsx" if len(keys) <= exporting.ROWS_OF_WORKBOOK:
            return FileResponse(exporting.workbook(keys, user), as_attachment=True, filename="directory.xlsx")
        case "hsds":
            response = StreamingHttpResponse(exporting.hsds(keys, current_language()), content_type="application/json")
            response["Content-Disposition"] = (
                content_disposition_header(as_attachment=True, filename="directory.json") or "attachment"
            )
            return response
    context = {
        "basin": basin,
        "number": len(keys),
        "most": exporting.ROWS_OF_WORKBOOK,
        "is_too_large": len(keys) > exporting.ROWS_OF_WORKBOOK,
        "query": _query(request),
        "back_url": f"{reverse('directory:search', kwargs={'basin': basin})}?{_query(request)}",
    }
    return render(request, "directory/staff/export.html", context)


def _selected(request: HttpRequest, basin: str) -> list[int]:
    question = question_from(request.GET, basin=basin, user=request.user)
    whole = replace(question, order=Order.RELEVANCE, page=1, per_page=MOST_EXPORTED)
    return [hit.service for hit in find(whole).hits]


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("as", None)
    return kept.urlencode()


# --- Shared ----------------------------------------------------------------------------------------
def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _counted(rows: QuerySet[Source]) -> QuerySet[Source]:
    waiting = Count("doubles", filter=Q(doubles__verdict=DoubleVerdict.OPEN), distinct=True)
    known = Count("records", filter=Q(records__service__isnull=False), distinct=True)
    gone = Count("records", filter=Q(records__service__isnull=False, records__gone_at__isnull=False), distinct=True)
    return rows.annotate(waiting=waiting, known=known, gone=gone)


def _jobs_of(source: Source) -> QuerySet[LongJob]:
    return LongJob.objects.filter(kind=jobs.IMPORT, params__source=str(source.uuid)).order_by("-created")


def _job_of(source: Source, uuid: UUID) -> LongJob:
    job = get_object_or_404(_jobs_of(source), uuid=uuid)
    if not job.upload or not job.upload.storage.exists(job.upload.name or ""):
        raise Http404
    return job


def _again(request: HttpRequest, basin: str, source: Source, job: LongJob, *, write: bool) -> HttpResponse:
    with job.upload.open("rb") as file:
        is_part = bool(job.params.get("is_part"))
        return _to_job(request, basin, source, File(file, name=job.upload.name), is_part=is_part, write=write)


def _to_job(
    request: HttpRequest, basin: str, source: Source, file: Any, *, is_part: bool, write: bool = False
) -> HttpResponse:
    job = start(
        jobs.IMPORT,
        params={"source": str(source.uuid), "apply": write, "is_part": is_part},
        by=signed_in(request),
        scope=basin,
        language=current_language(),
        upload=file,
    )
    return HttpResponseRedirect(reverse("job", kwargs={"basin": basin, "uuid": job.uuid}))


def _to(name: str, basin: str, source: Source) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"directory:{name}", kwargs={"basin": basin, "source": source.uuid}))
