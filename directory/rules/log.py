"""What every write of the directory begins and ends with: the lock, the number, the history, the tombstone.

One writer at a time: each rule first takes the directory's advisory lock of PostgreSQL and keeps it to
the end of its transaction. So the numbers of changes become visible in their order, which the feed
of changes needs (a number that shows up behind a partner's cursor would be missed), and no two rules
can wait for each other. Imports commit every few hundred rows so that editors never wait long.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, Func, Model, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.log import actor
from basins.rules.people import NotYours
from directory import access
from directory.enums import ChangeAction, GoneReason, Origin, RecordKind
from directory.models import RecordChange, Source, Tombstone
from directory.models.base import Record
from directory.rules import indexing

logger = logging.getLogger(__name__)

LOCK_OF_DIRECTORY = 0x64697265  # "dire"
SEQUENCE = "directory_change_seq"
BATCH = 500


def begin(by: User | None) -> None:
    """Turn strangers away (``None``: a program or the console) and take the directory's lock."""
    if by is not None and not access.may_manage_directory(by):
        raise NotYours(_("You cannot change the directory."))
    lock()


def begin_words(by: User | None) -> None:
    """The same for taxonomies."""
    if by is not None and not access.may_edit_taxonomies(by):
        raise NotYours(_("You cannot change the taxonomies."))
    lock()


def lock() -> None:
    """The directory's lock, until the end of the transaction; search follows when it is over."""
    indexing.after_commit()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_OF_DIRECTORY])


def next_number() -> int:
    """The next number of the feed of changes. Needs the lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [SEQUENCE])
        return int(cursor.fetchone()[0])


def next_numbers(count: int) -> list[int]:
    """Many numbers at once, for an import. Needs the lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [SEQUENCE, count])
        return [int(row[0]) for row in cursor.fetchall()]


def stamp(record: Record) -> None:
    """Store a record under the next number. Needs the lock."""
    record.changed_seq = next_number()
    record.save()


def touch(records: QuerySet[Any]) -> int:
    """Give the rows new numbers, because something they show has changed. Returns how many. Needs the lock."""
    number = Func(Value(SEQUENCE), function="nextval", output_field=BigIntegerField())
    return records.update(changed_seq=number, modified=timezone.now())


def line(
    *,
    kind: RecordKind,
    record: Record,
    action: ChangeAction,
    by: User | None,
    origin: Origin,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    source: Source | None = None,
    undoes: RecordChange | None = None,
) -> RecordChange:
    """One line of history, not yet stored."""
    return RecordChange(
        record_kind=kind,
        record_uuid=record.uuid,
        label=str(record)[:200],
        action=action,
        origin=origin,
        source=source,
        by=by,
        before=dict(before),
        after=dict(after),
        undoes=undoes,
    )


def note_many(lines: Iterable[RecordChange]) -> list[RecordChange]:
    """Store lines of history."""
    stored = RecordChange.objects.bulk_create(lines, batch_size=BATCH)
    if len(stored) == 1:
        change = stored[0]
        logger.info("%s: %s %s %s", actor(change.by), change.action, change.record_kind, change.record_uuid)
    elif stored:
        logger.info("%s: %d changes of records", actor(stored[0].by), len(stored))
    return stored


def note(**said: Any) -> RecordChange:
    """Store one line of history; see :func:`line`."""
    return note_many([line(**said)])[0]


def bury(*, kind: RecordKind, uuid: UUID, reason: GoneReason, replaced_by: UUID | None = None) -> None:
    """Tell who keeps a copy to take the record out. Needs the lock."""
    Tombstone.objects.update_or_create(
        record_uuid=uuid,
        defaults={
            "record_kind": kind,
            "reason": reason,
            "replaced_by": replaced_by,
            "at": timezone.now(),
            "changed_seq": next_number(),
        },
    )


def unbury(uuid: UUID) -> None:
    """The record is there again. Needs the lock."""
    Tombstone.objects.filter(record_uuid=uuid).delete()


def lead_on(old: UUID, new: UUID) -> None:
    """What led to ``old`` leads to ``new``: the way stays one step long. Needs the lock."""
    for tombstone in Tombstone.objects.filter(replaced_by=old):
        tombstone.replaced_by = new
        tombstone.changed_seq = next_number()
        tombstone.save(update_fields=["replaced_by", "changed_seq"])


def fresh(record: Any) -> Any:
    """The row as it is now, behind the lock."""
    model: type[Model] = type(record)
    return model._default_manager.get(pk=record.pk)
