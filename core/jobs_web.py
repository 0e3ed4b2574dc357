"""The page of a long job, the fragment that moves on it, its stop button and its file."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from functools import wraps
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.http import private_page
from core.jobs import kind_of, may_see_job, stop
from core.middleware import SAFE_METHODS
from core.models import LongJob


def of_a_job(
    view: Callable[[HttpRequest, LongJob, str | None], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Give the view the job of the address, if this reader may see it; otherwise there is none.

    Who is not signed in is asked to: the job may be theirs. Goes with ``private_page``: the address of
    a job that a link's holder started opens it by itself.
    """

    @wraps(view)
    def opened(request: HttpRequest, uuid: uuids.UUID, basin: str | None = None) -> HttpResponseBase:
        job = get_object_or_404(LongJob, uuid=uuid)
        if may_see_job(request, job):
            return view(request, job, basin)
        if request.user.is_authenticated:
            raise Http404
        # What answers a button is no page to come back to.
        here = request.get_full_path() if request.method in SAFE_METHODS else "/"
        return redirect_to_login(here, resolve_url(settings.LOGIN_URL))

    return opened


def _context(job: LongJob, basin: str | None) -> dict[str, Any]:
    kind = kind_of(job)
    where = {"uuid": job.uuid, **({"basin": basin} if basin else {})}
    return {
        "job": job,
        "title": str(kind.title) if kind and kind.title else _("Long job"),
        "page_url": reverse("job", kwargs=where),
        "poll_url": reverse("job_fragment", kwargs=where),
        "stop_url": reverse("job_stop", kwargs=where),
        "file_url": reverse("job_file", kwargs=where) if job.file else "",
        "outcome_template": kind.template if kind and job.is_over else "",
        "next_url": kind.next_url(job) if kind and kind.next_url and job.is_over else "",
    }


@private_page
@require_safe
@of_a_job
def job_page(request: HttpRequest, job: LongJob, basin: str | None) -> HttpResponse:
    """How far the job is; when it is over, what came of it."""
    return render(request, "core/job.html", _context(job, basin))


@private_page
@require_safe
@of_a_job
def job_fragment(request: HttpRequest, job: LongJob, basin: str | None) -> HttpResponse:
    """The progress alone, asked for every second; once the job is over the whole page is shown anew."""
    response = render(request, "core/_job.html", _context(job, basin))
    if job.is_over:
        response["HX-Refresh"] = "true"
    return response


@private_page
@require_POST
@of_a_job
def job_stop(_request: HttpRequest, job: LongJob, basin: str | None) -> HttpResponse:
    """Stop it, and see what became of it."""
    stop(job)
    return HttpResponseRedirect(_context(job, basin)["page_url"])


@private_page
@require_safe
@of_a_job
def job_file(_request: HttpRequest, job: LongJob, _basin: str | None) -> FileResponse:
    """The file at the end, for who may see the job and nobody else."""
    name = job.file.name or ""
    if not name or not job.file.storage.exists(name):
        raise Http404
    return FileResponse(job.file.open("rb"), as_attachment=True, filename=PurePosixPath(name).name)
