"""What the public pages read: cards of a list, one record, one organisation, and where those went that are gone."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from basins.access import Reader
from directory import access, queries
from directory.models import Location, Organization, Phone, Service, ServiceArea, ServiceAtLocation, Tombstone


def cards(keys: Iterable[int], user: Reader) -> list[Service]:
    """The records of a list in the order of ``keys``, with what a card shows. Six queries however many."""
    listed = list(keys)
    phones = _phones_for(user)
    rows = (
        queries.services_for(user)
        .filter(pk__in=listed)
        .select_related("capacity")
        .prefetch_related(
            Prefetch("areas", ServiceArea.objects.select_related("basin", "municipality", "neighbourhood")),
            Prefetch("at_locations", ServiceAtLocation.objects.select_related("location__municipality")),
            Prefetch("phones", phones),
            Prefetch("organization__phones", phones),
            "languages__term",
        )
    )
    found = {row.pk: row for row in rows}
    return [found[key] for key in listed if key in found]


def record(uuid: UUID, user: Reader) -> Service | None:
    """A record with everything a reader may see of it; ``None`` where there is none for them."""
    rows = queries.with_everything(queries.services_for(user), user).prefetch_related(
        Prefetch("organization__phones", _phones_for(user)),
        Prefetch("organization__contacts", queries.contacts_for(user).filter(service=None), to_attr="own_contacts"),
        "source_records__source",
    )
    return rows.filter(uuid=uuid).first()


def organization(uuid: UUID, user: Reader) -> Organization | None:
    """An organisation; where it merged into another, ``merged_into`` says which."""
    rows = queries.organizations_for(user).prefetch_related(
        Prefetch("phones", _phones_for(user)),
        Prefetch("contacts", queries.contacts_for(user)),
        "urls",
    )
    return rows.filter(uuid=uuid).first()


def services_of(organization: Organization, user: Reader) -> QuerySet[Service]:
    """The keys of an organisation's records that a reader may see, by kind and name."""
    return queries.services_for(user).filter(organization=organization).order_by("kind", "name", "pk")


def went_to(uuid: UUID) -> Tombstone | None:
    """What is known of a record that is no longer there."""
    return Tombstone.objects.filter(record_uuid=uuid).first()


def places_of(organization: Organization) -> list[Location]:
    """The places of an organisation, its seat first."""
    return list(queries.places_of(organization))


def place(uuid: UUID) -> Location | None:
    """A place with its organisation; ask `access.may_see_address` before its address is shown."""
    return Location.objects.select_related("organization", "municipality").filter(uuid=uuid).first()


def _phones_for(user: Reader) -> QuerySet[Phone]:
    return Phone.objects.all() if access.is_professional(user) else Phone.objects.filter(professionals_only=False)
