"""What those who keep the directory read: records to look after, their history, what readers miss and correct."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Count, DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, TextChoices
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from basins.models import Basin
from core.text import fold
from directory import queries
from directory.documents import SHAPES
from directory.enums import CorrectionState
from directory.models import (
    Correction,
    Location,
    MissedSearch,
    Organization,
    Proposal,
    RecordChange,
    Service,
    SourceRecord,
)
from directory.quality import POOR_BELOW


def missed_searches(basin: str, *, verdict: str = "") -> QuerySet[MissedSearch]:
    """What was looked for in vain in a basin or in all of them, the most frequent first.

    Without a verdict those that nobody has looked at yet.
    """
    rows = MissedSearch.objects.filter(Q(basin__code=basin) | Q(basin=None), verdict=verdict)
    return rows.select_related("basin", "settled_by", "need").order_by("-times", "-last_on", "pk")


def corrections(*, state: str = CorrectionState.RECEIVED) -> QuerySet[Correction]:
    """What readers said is wrong, the oldest that waits first."""
    order = "created" if state == CorrectionState.RECEIVED else "-settled_at"
    rows = Correction.objects.filter(state=state).select_related(
        "service__organization", "organization", "location__organization", "settled_by"
    )
    return rows.order_by(order, "pk")


def waiting_corrections() -> int:
    return Correction.objects.filter(state=CorrectionState.RECEIVED).count()


# --- Records ---------------------------------------------------------------------------------------
class RecordFilter(TextChoices):
    """What a team looks for in its list of records."""

    OVERDUE = "overdue", _("To be checked again")
    POOR = "poor", _("Tell too little")
    MISSING = "missing", _("A language is missing")
    OUTDATED = "outdated", _("A text is out of date")
    GONE = "gone", _("Gone from their source")
    DEMO = "demo", _("Demo data")


def records(wanted: str, *, words: str, basin: Basin | None, today: dt.date) -> QuerySet[Service]:
    """Records to look after, those whose check is due longest first. Each has ``quality`` and ``due``.

    ``wanted``: a :class:`RecordFilter`, or "" for all. ``basin``: only what serves it.
    """
    rows: QuerySet[Service] = Service.objects.select_related("organization", "search_entry").annotate(due=_due())
    if basin is not None:
        rows = queries.serving(rows, basin)
    for word in words.split()[:8]:
        named = Q(name_fr__icontains=word) | Q(name_nl__icontains=word)
        rows = rows.filter(named | Q(organization__folded_names__icontains=fold(word)))
    match wanted:
        case RecordFilter.OVERDUE:
            rows = rows.filter(Q(due__isnull=True) | Q(due__lte=today))
        case RecordFilter.POOR:
            rows = rows.filter(search_entry__quality__lt=POOR_BELOW)
        case RecordFilter.MISSING:
            rows = rows.filter(_one_language_alone())
        case RecordFilter.OUTDATED:
            rows = rows.filter(outdated__len__gt=0)
        case RecordFilter.GONE:
            rows = rows.filter(Exists(SourceRecord.objects.filter(service=OuterRef("pk"), gone_at__isnull=False)))
        case RecordFilter.DEMO:
            rows = rows.filter(is_demo=True)
    return rows.order_by(F("due").asc(nulls_first=True), "pk")


def _due() -> ExpressionWrapper[Any]:
    """As `quality.due_on`, for the database; NULL: never checked."""
    checked = Greatest("assured_on", "organization__assured_on")
    return ExpressionWrapper(checked + F("organization__confirm_every_days"), output_field=DateField())


def _one_language_alone() -> Q:
    alone = Q()
    for name in SHAPES[Service].texts:
        alone |= ~Q(**{f"{name}_fr": ""}) & Q(**{f"{name}_nl": ""})
        alone |= ~Q(**{f"{name}_nl": ""}) & Q(**{f"{name}_fr": ""})
    return alone


def record(uuid: UUID) -> Service | None:
    """A record with all that its desk shows and its document holds."""
    rows = queries.for_documents(Service.objects.filter(uuid=uuid)).prefetch_related(
        "organization__phones", "at_locations__schedules", "at_locations__location__schedules", "source_records__source"
    )
    return rows.select_related("assured_by").first()


def organizations(words: str) -> QuerySet[Organization]:
    """Organisations that stand for themselves, with the number of their records."""
    rows = Organization.objects.filter(merged_into=None).annotate(number=Count("services"))
    for word in words.split()[:8]:
        rows = rows.filter(folded_names__icontains=fold(word))
    return rows.order_by("name_fr", "pk")


def organization(uuid: UUID) -> Organization | None:
    return Organization.objects.filter(uuid=uuid).select_related("sector", "merged_into").first()


def location(uuid: UUID) -> Location | None:
    rows = Location.objects.filter(uuid=uuid).select_related("organization", "municipality", "neighbourhood")
    return rows.first()


# --- History ---------------------------------------------------------------------------------------
def history(uuid: UUID) -> QuerySet[RecordChange]:
    """What happened to a record, the newest first; it outlives the record."""
    return RecordChange.objects.filter(record_uuid=uuid).select_related("by", "source", "undoes").order_by("-at", "-pk")


def last_change(uuid: UUID) -> RecordChange | None:
    return history(uuid).first()


# --- What organisations want changed ---------------------------------------------------------------
def proposals() -> QuerySet[Proposal]:
    """Those that wait, the oldest first."""
    return (
        Proposal.objects.filter(state=CorrectionState.RECEIVED).select_related("organization").order_by("created", "pk")
    )


def waiting_proposals() -> int:
    return Proposal.objects.filter(state=CorrectionState.RECEIVED).count()


def records_by_uuid(uuids: list[UUID]) -> dict[UUID, Service]:
    """Records with what their documents hold."""
    return {row.uuid: row for row in queries.for_documents(Service.objects.filter(uuid__in=uuids))}
