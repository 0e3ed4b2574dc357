"""Long jobs of the open-door weeks: everything on paper, and imports of large files."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.models import User
from basins.web.second_factor import used_second_factor
from core.jobs import Outcome, Progress, whoever_has_the_address, work
from core.models import LongJob
from opendoors import access, queries_day, reports, staff_queries
from opendoors.errors import AttendanceError, HostingError
from opendoors.import_words import in_words
from opendoors.models import Booking, Edition, Host, Visit
from opendoors.rules import importing
from opendoors.rules.importing import ImportRefused, WaitingWouldEnd

PROGRAMME = "opendoors.programme_pdf"
IMPORT = "opendoors.import_programme"
PAPER = "opendoors.day_paper"
HOST_PAPER = "opendoors.host_paper"
CERTIFICATE = "opendoors.certificate"


def edition_of(job: LongJob) -> Edition:
    """The edition a job is about. Raises ``Edition.DoesNotExist`` when it is gone."""
    return Edition.objects.select_related("basin").get(uuid=job.params["edition"])


def _may_see(request: HttpRequest, job: LongJob) -> bool:
    """Who keeps the programme sees what colleagues started, through the same gate as the staff pages."""
    edition = Edition.objects.select_related("basin").filter(uuid=job.params.get("edition")).first()
    return edition is not None and access.may_manage_edition(request.user, edition) and used_second_factor(request)


def _may_see_who_comes(request: HttpRequest, job: LongJob) -> bool:
    """Lists name people: they are for who may read the bookings."""
    edition = Edition.objects.select_related("basin").filter(uuid=job.params.get("edition")).first()
    return edition is not None and access.may_see_bookings(request.user, edition) and used_second_factor(request)


# --- The programme on paper ------------------------------------------------------------------------


@work(PROGRAMME, title=gettext_lazy("Programme on paper"), visible_to=_may_see)
def programme_pdf(job: LongJob, progress: Progress) -> Outcome:
    """The grid and the blocks of the visits as a file."""
    progress(0, 1)
    edition = edition_of(job)
    content = reports.render_programme(edition, language=job.language)
    name = _("programme")
    return Outcome(filename=f"{name}-{edition.slug}.pdf", content=content)


# --- Lists and posters of the day ------------------------------------------------------------------

PAPERS = {"sheets": reports.render_sheets, "posters": reports.render_posters}


@work(PAPER, title=gettext_lazy("Paper for the day"), visible_to=_may_see_who_comes)
def paper_of_the_day(job: LongJob, progress: Progress) -> Outcome:
    """The sheets or the posters (``params["what"]``) of all visits of an edition, one file."""
    edition = edition_of(job)
    return _paper(job, progress, queries_day.visits_with_sheets(edition), edition.slug)


@work(HOST_PAPER, title=gettext_lazy("Paper for the day"), visible_to=whoever_has_the_address)
def paper_of_a_host(job: LongJob, progress: Progress) -> Outcome:
    """The same of one host, asked for by its link."""
    host = Host.objects.select_related("edition").get(uuid=job.params["host"])
    return _paper(job, progress, queries_day.visits_with_sheets(host.edition).filter(host=host), host.name)


def _paper(job: LongJob, progress: Progress, found: QuerySet[Visit], name: str) -> Outcome:
    visits = list(found)
    if not visits:
        raise HostingError(_("There is no visit to print for."))
    total = len(visits)
    what = job.params["what"]
    content = PAPERS[what](visits, language=job.language, step=lambda done: progress(done, total))
    progress(total, total)
    words = _("sign-in sheets") if what == "sheets" else _("posters")
    return Outcome(filename=queries_day.file_name(words, name), content=content)


# --- Certificates ----------------------------------------------------------------------------------


@work(CERTIFICATE, title=gettext_lazy("Certificate of attendance"), visible_to=whoever_has_the_address)
def certificate(job: LongJob, progress: Progress) -> Outcome:
    """What the holder of a link came to, as one page; asked anew here, for it may have been corrected."""
    progress(0, 1)
    booking = Booking.objects.select_related("visitor__edition__basin").get(uuid=job.params["booking"])
    rows = queries_day.attended(booking, whole_visitor=job.params["whole_visitor"])
    if reason := queries_day.why_no_certificate(booking.visitor.edition, rows):
        raise AttendanceError(reason)
    content = reports.render_certificate(booking, rows, language=job.language)
    return Outcome(filename=queries_day.file_name(_("certificate"), booking.reference), content=content)


# --- Import of a large file ------------------------------------------------------------------------


def _back_to_edition(job: LongJob) -> str:
    """On to the edition, once nothing is left to do: neither a question to answer nor a file to mend."""
    is_asking = job.result.get("can_apply") and not job.result.get("applied")
    return "" if is_asking or job.result.get("problems") else staff_queries.edition_url(edition_of(job))


@work(
    IMPORT,
    title=gettext_lazy("Import of the programme"),
    template="opendoors/staff/_import_outcome.html",
    visible_to=_may_see,
    next_url=_back_to_edition,
)
def import_programme(job: LongJob, progress: Progress) -> Outcome:
    """Examine the uploaded file or, with ``params["apply"]``, import it; the report is the result.

    Begun anew after a crash it finds what it wrote and changes nothing more.
    """
    progress(0, 1)
    edition = edition_of(job)
    with job.upload.open("rb") as file:
        content = file.read()
    seats = job.params.get("seats")
    if job.params.get("apply"):
        by = User.objects.get(jobs=job)
        try:
            report = importing.apply(
                edition=edition,
                content=content,
                by=by,
                seats=seats,
                may_end_waiting=bool(job.params.get("end_waiting")),
            )
        except (ImportRefused, WaitingWouldEnd) as refused:
            report = refused.report
    else:
        report = importing.examine(edition=edition, content=content, seats=seats)
    return Outcome(result=in_words(report) | {"slug": edition.slug})
