"""Long jobs of the helpdesk: the figures of a month on paper."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.models import Basin
from basins.web.second_factor import used_second_factor
from core.jobs import Outcome, Progress, work
from core.models import LongJob
from helpdesk import access, reports

MONTH = "helpdesk.month_pdf"


def _may_see(request: HttpRequest, job: LongJob) -> bool:
    return access.answers_for(request.user, str(job.params.get("basin"))) and used_second_factor(request)


@work(MONTH, title=gettext_lazy("Figures of a month"), visible_to=_may_see)
def month_pdf(job: LongJob, progress: Progress) -> Outcome:
    """Count and draw a month that is over, or give the paper that there is."""
    progress(0, 1)
    basin = Basin.objects.get(code=job.params["basin"])
    month = dt.date.fromisoformat(job.params["month"])
    by = job.started_by if job.started_by_id else None
    row = reports.make(basin, month, by=by)
    return Outcome(filename=file_name(row.basin.code, month), content=bytes(row.pdf))


def file_name(basin: str, month: dt.date) -> str:
    word = _("helpdesk-figures")
    return f"{word}-{basin}-{month:%Y-%m}.pdf"
