"""Where an identifier of the directory leads now: for missions that keep one. What merged leads on.

What was removed leads nowhere: it is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from directory.enums import GoneReason, Visibility
from directory.models import Organization, Service, Tombstone


@dataclass(frozen=True, slots=True)
class Standing:
    """The organisation an identifier stands for now, and its record where the identifier was a record's."""

    organization: Organization
    service: Service | None = None

    @property
    def public_service(self) -> Service | None:
        """The record, if everybody may see it."""
        service = self.service
        return service if service is not None and service.visibility == Visibility.PUBLIC else None


def standing(identifiers: Iterable[UUID]) -> dict[UUID, Standing]:
    """What each identifier stands for now; those of what was removed are left out. Five queries at most."""
    wanted = set(identifiers)
    if not wanted:
        return {}
    found = _standing_now(wanted)
    lost = wanted - found.keys()
    if lost:
        gone = Tombstone.objects.filter(record_uuid__in=lost, reason=GoneReason.MERGED, replaced_by__isnull=False)
        ways = {old: new for old, new in gone.values_list("record_uuid", "replaced_by") if new is not None}
        there = _standing_now(set(ways.values()))
        found |= {old: there[new] for old, new in ways.items() if new in there}
    return found


def _standing_now(wanted: set[UUID]) -> dict[UUID, Standing]:
    if not wanted:
        return {}
    organizations = Organization.objects.filter(uuid__in=wanted).select_related("merged_into")
    found = {row.uuid: Standing(row.merged_into or row) for row in organizations}
    services = Service.objects.filter(uuid__in=wanted - found.keys()).select_related("organization__merged_into")
    return found | {row.uuid: Standing(row.organization, row) for row in services}


def known_as(organization: Organization) -> set[UUID]:
    """All identifiers that lead to an organisation: its own, its records', and those of what merged into them."""
    merged = organization.merged.values_list("uuid", flat=True)
    records = organization.services.values_list("uuid", flat=True)
    known = {organization.uuid, *merged, *records}
    gone = Tombstone.objects.filter(replaced_by__in=known, reason=GoneReason.MERGED)
    return known | set(gone.values_list("record_uuid", flat=True))
