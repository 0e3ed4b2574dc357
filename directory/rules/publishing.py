"""The only writer of records as they are sent (`models.HsdsCopy`): what whole lists are made of.

A full service takes about a millisecond to put together, in each language; a hundred thousand of them minutes.
So the clock writes those that changed, and a stream reads them as they are. A copy is never trusted beyond the
record's number: who reads writes anew what has none that counts. Records with persons to turn to are never
copied: what can be forgotten stands in one place.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.bilingual import LANGUAGE_CODES
from directory import queries
from directory.enums import Visibility
from directory.hsds import records
from directory.hsds.pieces import packed
from directory.hsds.profile import SHAPE
from directory.models import Contact, HsdsCopy, Service

logger = logging.getLogger(__name__)

LOCK_OF_COPIES = 0x636F7079  # "copy"
BATCH = 300
TEXTS = [f"{kind}_{code}" for kind in ("brief", "full") for code in LANGUAGE_CODES]
DAYS_GOOD = 7  # names of the territory change without a number
EVERYBODY = AnonymousUser()


def publish(*, today: dt.date, at_most: int | None = None) -> int:
    """Write the copies that are missing or no longer count, a batch per transaction. Returns how many.

    One at a time: whoever comes second finds nothing to do. Takes a lock of its own, and none of the directory.
    """
    done = 0
    while at_most is None or done < at_most:
        with transaction.atomic():
            if not _lock():
                return done
            keys = list(waiting(today).order_by("pk").values_list("pk", flat=True)[:BATCH])
            _write(keys, today)
            if not keys:
                _forget_hidden()
        done += len(keys)
        if len(keys) < BATCH:
            return done
    return done


def waiting(today: dt.date) -> QuerySet[Service]:
    """Public records without a copy that counts, and without persons."""
    good = HsdsCopy.objects.filter(
        service=OuterRef("pk"), changed_seq=OuterRef("changed_seq"), shape=SHAPE, good_until__gt=today
    )
    public = queries.services_for(EVERYBODY).select_related(None)
    return public.filter(~Exists(good), ~Exists(Contact.objects.filter(service=OuterRef("pk"))))


def _write(keys: Sequence[int], today: dt.date) -> None:
    rows = queries.for_hsds(Service.objects.filter(pk__in=keys))
    HsdsCopy.objects.bulk_create(
        [_copy(row, today) for row in rows],
        update_conflicts=True,
        unique_fields=["service"],
        update_fields=[
            "changed_seq",
            "shape",
            "good_until",
            *TEXTS,
        ],
    )


def _copy(row: Service, today: dt.date) -> HsdsCopy:
    """The record's number was read before anything that hangs on it: what is newer makes the copy not count."""
    texts = {}
    for code in LANGUAGE_CODES:
        texts[f"brief_{code}"] = packed(records.service_brief(row, code))
        texts[f"full_{code}"] = packed(records.service_full(row, code, today=today))
    ends = [today + dt.timedelta(days=DAYS_GOOD), records.good_until(row, today)]
    return HsdsCopy(
        service=row,
        changed_seq=row.changed_seq,
        shape=SHAPE,
        good_until=min(day for day in ends if day is not None),
        **texts,
    )


def _forget_hidden() -> None:
    """What is not public, or has persons now, has no copy."""
    HsdsCopy.objects.filter(
        ~Q(service__visibility=Visibility.PUBLIC) | Exists(Contact.objects.filter(service=OuterRef("service")))
    ).delete()


def _lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK_OF_COPIES])
        return bool(cursor.fetchone()[0])
