"""What a service says at one place, kept in the history when the two are parted, so that undoing brings it back.

A record's document names its places alone. The line of history that parts them holds, under ``links``
beside the document's keys, each link's identifier, remark, phones and hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from directory.documents import PHONES, SCHEDULES, Document, in_both, row_of
from directory.models import Location, Service, ServiceAtLocation
from directory.rules import log, parts
from directory.rules.storing import store, store_new

LINKS = "links"
TEXTS = in_both("description")


def kept(rows: QuerySet[ServiceAtLocation]) -> Document:
    """What the history keeps of links that are about to go; nothing where there are none."""
    found = rows.select_related("service", "location").prefetch_related("phones", "schedules").order_by("pk")
    links = [
        {
            "uuid": str(row.uuid),
            "service": str(row.service.uuid),
            "location": str(row.location.uuid),
            "texts": row_of(row, TEXTS),
            **{part.key: [row_of(each, part.columns) for each in getattr(row, part.key).all()] for part in OWN_PARTS},
        }
        for row in found
    ]
    return {LINKS: links} if links else {}


def without(values: Mapping[str, Any]) -> Document:
    """The part of a line of history that a record's document knows."""
    return {key: value for key, value in values.items() if key != LINKS}


def restore(before: Mapping[str, Any]) -> None:
    """Bring back the links that a line kept, under their identifiers, where both ends are there. Needs the lock."""
    for link in before.get(LINKS, ()):
        service = Service.objects.filter(uuid=link["service"]).first()
        location = Location.objects.filter(uuid=link["location"]).first()
        if service is not None and location is not None:
            _restore(link, service, location)


def _restore(link: Mapping[str, Any], service: Service, location: Location) -> None:
    row = ServiceAtLocation.objects.filter(service=service, location=location).first()
    if row is not None and _says_something(row):
        return  # linked again since, and somebody said more: that stays
    row = row or ServiceAtLocation(service=service, location=location)
    row.uuid = UUID(link["uuid"])
    for name, value in link["texts"].items():
        setattr(row, name, value)
    store(row)
    for part in OWN_PARTS:
        model: Any = ServiceAtLocation._meta.get_field(part.key).related_model
        made = [
            parts.filled(model(service_at_location=row), part.columns, values, part.key) for values in link[part.key]
        ]
        store_new(made, key=part.key)
    log.unbury(row.uuid)
    log.touch(Service.objects.filter(pk=service.pk))


def _says_something(row: ServiceAtLocation) -> bool:
    texts: Iterable[Any] = (getattr(row, name) for name in TEXTS)
    return any(texts) or row.phones.exists() or row.schedules.exists()


OWN_PARTS = (PHONES, SCHEDULES)
