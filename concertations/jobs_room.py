"""Table cards take a second or more to draw: a long job."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.models import User
from basins.web.second_factor import used_second_factor
from concertations import access, reports_room
from concertations.models import Seating
from core.jobs import Outcome, Progress, start, under_way, work
from core.models import LongJob

CARDS = "concertations.table_cards"


def _keeps(request: HttpRequest, job: LongJob) -> bool:
    """Cards name people: they are for who keeps the series."""
    return access.keeps_series(request.user, job.scope or None) and used_second_factor(request)


@work(CARDS, title=gettext_lazy("Table cards"), visible_to=_keeps)
def table_cards(job: LongJob, progress: Progress) -> Outcome:
    """A card per table, workshop or round, and the list of who sits where."""
    progress(0, 1)
    rows = Seating.objects.select_related("meeting__series__basin").prefetch_related("subjects")
    seating = rows.get(uuid=job.params["seating"])
    content = reports_room.render_cards(seating, language=job.language)
    name = slugify(_("table cards"))
    return Outcome(filename=f"{name}-{seating.meeting.day}.pdf", content=content)


def cards(seating: Seating, *, by: User, language: str) -> LongJob:
    """The job that draws them, or the one under way for the same seats."""
    params = {"seating": str(seating.uuid), "version": seating.modified.isoformat()}
    basin = seating.meeting.series.basin
    return under_way(CARDS, params=params, language=language) or start(
        CARDS, params=params, by=by, scope=basin.code if basin else "", language=language
    )
