"""Still right? Who looked, when; what organisations are asked, and what they answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from basins.models import User
from directory.documents import shape_of
from directory.enums import ChangeAction, Origin
from directory.models import Organization, Service
from directory.rules import log


@transaction.atomic
def assure(*, records: Sequence[Organization | Service], on: dt.date, by: User | None) -> None:
    """Somebody of the team looked at records and found them right. Raises ``NotYours``. Takes the directory's lock."""
    log.begin(by)
    assure_all(records, on=on, by=by, origin=Origin.HERE)


def assure_all(records: Sequence[Organization | Service], *, on: dt.date, by: User | None, origin: Origin) -> None:
    """Note that records are right on a day, with a line of history each. Needs the lock.

    An organisation's check counts for its records (`quality.checked_on`), so they get new numbers, too.
    """
    for each in records:
        record = log.fresh(each)
        before = record.assured_on.isoformat() if record.assured_on else ""
        record.assured_on = on
        if isinstance(record, Service):
            record.assured_by = by
        log.stamp(record)
        log.note(
            kind=shape_of(record).kind,
            record=record,
            action=ChangeAction.CONFIRMED,
            by=by,
            origin=origin,
            before={"assured_on": before},
            after={"assured_on": on.isoformat()},
        )
        if isinstance(record, Organization):
            log.touch(record.services.all())
