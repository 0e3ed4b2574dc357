"""Undoing one change of the history, or saying in words why that can no longer be done.

An edit is undone by writing what was before; only where nobody has changed the same keys since. A record
that was taken out comes back under its identifier, at the places where it was, a place with what is had
there; with what is said at the place (`rules.links`). What was merged, made, checked is no such change.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from basins.models import User
from core.errors import RuleError
from directory.documents import Document, Holder, document_of, same
from directory.enums import ChangeAction, GoneReason, Origin, RecordKind
from directory.models import Location, Organization, RecordChange, Service, Tombstone
from directory.rules import links, log, records
from directory.rules.writing import Draft, Hand, write_new

MODELS: dict[str, type[Holder]] = {
    RecordKind.ORGANIZATION: Organization,
    RecordKind.LOCATION: Location,
    RecordKind.SERVICE: Service,
}
WHY_NOT: dict[str, Any] = {
    ChangeAction.CREATED: _("To undo this, take the record out."),
    ChangeAction.RESTORED: _("To undo this, take the record out again."),
    ChangeAction.CONFIRMED: _("A check is no change: there is nothing to undo."),
    ChangeAction.MERGED: _("What was merged cannot be taken apart by a button: records and identifiers moved along."),
    ChangeAction.PERSONS: _("What is said of persons is not kept in the history."),
}


class CannotBeUndone(RuleError):
    """Something stands in the way; the message says what. ``keys`` are those changed again since."""

    code = "cannot-be-undone"


def why_not(change: RecordChange) -> Any:
    """Why this kind of change is never undone; nothing where it may be tried."""
    if change.record_kind not in MODELS:
        return _("This kind of record has no undo.")
    return WHY_NOT.get(change.action, "")


@transaction.atomic
def undo(*, change: RecordChange, by: User | None) -> Holder:
    """Write what was before. Raises ``NotYours``, ``CannotBeUndone``, ``RecordRefused``. Takes the directory's lock.

    The undoing is a change of its own, which can be undone again.
    """
    log.begin(by)
    reason = why_not(change)
    if reason:
        raise CannotBeUndone(reason)
    model = MODELS[change.record_kind]
    record: Any = model._default_manager.filter(uuid=change.record_uuid).first()
    if change.action == ChangeAction.REMOVED:
        return _bring_back(change, model, record, by)
    if record is None:
        raise CannotBeUndone(_("The record was taken out since. Bring it back first."))
    now = document_of(record)
    moved = sorted(key for key, value in change.after.items() if not same(now.get(key), value))
    if moved:
        raise CannotBeUndone(
            _("The same was changed again since. Undo the later change first, or change it by hand."), keys=moved
        )
    _write(record, change, by)
    return log.fresh(record)  # type: ignore[no-any-return]  # a holder


def _write(record: Any, change: RecordChange, by: User | None) -> None:
    values = links.without(change.before)
    if isinstance(record, Service):
        records.edit_service(service=record, values=values, by=by, undoes=change)
    elif isinstance(record, Location):
        records.edit_location(location=record, values=values, by=by, undoes=change)
    else:
        records.edit_organization(organization=record, values=values, by=by, undoes=change)
    links.restore(change.before)


def _bring_back(change: RecordChange, model: type[Holder], there: Holder | None, by: User | None) -> Holder:
    """The record as it was when it was taken out, without the places that are gone meanwhile."""
    if there is not None:
        raise CannotBeUndone(_("The record is back already."))
    if Tombstone.objects.filter(record_uuid=change.record_uuid, reason=GoneReason.MERGED).exists():
        raise CannotBeUndone(WHY_NOT[ChangeAction.MERGED])
    values: Document = links.without(change.before)
    record: Any = model(uuid=change.record_uuid)
    if not isinstance(record, Organization):
        record.organization = _owner(values)
    if isinstance(record, Location):
        values["is_seat"] = values.get("is_seat") and not record.organization.locations.filter(is_seat=True).exists()
    if isinstance(record, Service):
        known = Location.objects.filter(uuid__in=values.get("places", ())).values_list("uuid", flat=True)
        values["places"] = [str(uuid) for uuid in known]
    write_new([Draft(record, values)], Hand(by=by, origin=Origin.HERE), restores=change)
    if not isinstance(record, Service):
        log.unbury(record.uuid)
    links.restore(change.before)
    return record  # type: ignore[no-any-return]  # a holder


def _owner(values: Document) -> Organization:
    owner = Organization.objects.filter(uuid=values["organization"]).select_related("merged_into").first()
    if owner is None:
        raise CannotBeUndone(_("Its organisation was taken out, too. Bring that back first."))
    if owner.merged_into is None:
        return owner
    values["organization"] = str(owner.merged_into.uuid)
    return owner.merged_into
