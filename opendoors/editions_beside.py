"""Editions side by side: ours, and those that ran before this platform did; None is what nobody counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from core.bilingual import Text, text
from core.small_counts import shown
from opendoors import head_count
from opendoors.enums import BookedState, EditionState, VisitState
from opendoors.figures import attendance_shares, published
from opendoors.models import BookedVisit, Edition, PastEdition, Visit


@dataclass(frozen=True, slots=True)
class EditionBeside:
    """One edition in a row. ``made`` are the people who were seen at a visit; ``url`` leads to its figures."""

    name: Text
    basin_code: str
    basin_name: Text
    starts_on: dt.date
    ends_on: dt.date
    hosts: int | None
    visits: int | None
    seats: int | None
    visitors: int | None
    made: int | None
    visitors_hidden: bool = False
    made_hidden: bool = False
    source: str = ""
    url: str = ""

    @property
    def label(self) -> str:
        return f"{self.name} {self.starts_on.year}"


def side_by_side() -> list[EditionBeside]:
    """All editions that are over and evaluated, and all earlier ones, in order of time. Three queries."""
    attended = _attended()
    ours = [_ours(edition, attended.get(edition.pk, {})) for edition in _evaluated()]
    days = {(row.basin_code, row.starts_on) for row in ours}
    past = [_past(row) for row in PastEdition.objects.select_related("basin")]
    # The same week on both lists: what was counted here is worth more.
    rows = [*ours, *(row for row in past if (row.basin_code, row.starts_on) not in days)]
    return sorted(rows, key=lambda row: (row.starts_on, row.basin_code))


def _evaluated() -> QuerySet[Edition]:
    """With their counts, each by a subquery of its own: joined together they would multiply."""
    planned = Visit.objects.filter(edition=OuterRef("pk"), state=VisitState.PLANNED).order_by().values("edition")
    held = (
        BookedVisit.objects.filter(
            visit__edition=OuterRef("pk"), visit__state=VisitState.PLANNED, state=BookedState.CONFIRMED
        )
        .order_by()
        .values("visit__edition")
    )
    return (
        Edition.objects.filter(state=EditionState.EVALUATED)
        .select_related("basin")
        .annotate(
            n_hosts=Coalesce(Subquery(planned.annotate(n=Count("host", distinct=True)).values("n")), 0),
            n_visits=Coalesce(Subquery(planned.annotate(n=Count("pk")).values("n")), 0),
            n_seats=Coalesce(Subquery(planned.annotate(n=Sum("seats")).values("n")), 0),
            n_visitors=Coalesce(Subquery(held.annotate(n=Count("booking__visitor", distinct=True)).values("n")), 0),
        )
    )


def _attended() -> dict[int, dict[str, int]]:
    """Seats taken by edition and by what was said of who came."""
    rows = BookedVisit.objects.filter(
        visit__edition__state=EditionState.EVALUATED, visit__state=VisitState.PLANNED, state=BookedState.CONFIRMED
    )
    found: dict[int, dict[str, int]] = {}
    for edition, attendance, number in head_count.people(rows, by="visit__edition"):
        said = found.setdefault(edition, {})
        said[attendance] = said.get(attendance, 0) + number
    return found


def _ours(edition: Edition, attended: Mapping[str, int]) -> EditionBeside:
    """``made`` is hidden here where it is hidden on the edition's own page, or one would tell the other."""
    counts = {name: getattr(edition, f"n_{name}") for name in ("hosts", "visits", "seats", "visitors")}
    was_noted = any(attendance for attendance in attended)
    made = published(attendance_shares(attended))[0].number if was_noted else None
    return EditionBeside(
        name=text(edition, "name"),
        basin_code=edition.basin.code,
        basin_name=text(edition.basin, "name"),
        starts_on=edition.starts_on,
        ends_on=edition.ends_on,
        hosts=counts["hosts"],
        visits=counts["visits"],
        seats=counts["seats"],
        visitors=shown(counts["visitors"]),
        visitors_hidden=shown(counts["visitors"]) is None,
        made=made,
        made_hidden=was_noted and made is None,
        url=reverse("opendoors:figures", kwargs={"basin": edition.basin.code, "slug": edition.slug}),
    )


def _past(row: PastEdition) -> EditionBeside:
    return EditionBeside(
        name=text(row, "name"),
        basin_code=row.basin.code,
        basin_name=text(row.basin, "name"),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        hosts=row.hosts,
        visits=row.visits,
        seats=row.seats,
        visitors=shown(row.visitors),
        visitors_hidden=row.visitors is not None and shown(row.visitors) is None,
        made=shown(row.made),
        made_hidden=row.made is not None and shown(row.made) is None,
        source=row.source,
    )
