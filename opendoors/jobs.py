"""Long jobs of the open-door weeks: the programme on paper, and imports of large files."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.models import User
from basins.web.second_factor import used_second_factor
from core.jobs import Outcome, Progress, work
from core.models import LongJob
from opendoors import access, reports, staff_queries
from opendoors.import_words import in_words
from opendoors.models import Edition
from opendoors.rules import importing
from opendoors.rules.importing import ImportRefused

PROGRAMME = "opendoors.programme_pdf"
IMPORT = "opendoors.import_programme"


def edition_of(job: LongJob) -> Edition:
    """The edition a job is about. Raises ``Edition.DoesNotExist`` when it is gone."""
    return Edition.objects.select_related("basin").get(uuid=job.params["edition"])


def _may_see(request: HttpRequest, job: LongJob) -> bool:
    """Who keeps the programme sees what colleagues started, through the same gate as the staff pages."""
    edition = Edition.objects.select_related("basin").filter(uuid=job.params.get("edition")).first()
    return edition is not None and access.may_manage_edition(request.user, edition) and used_second_factor(request)


# --- The programme on paper ------------------------------------------------------------------------


@work(PROGRAMME, title=gettext_lazy("Programme on paper"), visible_to=_may_see)
def programme_pdf(job: LongJob, progress: Progress) -> Outcome:
    """One sheet as a file."""
    progress(0, 1)
    edition = edition_of(job)
    content = reports.render_programme(edition, language=job.language)
    name = _("programme")
    return Outcome(filename=f"{name}-{edition.slug}.pdf", content=content)


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
        by = User.objects.get(pk=job.started_by_id)
        try:
            report = importing.apply(edition=edition, content=content, by=by, seats=seats)
        except ImportRefused as refused:
            report = refused.report
    else:
        report = importing.examine(edition=edition, content=content, seats=seats)
    return Outcome(result=in_words(report) | {"slug": edition.slug})
