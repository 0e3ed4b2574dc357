"""Minutes on paper, drawn by the worker."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext_lazy, pgettext

from basins.models import User
from basins.web.second_factor import used_second_factor
from concertations import access
from concertations.enums_minutes import MinutesState
from concertations.models import Minutes
from concertations.reports_minutes import render_minutes
from core.jobs import Outcome, Progress, start, under_way, whoever_has_the_address, work
from core.models import LongJob

MINUTES = "concertations.minutes_pdf"
DRAFT = "concertations.minutes_draft_pdf"


@work(MINUTES, title=gettext_lazy("Minutes on paper"), visible_to=whoever_has_the_address)
def minutes_pdf(job: LongJob, progress: Progress) -> Outcome:
    """Approved minutes; who asked for them read them."""
    progress(0, 1)
    return _drawn(_row(job, state=MinutesState.APPROVED), job.language)


def _keeps(request: HttpRequest, job: LongJob) -> bool:
    return access.keeps_series(request.user, job.scope or None) and used_second_factor(request)


@work(DRAFT, title=gettext_lazy("Minutes on paper, for the team"), visible_to=_keeps)
def minutes_draft_pdf(job: LongJob, progress: Progress) -> Outcome:
    """Minutes in the state they are in."""
    progress(0, 1)
    return _drawn(_row(job), job.language)


def minutes_on_paper(minutes: Minutes, language: str) -> LongJob:
    """The job that draws approved minutes; the same one for everybody, for they stand."""
    params = {"minutes": str(minutes.uuid), "version": minutes.modified.isoformat()}
    done = LongJob.objects.filter(kind=MINUTES, params=params, language=language, state=LongJob.State.DONE)
    found = done.exclude(file="").order_by("-created").first()
    found = found or under_way(MINUTES, params=params, language=language)
    return found or start(MINUTES, params=params, by=None, scope=_scope(minutes), language=language)


def draft_on_paper(minutes: Minutes, language: str, by: User) -> LongJob:
    """The job that draws them as they are now, for the team."""
    return start(DRAFT, params={"minutes": str(minutes.uuid)}, by=by, scope=_scope(minutes), language=language)


def _row(job: LongJob, **more: str) -> Minutes:
    rows = Minutes.objects.select_related("meeting__series__basin", "meeting__municipality", "approved_in")
    return rows.get(uuid=job.params["minutes"], **more)


def _drawn(minutes: Minutes, language: str) -> Outcome:
    meeting = minutes.meeting
    return Outcome(
        filename=f"{slugify(pgettext('record', 'Minutes'))}-{meeting.series.slug}-{meeting.day}.pdf",
        content=render_minutes(minutes, language=language),
    )


def _scope(minutes: Minutes) -> str:
    basin = minutes.meeting.series.basin
    return basin.code if basin else ""
