"""An organisation that another mission met comes into the directory, says where from, and may be taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from basins.missions import missions
from basins.models import User
from directory import access
from directory.enums import ChangeAction, Origin
from directory.models import (
    Correction,
    Organization,
    RecordChange,
    SavedList,
    Service,
    ServiceAtLocation,
    Source,
    SourceRecord,
)
from directory.rules import log, records, sources


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of it, as parts of the documents of an organisation, its places and its record."""

    organization: Mapping[str, Any]
    service: Mapping[str, Any]
    places: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class From:
    """The mission as a source of the directory, and how it calls what it met."""

    code: str
    name_fr: str
    name_nl: str
    identifier: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What became of what was made: it is gone, or ``stays`` says why it is still there."""

    stays: Any


@transaction.atomic
def found(*, known: Known, origin: From, by: User | None, is_demo: bool = False) -> Service:
    """A new organisation with its places and one record, all of which say that they come from the mission.

    What is empty is left out. Raises ``NotYours``, ``RecordRefused``. Takes the directory's lock.
    """
    log.begin(by)
    source = _source(origin, by)
    said: dict[str, Any] = {"by": by, "origin": Origin.SOURCE, "source": source, "is_demo": is_demo}
    organization = records.create_organization(values=_told(known.organization), **said)
    places = [records.create_location(organization=organization, values=_told(place), **said) for place in known.places]
    values = _told(known.service) | {"places": [str(place.uuid) for place in places]}
    service = records.create_service(organization=organization, values=values, **said)
    SourceRecord.objects.bulk_create(
        [
            SourceRecord(source=source, identifier=origin.identifier, organization=organization),
            SourceRecord(source=source, identifier=origin.identifier, service=service),
        ]
    )
    return service


@transaction.atomic
def take_back(*, record: UUID, code: str, identifier: str, by: User | None) -> TakenBack | None:
    """Undo :func:`found`: take out the record, its organisation and its places, as long as nothing hangs on them.

    ``code`` and ``identifier`` are those of its `From`. ``None``: nothing was made for it, or it is gone already.
    What is taken out stands in the history, which can bring it back. Takes the directory's lock.
    """
    log.lock()
    made = _made(record, code, identifier)
    row = made.select_related("service__organization").first()
    if row is None or row.service is None:
        return None
    service, organization = row.service, row.service.organization
    stays = _why_it_stays(service, organization, by)
    if not stays:
        records.remove_service(service=service, by=by)
        records.remove_organization(organization=organization, by=by)
    return TakenBack(stays)


def was_found(*, record: UUID, code: str, identifier: str) -> bool:
    """Whether :func:`found` made this record for that mission, and it is still there."""
    return _made(record, code, identifier).exists()


def _made(record: UUID, code: str, identifier: str) -> QuerySet[SourceRecord]:
    return SourceRecord.objects.filter(source__code=code, identifier=identifier, service__uuid=record)


def _why_it_stays(service: Service, organization: Organization, by: User | None) -> Any:
    """In words, what hangs on what was made; nothing where it may go."""
    places = list(organization.locations.all())
    identifiers = [service.uuid, organization.uuid, *(place.uuid for place in places)]
    changed = RecordChange.objects.filter(record_uuid__in=identifiers).exclude(action=ChangeAction.CREATED)
    lists = SavedList.objects.filter(records__contains=[service.uuid])
    reasons: list[tuple[Callable[[], bool], Any]] = [
        (lambda: by is not None and not access.may_manage_directory(by), _("you may not change the directory")),
        (changed.exists, _("it was changed or checked since")),
        (organization.services.exclude(pk=service.pk).exists, _("its organisation has other records")),
        (organization.merged.exists, _("another organisation was merged into it")),
        (organization.contacts.exists, _("persons to turn to are named there")),
        (lambda: _is_answered(service, organization), _("somebody wrote about it")),
        (lists.exists, _("it stands on a list that somebody keeps")),
        (lambda: _is_elsewhere(service, organization), _("it comes from another list, too")),
        (lambda: _took_part(service, organization), _("it is referred to elsewhere")),
    ]
    return next((words for holds, words in reasons if holds()), "")


def _took_part(service: Service, organization: Organization) -> bool:
    identifiers = {service.uuid, organization.uuid}
    return any(next(iter(each.took_part(identifiers)), None) is not None for each in missions())


def _is_answered(service: Service, organization: Organization) -> bool:
    said = Q(service=service) | Q(organization=organization) | Q(location__organization=organization)
    return (
        Correction.objects.filter(said).exists()
        or organization.confirmations.exists()
        or organization.proposals.exists()
    )


def _is_elsewhere(service: Service, organization: Organization) -> bool:
    rows = SourceRecord.objects.filter(Q(service=service) | Q(organization=organization))
    elsewhere = ServiceAtLocation.objects.filter(location__organization=organization).exclude(service=service)
    return rows.values("source", "identifier").distinct().count() > 1 or elsewhere.exists()


def _source(origin: From, by: User | None) -> Source:
    known = Source.objects.filter(code=origin.code).first()
    names = {"code": origin.code, "name_fr": origin.name_fr, "name_nl": origin.name_nl}
    return known or sources.save_source(source=None, values=names, by=by)


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", None)}
