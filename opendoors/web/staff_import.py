"""The team's import page: choose a file, read what it would do, then do it.

A small file is examined at once and travels in the page between the two steps, so that nothing is
stored that nobody asked for. A large one becomes a long job, and its upload waits in the job.
"""

from __future__ import annotations

import base64
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from basins.rights import Right
from basins.web.desk import shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core.bilingual import current_language
from core.jobs import start
from core.models import LongJob
from opendoors import jobs, staff_queries
from opendoors.import_words import in_words, sentences
from opendoors.models import Edition
from opendoors.rules import importing
from opendoors.rules.importing import ImportRefused, Report, WaitingWouldEnd
from opendoors.rules.programme_file import BYTES_AT_MOST
from opendoors.rules.programme_sheet import XLSX_STARTS
from opendoors.web.staff_forms import EndWaitingForm, ImportForm
from opendoors.web.staff_views import back_to, kept_edition

LINES_AT_ONCE = 500
PACKED_AT_ONCE = 60_000


@shown_or_sent
@staff_required(Right.MANAGE_OPEN_DOORS)
def import_programme(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """GET: the form. POST: the dry run's report; with ``content`` or ``job`` sent along: the import."""
    edition = kept_edition(request, basin, slug)
    if request.method != "POST":
        return _page(request, edition, ImportForm())
    if "job" in request.POST:
        return _apply_job(request, edition)
    if "content" in request.POST:
        return _apply_content(request, edition)
    return _examine(request, edition)


def _examine(request: HttpRequest, edition: Edition) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, edition, form, status=422)
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    seats: int | None = form.cleaned_data["seats"]
    # One byte more than may be: the reader then says that it is too much.
    content = file.read(BYTES_AT_MOST + 1)
    if _is_large(content):
        return _to_job(request, edition, content, seats=seats, write=False)
    report = importing.examine(edition=edition, content=content, seats=seats)
    return _page(
        request,
        edition,
        ImportForm(initial={"seats": seats}),
        outcome=in_words(report),
        content=base64.b64encode(content).decode(),
        seats="" if seats is None else seats,
        filename=file.name,
        asked=_asked(report),
        status=422 if report.problems_total else 200,
    )


def _asked(report: Report, data: QueryDict | None = None) -> EndWaitingForm | None:
    """The question to answer before the import; ``None`` where nobody's waiting ends."""
    return EndWaitingForm(data) if report.waiting_ended else None


def _is_large(content: bytes) -> bool:
    """Whether reading it keeps a page waiting. A spreadsheet is packed: sixty thousand bytes are hundreds of lines."""
    if content.startswith(XLSX_STARTS):
        return len(content) > PACKED_AT_ONCE
    return content.count(b"\n") > LINES_AT_ONCE


def _apply_content(request: HttpRequest, edition: Edition) -> HttpResponse:
    seats = _seats(request)
    try:
        content = base64.b64decode(request.POST["content"], validate=True)
    except ValueError:
        return _page(request, edition, ImportForm(), status=422)
    try:
        report = importing.apply(
            edition=edition,
            content=content,
            by=signed_in(request),
            seats=seats,
            may_end_waiting="end_waiting" in request.POST,
        )
    except WaitingWouldEnd as refused:
        form = ImportForm(initial={"seats": seats})
        asked = _asked(refused.report, request.POST)
        again = {"content": request.POST["content"], "seats": "" if seats is None else seats, "asked": asked}
        return _page(
            request, edition, form, outcome=in_words(refused.report), problems=_to_tick(asked), status=409, **again
        )
    except ImportRefused as refused:
        outcome = in_words(refused.report)
        return _page(request, edition, ImportForm(initial={"seats": seats}), outcome=outcome, status=409)
    messages.success(request, " ".join([_("The programme is imported."), *sentences(report)[1:]]))
    return back_to(edition)


def _apply_job(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The import of a file that a job has examined: a second job, with a copy of the upload."""
    try:
        uuid = UUID(request.POST["job"])
    except ValueError as error:
        raise Http404 from error
    examined = get_object_or_404(
        LongJob, uuid=uuid, kind=jobs.IMPORT, state=LongJob.State.DONE, params__edition=str(edition.uuid)
    )
    may_end_waiting = "end_waiting" in request.POST
    if examined.result.get("waiting_ended") and not may_end_waiting:
        messages.error(request, str(EndWaitingForm.base_fields["end_waiting"].error_messages["required"]))
        return _to_page_of(examined, edition)
    with examined.upload.open("rb") as file:
        content = file.read()
    seats = examined.params.get("seats")
    return _to_job(request, edition, content, seats=seats, write=True, may_end_waiting=may_end_waiting)


def _to_tick(asked: EndWaitingForm | None) -> list[dict[str, str]]:
    """What is left to answer, with the way to it."""
    if asked is None:
        return []
    field = asked["end_waiting"]
    return [{"text": str(error), "url": f"#{field.id_for_label}"} for error in field.errors]


def _to_job(
    request: HttpRequest,
    edition: Edition,
    content: bytes,
    *,
    seats: int | None,
    write: bool,
    may_end_waiting: bool = False,
) -> HttpResponseRedirect:
    job = start(
        jobs.IMPORT,
        params={"edition": str(edition.uuid), "seats": seats, "apply": write, "end_waiting": may_end_waiting},
        by=signed_in(request),
        scope=edition.basin.code,
        language=current_language(),
        upload=ContentFile(content, name="programme.xlsx" if content.startswith(XLSX_STARTS) else "programme.csv"),
    )
    return _to_page_of(job, edition)


def _to_page_of(job: LongJob, edition: Edition) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("job", kwargs={"basin": edition.basin.code, "uuid": job.uuid}))


def _seats(request: HttpRequest) -> int | None:
    """The number that came back with the file; one that was tampered with counts as none."""
    try:
        seats: int | None = ImportForm.base_fields["seats"].clean(request.POST.get("seats"))
    except ValidationError:
        return None
    return seats


def _page(
    request: HttpRequest, edition: Edition, form: ImportForm, *, status: int = 200, **context: object
) -> HttpResponse:
    context |= {
        "edition": edition,
        "form": form,
        "back_url": staff_queries.edition_url(edition),
        "is_history": staff_queries.is_history(edition),
    }
    return render(request, "opendoors/staff/import.html", context, status=status)
