"""Organisations, places and records: made, changed, removed. By hand, by import, by the organisation itself.

All take a part of the record's document (`directory.documents`) and the directory's lock first. They raise
``NotYours``, ``RecordRefused`` (``field`` is the key), ``NationalNumberFound``. ``origin`` and ``source``
say where the words come from: what people wrote is not overwritten by a source. ``references`` are
shared by whoever writes many records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from basins.models import User
from core.bilingual import both
from directory.documents import document_of, shape_of
from directory.enums import ChangeAction, GoneReason, Origin, RecordKind
from directory.errors import RecordRefused, StillInUse
from directory.models import (
    Contact,
    Location,
    Organization,
    Proposal,
    RecordChange,
    Service,
    ServiceAtLocation,
    Source,
)
from directory.rules import links, log
from directory.rules.references import References
from directory.rules.writing import Draft, Hand, Written, write, write_new


@transaction.atomic
def create_organization(
    *,
    values: Mapping[str, Any],
    by: User | None,
    origin: Origin = Origin.HERE,
    source: Source | None = None,
    references: References | None = None,
    is_demo: bool = False,
) -> Organization:
    """A new organisation; a name in one language is enough."""
    log.begin(by)
    record = Organization(is_demo=is_demo)
    write_new([Draft(record, values)], _hand(by, origin, source, references))
    return record


@transaction.atomic
def edit_organization(
    *,
    organization: Organization,
    values: Mapping[str, Any],
    by: User | None,
    origin: Origin = Origin.HERE,
    source: Source | None = None,
    references: References | None = None,
    undoes: RecordChange | None = None,
) -> Written:
    """Change any keys. Its records show its name, so they count as changed, too."""
    log.begin(by)
    record: Organization = log.fresh(organization)
    if record.merged_into_id is not None:
        raise RecordRefused(_("This organisation was merged into another: change that one."))
    written = write(record, values, _hand(by, origin, source, references), undoes=undoes)
    if written.changed:
        log.touch(record.services.all())
    return written


@transaction.atomic
def remove_organization(*, organization: Organization, by: User | None) -> None:
    """Take an organisation out that has no records. Raises ``StillInUse``: merge it, or remove its records first."""
    log.begin(by)
    record: Organization = log.fresh(organization)
    if record.services.exists() or record.merged.exists():
        raise StillInUse(_("This organisation still has records: remove or move them first, or merge it."))
    for place in record.locations.all():
        _remove(place, Hand(by=by))
    _remove(record, Hand(by=by))


@transaction.atomic
def create_location(
    *,
    organization: Organization,
    values: Mapping[str, Any],
    by: User | None,
    origin: Origin = Origin.HERE,
    source: Source | None = None,
    references: References | None = None,
    is_demo: bool = False,
) -> Location:
    """A new place of an organisation. The first one is its seat."""
    log.begin(by)
    record = Location(organization=organization, is_demo=is_demo)
    has_seat = organization.locations.filter(is_seat=True).exists()
    draft = Draft(record, {"is_seat": not has_seat, **values})
    write_new([draft], _hand(by, origin, source, references))
    return record


@transaction.atomic
def edit_location(
    *,
    location: Location,
    values: Mapping[str, Any],
    by: User | None,
    origin: Origin = Origin.HERE,
    source: Source | None = None,
    references: References | None = None,
    undoes: RecordChange | None = None,
) -> Written:
    """Change any keys. What can be had there counts as changed, too. A new seat takes the place of the old one."""
    log.begin(by)
    record: Location = log.fresh(location)
    if values.get("is_seat") and not record.is_seat:
        record.organization.locations.filter(is_seat=True).update(is_seat=False)
    written = write(record, values, _hand(by, origin, source, references), undoes=undoes)
    if written.changed:
        _touch_services_at(record)
    return written


@transaction.atomic
def remove_location(*, location: Location, by: User | None) -> None:
    """Take a place out; its records stay, without it."""
    log.begin(by)
    record: Location = log.fresh(location)
    _touch_services_at(record)
    _remove(record, Hand(by=by))


@transaction.atomic
def create_service(
    *,
    organization: Organization,
    values: Mapping[str, Any],
    by: User | None,
    origin: Origin = Origin.HERE,
    source: Source | None = None,
    references: References | None = None,
    is_demo: bool = False,
    restores: RecordChange | None = None,
) -> Service:
    """A new record of an organisation. ``restores`` is the removal to undo: its identifier comes back."""
    log.begin(by)
    record = Service(organization=organization, is_demo=is_demo)
    if restores is not None:
        record.uuid = restores.record_uuid
    write_new([Draft(record, values)], _hand(by, origin, source, references), restores=restores)
    return record


@transaction.atomic
def create_many(
    *,
    drafts: Sequence[Draft],
    by: User | None,
    origin: Origin,
    source: Source | None = None,
    references: References | None = None,
) -> None:
    """Make many records of one model in a few statements: for imports, a few hundred at a time.

    Each draft holds a record that is not stored yet, with its organisation. One that is not valid refuses
    them all. Of places, ``is_seat`` is what the values say.
    """
    log.begin(by)
    write_new(drafts, _hand(by, origin, source, references))


@transaction.atomic
def edit_service(
    *,
    service: Service,
    values: Mapping[str, Any],
    by: User | None,
    origin: Origin = Origin.HERE,
    source: Source | None = None,
    references: References | None = None,
    undoes: RecordChange | None = None,
) -> Written:
    """Change any keys; the same values again change nothing, and leave no trace in the history."""
    log.begin(by)
    record: Service = log.fresh(service)
    written = write(record, values, _hand(by, origin, source, references), undoes=undoes)
    if written.changed:
        log.touch(record.at_locations.all())
    if "organization" in written.changed:
        Contact.objects.filter(service=record).update(organization=record.organization)
        Proposal.objects.filter(record_uuid=record.uuid).update(organization=record.organization)
    return written


@transaction.atomic
def move_service(*, service: Service, into: Organization, by: User | None) -> Written:
    """Give a record to another organisation; the persons to turn to for it come along, its places stay as they are.

    An edit like others: the history undoes it. Raises ``RecordRefused`` where ``into`` was merged into another.
    """
    log.begin(by)
    if log.fresh(into).merged_into_id is not None:
        raise RecordRefused(_("This organisation was merged into another: choose that one."), field="organization")
    return edit_service(service=service, values={"organization": str(into.uuid)}, by=by)


@transaction.atomic
def remove_service(*, service: Service, by: User | None) -> None:
    """Take a record out. The history keeps its document, so that it can come back; partners are told."""
    log.begin(by)
    _remove(log.fresh(service), Hand(by=by))


@transaction.atomic
def keep_text(*, record: Organization | Location | Service, column: str, by: User | None) -> None:
    """Say that a text (``"description_nl"``) still fits the other language: it is no longer out of date."""
    log.begin(by)
    record = log.fresh(record)
    if column in record.outdated:
        record.outdated = [each for each in record.outdated if each != column]
        log.stamp(record)


@transaction.atomic
def set_confirmation(
    *, organization: Organization, email: str, language: str, every_days: int, by: User | None
) -> Organization:
    """Whom the mail "still right?" goes to, and how often. Kept out of the history: it may be a person's address."""
    log.begin(by)
    record: Organization = log.fresh(organization)
    record.confirm_email = email.strip().lower()
    record.confirm_language = language
    record.confirm_every_days = every_days
    record.full_clean(exclude=["name", "description"])
    record.save(update_fields=["confirm_email", "confirm_language", "confirm_every_days"])
    return record


def _hand(by: User | None, origin: Origin, source: Source | None, references: References | None) -> Hand:
    return Hand(by=by, origin=origin, source=source, references=references or References())


def _remove(record: Organization | Location | Service, hand: Hand) -> None:
    shape = shape_of(record)
    places = ServiceAtLocation.objects.filter(Q(service__uuid=record.uuid) | Q(location__uuid=record.uuid))
    log.note(
        kind=shape.kind,
        record=record,
        action=ChangeAction.REMOVED,
        by=hand.by,
        origin=hand.origin,
        before=document_of(record) | links.kept(places),
        after={},
    )
    for row in places:
        log.bury(kind=RecordKind.SERVICE_AT_LOCATION, uuid=row.uuid, reason=GoneReason.REMOVED)
    log.bury(kind=shape.kind, uuid=record.uuid, reason=GoneReason.REMOVED)
    record.delete()


def _touch_services_at(location: Location) -> None:
    at_services = ServiceAtLocation.objects.filter(location=location)
    log.touch(Service.objects.filter(pk__in=at_services.values("service")))
    log.touch(at_services)


def names_of(record: Organization | Service) -> list[str]:
    """All the names a record goes by, for whoever takes it over."""
    return list(dict.fromkeys(filter(None, [*both(record, "name").values(), *record.former_names])))
