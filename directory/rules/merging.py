"""Doubles become one, and nothing is lost: names stay findable, identifiers of sources stay known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from basins.models import User
from directory.documents import Document, document_of, is_empty, same
from directory.enums import ChangeAction, GoneReason, Origin, RecordKind, RecordStatus
from directory.errors import ImpossibleMerge
from directory.models import Contact, Location, Organization, Service, SourceRecord
from directory.rules import log
from directory.rules.records import names_of
from directory.rules.writing import Hand, write_merged

# What one record cannot take over from another: it would become the other.
OWN_KEYS = frozenset({"organization", "kind", "status", "visibility", "former_names"})


@transaction.atomic
def merge_organizations(*, organizations: Iterable[Organization], into: Organization, by: User | None) -> Organization:
    """``into`` takes over names, records, places, persons and identifiers; the others stay as a way to it.

    What ``into`` does not say is filled in from them. Merging keeps the way one step long. Raises
    ``NotYours``, ``ImpossibleMerge``. Takes the directory's lock.
    """
    log.begin(by)
    into = log.fresh(into)
    others: list[Organization] = [log.fresh(each) for each in organizations]
    if into.merged_into_id is not None or any(each.pk == into.pk for each in others):
        raise ImpossibleMerge(_("An organisation cannot be merged into itself, nor into one that is merged already."))
    for other in others:
        before = document_of(other)
        moved = [str(uuid) for uuid in other.services.values_list("uuid", flat=True)]
        values = _joined(document_of(into), before) | {"former_names": [*into.former_names, *names_of(other)]}
        write_merged(into, values, Hand(by=by))
        _move_everything(other, into)
        other.merged_into = into
        other.status = RecordStatus.DEFUNCT
        log.stamp(other)
        log.note(
            kind=RecordKind.ORGANIZATION,
            record=other,
            action=ChangeAction.MERGED,
            by=by,
            origin=Origin.HERE,
            before={"services": moved},
            after={"merged_into": str(into.uuid)},
        )
        log.bury(kind=RecordKind.ORGANIZATION, uuid=other.uuid, reason=GoneReason.MERGED, replaced_by=into.uuid)
    log.touch(into.services.all())
    return into


@transaction.atomic
def merge_services(*, services: Iterable[Service], into: Service, by: User | None) -> Service:
    """``into`` takes over names, places, persons and identifiers, and what it does not say itself.

    The others go; their addresses lead to ``into`` by their tombstones. Raises ``NotYours``,
    ``ImpossibleMerge``. Takes the directory's lock.
    """
    log.begin(by)
    into = log.fresh(into)
    for other in [log.fresh(each) for each in services]:
        if other.pk == into.pk:
            raise ImpossibleMerge(_("A record cannot be merged into itself."))
        before = document_of(other)
        values = _joined(document_of(into), before) | {"former_names": [*into.former_names, *names_of(other)]}
        write_merged(into, values, Hand(by=by))
        Contact.objects.filter(service=other).update(service=into)
        _move_identifiers("service", other.pk, into.pk)
        log.note(
            kind=RecordKind.SERVICE,
            record=other,
            action=ChangeAction.MERGED,
            by=by,
            origin=Origin.HERE,
            before=before,
            after={"merged_into": str(into.uuid)},
        )
        for row in other.at_locations.all():
            log.bury(kind=RecordKind.SERVICE_AT_LOCATION, uuid=row.uuid, reason=GoneReason.MERGED)
        log.bury(kind=RecordKind.SERVICE, uuid=other.uuid, reason=GoneReason.MERGED, replaced_by=into.uuid)
        log.lead_on(other.uuid, into.uuid)
        other.delete()
    return into


def _joined(own: Document, other: Document) -> Document:
    """What a record says after it took another over: its own words first, lists of both."""
    values: Document = {}
    for key, value in other.items():
        if key in OWN_KEYS or is_empty(value):
            continue
        mine: Any = own.get(key)
        if isinstance(value, list):
            values[key] = [*mine, *(each for each in value if not any(same(each, known) for known in mine))]
        elif is_empty(mine) and not isinstance(mine, bool):
            values[key] = value
    return values


def _move_everything(other: Organization, into: Organization) -> None:
    has_seat = into.locations.filter(is_seat=True).exists()
    if has_seat:
        other.locations.filter(is_seat=True).update(is_seat=False)
    places = list(Location.objects.filter(organization=other).values_list("pk", flat=True))
    Location.objects.filter(pk__in=places).update(organization=into)
    log.touch(Location.objects.filter(pk__in=places))
    other.services.update(organization=into)
    Contact.objects.filter(organization=other).update(organization=into)
    _move_identifiers("organization", other.pk, into.pk)
    other.merged.update(merged_into=into)
    log.lead_on(other.uuid, into.uuid)


def _move_identifiers(owner: str, old: int, new: int) -> None:
    SourceRecord.objects.filter(**{owner: old}).update(**{f"{owner}_id": new})
