"""Rows of the API with all that hangs on them, in a constant number of queries, as a stranger may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from directory import queries
from directory.api.territory import EVERYBODY, public_services
from directory.hsds import records
from directory.hsds.pieces import Object, moment
from directory.models import (
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)

# Rows of one page (any number of them) and a language → what is sent of them.
Writer = Callable[[Sequence[Any], str], list[Object]]


def minimal(rows: Iterable[Any], language: str) -> list[Object]:
    return [{"id": str(row.uuid), "last_modified": moment(row.modified)} for row in rows]


# --- Services --------------------------------------------------------------------------------------


def services() -> QuerySet[Service]:
    """Public records."""
    return public_services()


def brief_services(rows: Iterable[Service], language: str) -> list[Object]:
    return [records.service_brief(row, language) for row in rows]


def whole_services(rows: Sequence[Service], language: str) -> list[Object]:
    known = {row.pk: row for row in queries.for_hsds(Service.objects.filter(pk__in=[row.pk for row in rows]))}
    today = timezone.localdate()
    return [records.service_full(known[row.pk], language, today=today) for row in rows if row.pk in known]


# --- Services at places ----------------------------------------------------------------------------


def at_locations() -> QuerySet[ServiceAtLocation]:
    """Public records at their places."""
    public = ServiceAtLocation.objects.filter(service__in=public_services())
    return public.select_related("service__organization", "location__municipality")


def brief_at_locations(rows: Iterable[ServiceAtLocation], language: str) -> list[Object]:
    return [records.at_location_brief(row, language) for row in rows]


def whole_at_locations(rows: Sequence[ServiceAtLocation], language: str) -> list[Object]:
    found = queries.for_hsds(Service.objects.filter(pk__in={row.service_id for row in rows}))
    known = {link.pk: (link, service) for service in found for link in service.at_locations.all()}
    today = timezone.localdate()
    written = []
    for row in rows:
        if row.pk in known:
            link, service = known[row.pk]
            link.service = service
            written.append(records.at_location_full(link, language, today=today))
    return written


# --- Organisations ---------------------------------------------------------------------------------


def organizations() -> QuerySet[Organization]:
    """Those that stand for themselves; who merged into another one is told by a redirect."""
    return queries.organizations_for(EVERYBODY).filter(merged_into__isnull=True)


def brief_organizations(rows: Iterable[Organization], language: str) -> list[Object]:
    return [records.organization_brief(row, language) for row in rows]


def whole_organizations(rows: Sequence[Organization], language: str) -> list[Object]:
    """With their services as lists have them."""
    offered = public_services().filter(organization__in=[row.pk for row in rows]).order_by("pk")
    return _whole_organizations(rows, language, offered, brief_services)


def organizations_with_whole_services(rows: Sequence[Organization], language: str) -> list[Object]:
    offered = public_services().filter(organization__in=[row.pk for row in rows]).order_by("pk")
    return _whole_organizations(rows, language, offered, whole_services)


def _whole_organizations(
    rows: Sequence[Organization], language: str, offered: Iterable[Service], write: Writer
) -> list[Object]:
    by_owner: dict[str, list[Object]] = {}
    for written in write(list(offered), language):
        by_owner.setdefault(written["organization_id"], []).append(written)
    phones = Phone.objects.filter(professionals_only=False)
    places = Location.objects.select_related("municipality", "neighbourhood").prefetch_related(
        Prefetch("phones", phones), "schedules", "accessibility"
    )
    found = Organization.objects.select_related("sector__taxonomy", "sector__parent").prefetch_related(
        Prefetch("contacts", queries.contacts_for(EVERYBODY).filter(service__isnull=True)),
        Prefetch("phones", phones),
        Prefetch("locations", places),
        "urls",
        "identifiers",
    )
    known = {row.pk: row for row in found.filter(pk__in=[row.pk for row in rows])}
    today = timezone.localdate()
    return [
        records.organization_full(known[row.pk], language, today=today, services=by_owner.get(str(row.uuid), []))
        for row in rows
        if row.pk in known
    ]


# --- Taxonomies ------------------------------------------------------------------------------------


def taxonomies() -> QuerySet[Taxonomy]:
    return Taxonomy.objects.all()


def write_taxonomies(rows: Iterable[Taxonomy], language: str) -> list[Object]:
    return [records.taxonomy(row, language) for row in rows]


def terms() -> QuerySet[TaxonomyTerm]:
    return TaxonomyTerm.objects.select_related("taxonomy", "parent")


def write_terms(rows: Iterable[TaxonomyTerm], language: str) -> list[Object]:
    return [records.taxonomy_term(row, language) for row in rows]
