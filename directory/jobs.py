"""Long jobs of the directory: imports of lists, tried out or done; leaflets drawn."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.models import Basin, User
from basins.web.second_factor import used_second_factor
from core.jobs import Outcome, Progress, whoever_has_the_address, work
from core.models import LongJob
from directory import access
from directory.importing.listing import Listing, is_mapped, open_list
from directory.importing.report import Report, in_words
from directory.leaflet import Sheet, as_they_are_now, on_paper
from directory.models import Source
from directory.rules import importing
from directory.rules.importing import Order
from directory.rules.lists import ListRefused

IMPORT = "directory.import"
LEAFLET = "directory.leaflet"


def source_of(job: LongJob) -> Source:
    """The list a job imports. Raises ``Source.DoesNotExist`` when it is gone."""
    return Source.objects.get(uuid=job.params["source"])


def _may_see(request: HttpRequest, job: LongJob) -> bool:
    """Whoever keeps the directory sees what colleagues started, through the same gate as the staff pages."""
    return access.may_manage_directory(request.user) and used_second_factor(request)


def _back_to_source(job: LongJob) -> str:
    """On to the list, once nothing is left to do here."""
    if job.result.get("applied"):
        return reverse("directory:staff_source", kwargs={"basin": job.scope, "source": job.params["source"]})
    return ""


@work(
    IMPORT,
    title=gettext_lazy("Import of a list"),
    template="directory/staff/_import_outcome.html",
    visible_to=_may_see,
    next_url=_back_to_source,
)
def import_list(job: LongJob, progress: Progress) -> Outcome:
    """Examine the uploaded list or, with ``params["apply"]``, import it; the report is the result.

    Taken up again after a crash it goes on where it stopped: rows that are in are skipped, and the moment of
    the import is that of the job, whichever attempt it is.
    """
    progress(0, 0, _("Reading the file"))
    source = source_of(job)
    with job.upload.open("rb") as file:
        listing = open_list(file)
        facts = {"source": str(source.uuid), "kind": listing.kind}
        if not is_mapped(source.mapping, listing):
            return Outcome(result={**facts, "columns": listing.columns})
        report = _do(job, progress, source, listing)
    return Outcome(result={**facts, **in_words(report)})


def _do(job: LongJob, progress: Progress, source: Source, listing: Listing) -> Report:
    report = Report()
    order = Order(
        source=source,
        by=User.objects.get(jobs=job),
        is_part=bool(job.params.get("is_part")),
    )

    def tell(done: int) -> None:
        words = {"new": report.counts["services_new"], "problems": report.problems.total}
        progress(done, max(listing.about, done), _("%(new)d new records, %(problems)d problems") % words)

    rows: Any = listing.rows(source.mapping, report.problems)
    if job.params.get("apply"):
        return importing.apply(order, rows, report, moment=job.created, progress=tell)
    return importing.examine(order, rows, report, progress=tell)


# --- Leaflets --------------------------------------------------------------------------------------


def params_of(sheet: Sheet, basin: str | None) -> dict[str, Any]:
    """What a leaflet's job is given."""
    return {**asdict(sheet), "records": [str(record) for record in sheet.records], "basin": basin or ""}


@work(LEAFLET, title=gettext_lazy("Leaflet"), visible_to=whoever_has_the_address)
def draw_leaflet(job: LongJob, progress: Progress) -> Outcome:
    """The leaflet of ``params``, with what its records say by now. Its holder has no account, only the address."""
    from directory import reports  # noqa: PLC0415 - drawing loads what most processes never need

    progress(0, 2, _("Reading the records"))
    words = dict(job.params)
    code, records = words.pop("basin"), tuple(UUID(record) for record in words.pop("records"))
    sheet = Sheet(records=records, **words)
    services = on_paper(as_they_are_now(records))
    if not services:
        raise ListRefused(_("None of these records is public any more."))
    progress(1, 2, _("Drawing the pages"))
    basin = Basin.objects.filter(code=code).first()
    content = reports.render_leaflet(sheet, services, basin=basin, language=job.language)
    progress(2, 2)
    name = slugify(getattr(sheet, f"title_{job.language}")) or _("leaflet")
    return Outcome(filename=f"{name}.pdf", content=content)
