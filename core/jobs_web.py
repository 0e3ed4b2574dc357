"""The page of a long job, the fragment that moves on it, its stop button and its file."""

from __future__ import annotations

import uuid as uuids
from pathlib import PurePosixPath
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.jobs import kind_of, may_see_job, stop
from core.models import LongJob


def _job_for(request: HttpRequest, uuid: uuids.UUID) -> LongJob:
    """The job, if this reader may see it; otherwise there is none."""
    job = LongJob.objects.filter(uuid=uuid).first()
    if job is None or not may_see_job(request, job):
        raise Http404
    return job


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


@never_cache
@require_safe
@login_required
def job_page(request: HttpRequest, uuid: uuids.UUID, basin: str | None = None) -> HttpResponse:
    """How far the job is; when it is over, what came of it."""
    return render(request, "core/job.html", _context(_job_for(request, uuid), basin))


@never_cache
@require_safe
@login_required
def job_fragment(request: HttpRequest, uuid: uuids.UUID, basin: str | None = None) -> HttpResponse:
    """The progress alone, asked for every second; once the job is over the whole page is shown anew."""
    job = _job_for(request, uuid)
    response = render(request, "core/_job.html", _context(job, basin))
    if job.is_over:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@login_required
def job_stop(request: HttpRequest, uuid: uuids.UUID, basin: str | None = None) -> HttpResponse:
    """Stop it, and see what became of it."""
    job = _job_for(request, uuid)
    stop(job)
    return HttpResponseRedirect(_context(job, basin)["page_url"])


@never_cache
@require_safe
@login_required
def job_file(request: HttpRequest, uuid: uuids.UUID, basin: str | None = None) -> FileResponse:
    """The file at the end, for who may see the job and nobody else."""
    job = _job_for(request, uuid)
    name = job.file.name or ""
    if not name or not job.file.storage.exists(name):
        raise Http404
    return FileResponse(job.file.open("rb"), as_attachment=True, filename=PurePosixPath(name).name)
