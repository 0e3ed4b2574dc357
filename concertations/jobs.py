"""Paper takes a second or more to draw: long jobs."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from basins.models import Basin
from basins.web.second_factor import used_second_factor
from concertations import access, jobs_minutes, jobs_people, jobs_room, reports
from concertations.enums import MeetingState
from concertations.models import Meeting
from core.jobs import Outcome, Progress, start, under_way, whoever_has_the_address, work
from core.models import LongJob

__all__ = ["jobs_minutes", "jobs_people", "jobs_room"]  # the worker finds those by way of this module

AGENDA = "concertations.agenda_pdf"
SAVE_THE_DATE = "concertations.save_the_date"


@work(AGENDA, title=gettext_lazy("Agenda on paper"), visible_to=whoever_has_the_address)
def agenda_pdf(job: LongJob, progress: Progress) -> Outcome:
    """The agenda of a meeting as it is now; who asked for it saw the meeting."""
    progress(0, 1)
    rows = Meeting.objects.select_related("series__basin", "municipality")
    meeting = rows.get(uuid=job.params["meeting"])
    content = reports.render_agenda(meeting, language=job.language)
    name = slugify(pgettext("of a meeting", "agenda"))
    return Outcome(filename=f"{name}-{meeting.series.slug}-{meeting.day}.pdf", content=content)


def agenda_on_paper(meeting: Meeting, language: str) -> LongJob:
    """The job that draws the agenda; the same one for everybody until the meeting changes.

    So a stranger who presses the button a thousand times costs one drawing.
    """
    params = {"meeting": str(meeting.uuid), "version": meeting.modified.isoformat()}
    done = LongJob.objects.filter(kind=AGENDA, params=params, language=language, state=LongJob.State.DONE)
    found = done.exclude(file="").order_by("-created").first()
    found = found or under_way(AGENDA, params=params, language=language)
    scope = meeting.series.basin.code if meeting.series.basin else ""
    return found or start(AGENDA, params=params, by=None, scope=scope, language=language)


def _keeps(request: HttpRequest, job: LongJob) -> bool:
    return access.keeps_series(request.user, job.scope or None) and used_second_factor(request)


@work(SAVE_THE_DATE, title=gettext_lazy("Dates for a slide"), visible_to=_keeps)
def save_the_date(job: LongJob, progress: Progress) -> Outcome:
    """The announced meetings that were chosen, on one slide."""
    progress(0, 1)
    rows = Meeting.objects.filter(uuid__in=job.params["meetings"], state=MeetingState.ANNOUNCED)
    basin = Basin.objects.filter(code=job.scope).first() if job.scope else None
    chosen = rows.filter(series__basin=basin).select_related("series__basin", "municipality")
    return Outcome(
        filename=f"{slugify(_('Save the date'))}.pdf",
        content=reports.render_save_the_date(chosen, basin, language=job.language),
    )
