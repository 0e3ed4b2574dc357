"""Long jobs around people: the sign-in sheet, the certificate."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.addresses import page_url
from basins.models import User
from basins.web.second_factor import used_second_factor
from concertations import access, reports_people
from concertations import queries_registrations as queries
from concertations.errors.registering import PresenceError
from concertations.links import code_of
from concertations.models import Meeting, Membership, Participant, Registration, Series
from core.bilingual import current_language
from core.jobs import Outcome, Progress, start, under_way, whoever_has_the_address, work
from core.models import LongJob

SHEET = "concertations.sheet"
CERTIFICATE = "concertations.certificate"


def to_sheet(meeting: Meeting, *, by: User) -> HttpResponseRedirect:
    """Have the sheet made, and lead to the page of the job."""
    return _to_job(SHEET, meeting.series, {"meeting": str(meeting.uuid)}, by=by)


def to_certificate(participant: Participant) -> HttpResponseRedirect:
    """Have the certificate made, and lead to the page of the job."""
    return _to_job(CERTIFICATE, participant.series, {"participant": str(participant.uuid)}, by=None)


def _to_job(kind: str, series: Series, params: dict[str, Any], *, by: User | None) -> HttpResponseRedirect:
    """Start the job, unless the same one is under way; nobody needs two."""
    language, basin = current_language(), code_of(series)
    job = under_way(kind, params=params, language=language) or start(
        kind, params=params, by=by, scope=basin or "", language=language
    )
    return HttpResponseRedirect(page_url("job", basin, uuid=job.uuid))


def _may_see(request: HttpRequest, job: LongJob) -> bool:
    """Lists name people: they are for who keeps the series, through the same gate as the staff pages."""
    meeting = Meeting.objects.select_related("series__basin").filter(uuid=job.params.get("meeting")).first()
    return (
        meeting is not None and access.may_manage_series(request.user, meeting.series) and used_second_factor(request)
    )


@work(SHEET, title=gettext_lazy("Sign-in sheet"), visible_to=_may_see)
def sheet(job: LongJob, progress: Progress) -> Outcome:
    """The list to sign, and the poster with the code for the door."""
    progress(0, 1)
    meeting = Meeting.objects.select_related("series__basin", "municipality").get(uuid=job.params["meeting"])
    content = reports_people.render_sheet(meeting, language=job.language)
    name = slugify(_("Sign-in sheet"))
    return Outcome(filename=f"{name}-{meeting.day:%Y-%m-%d}.pdf", content=content)


@work(CERTIFICATE, title=gettext_lazy("Certificate of attendance"), visible_to=whoever_has_the_address)
def certificate(job: LongJob, progress: Progress) -> Outcome:
    """What somebody came to in a series; asked anew here, for it may have been corrected."""
    progress(0, 1)
    participant = Participant.objects.select_related("series__basin").get(uuid=job.params["participant"])
    rows = queries.with_meeting(Registration.objects.filter(participant=participant, presence="present")).order_by(
        "meeting__starts_at"
    )
    if not rows:
        raise PresenceError(_("Nobody noted yet that you came."))
    members = list(Membership.objects.filter(participant=participant).select_related("cycle"))
    content = reports_people.render_certificate(participant, list(rows), members, language=job.language)
    name = slugify(_("certificate"))
    return Outcome(filename=f"{name}-{participant.uuid.hex[:8]}.pdf", content=content)
