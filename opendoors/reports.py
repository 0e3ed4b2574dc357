"""Long jobs of the open-door weeks: the programme on paper, and imports of large files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.models import User
from basins.web.second_factor import used_second_factor
from core.bilingual import LANGUAGE_CODES, both, text
from core.jobs import Outcome, Progress, work
from core.models import LongJob
from core.pdf import render_pdf
from opendoors import access, grid, queries, staff_queries
from opendoors.enums import VisitState
from opendoors.import_words import sentences
from opendoors.models import Edition
from opendoors.rules import importing
from opendoors.rules.importing import ImportRefused, Report

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
    """The week on A4 landscape, bilingual, tagged."""
    progress(0, 1)
    edition = edition_of(job)
    content = render_programme(edition, language=job.language)
    name = _("programme")
    return Outcome(filename=f"{name}-{edition.slug}.pdf", content=content)


def render_programme(edition: Edition, *, language: str) -> bytes:
    """The programme as it is now; ``language`` is that of the document's title."""
    days = grid.days_of(edition)
    context = {
        "title": f"{text(edition, 'name', language)} {edition.starts_on.year}",
        "edition": edition,
        "both": {code: str(text(edition, "name", code)) for code in LANGUAGE_CODES},
        "basin": edition.basin,
        "basin_names": both(edition.basin, "name"),
        "orientation": "wide",
        "languages": LANGUAGE_CODES,
        "bands": days[0].bands if days else [],
        "days": [
            {
                "date": day.date,
                "bands": [
                    [card for card in band.cards if card.visit.state == VisitState.PLANNED] for band in day.bands
                ],
            }
            for day in days
        ],
        "address": f"{settings.SITE_URL.partition('//')[2]}{queries.week_url(edition)}",
    }
    return render_pdf("opendoors/print/week.html", context, language=language)


# --- Import of a large file ------------------------------------------------------------------------


def _back_to_edition(job: LongJob) -> str:
    """On to the edition, unless the page asks first whether to import."""
    if job.result.get("can_apply") and not job.result.get("applied"):
        return ""
    return staff_queries.edition_url(edition_of(job))


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


def in_words(report: Report) -> dict[str, Any]:
    """A report as the pages show it, in the active language."""
    return {
        "sentences": sentences(report),
        "changes": report.changes,
        "problems": report.problems,
        "applied": report.applied,
        "can_apply": report.changes_something and not report.problems_total,
        "changes_nothing": not report.changes_something and not report.problems_total,
    }
