"""The team's pages of the days themselves: how it goes visit by visit, corrections, and paper."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from basins.rights import Right
from basins.web.desk import shown_or_sent
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core.bilingual import current_language
from core.errors import RuleError
from core.jobs import start, under_way
from opendoors import access, jobs, queries_day, staff_queries
from opendoors.enums import NotedBy
from opendoors.models import Edition, Visit
from opendoors.rules import attendance as rules
from opendoors.web.day_forms import SheetPost


def _edition(request: HttpRequest, basin: str, slug: str) -> Edition:
    """The edition of the address, if the reader may see who comes; else 404."""
    return get_object_or_404(staff_queries.editions_with_bookings_for(signed_in(request), basin), slug=slug)


@require_GET
@staff_required(Right.SEE_OPEN_DOOR_BOOKINGS)
def day(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """All visits of the week, day by day: who came, who did not, of whom nobody said."""
    edition = _edition(request, basin, slug)
    days = queries_day.days_of_attendance(edition)
    visits = [visit for each in days for visit in each.visits]
    context = {
        "edition": edition,
        "days": days,
        "totals": queries_day.totals(visits),
        "today": timezone.localdate(),
        "may_print": bool(visits),
    }
    return render(request, "opendoors/staff/day.html", context)


@shown_or_sent
@staff_required(Right.SEE_OPEN_DOOR_BOOKINGS)
def day_visit(request: HttpRequest, basin: str, slug: str, visit: UUID) -> HttpResponse:
    """The list of one visit; who keeps the week corrects it here, one by one."""
    edition = _edition(request, basin, slug)
    row: Visit = get_object_or_404(
        edition.visits.select_related("edition__basin", "host", "place__municipality"), uuid=visit
    )
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            SheetPost(request.POST.dict()).note(visit=row, by_whom=NotedBy.STAFF, by=signed_in(request))
        except RuleError as error:
            problems, status = [str(error.message)], error.status
        else:
            messages.success(request, _("It is noted."))
            return HttpResponseRedirect(reverse("opendoors:staff_day", args=[basin, slug]) + f"#v-{row.uuid}")
    context = {
        "edition": edition,
        "visit": row,
        "rows": queries_day.sheet_of(row),
        "reason": rules.why_not_noted(row, timezone.now()),
        "may_note": access.may_manage_edition(request.user, edition),
        "sheet_url": queries_day.sheet_url(row),
        "problems": problems,
    }
    return render(request, "opendoors/staff/day_visit.html", context, status=status)


@require_POST
@staff_required(Right.SEE_OPEN_DOOR_BOOKINGS)
def day_paper(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """Start the PDF of all sheets, or of all posters."""
    edition = _edition(request, basin, slug)
    what = request.POST.get("what")
    if what not in jobs.PAPERS:
        raise Http404
    params = {"edition": str(edition.uuid), "what": what}
    language = current_language()
    job = under_way(jobs.PAPER, params=params, language=language) or start(
        jobs.PAPER, params=params, by=signed_in(request), scope=basin, language=language
    )
    return HttpResponseRedirect(reverse("job", kwargs={"basin": basin, "uuid": job.uuid}))
