"""Reminders: one some days before a person's first visit, one the day before each day with visits.

The job runs every quarter of an hour and works out what is due from the bookings alone, so it may
run twice, twice at once, or not for a day: the key of each letter (person, day, stage) is written
once for ever, what is late is caught up with, and what is past is left.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.db.models.functions import TruncDate
from django.utils import timezone

from core import mail
from core.models import OutboxMessage
from core.spoken import BRUSSELS
from opendoors.enums import BookedState, EditionState, VisitState
from opendoors.models import BookedVisit, Edition

logger = logging.getLogger(__name__)

KIND = "opendoors.reminder"
HOUR = dt.time(9)  # reminders are due at nine in the morning, in Brussels
BATCH = 500
REMINDED_STATES = (EditionState.PUBLISHED, EditionState.OPEN, EditionState.CLOSED, EditionState.RUNNING)


@dataclass(frozen=True, slots=True)
class VisitorDay:
    """A day on which a visitor holds seats, and when the first of them was booked."""

    visitor: UUID
    email: str
    language: str
    day: dt.date
    booked: dt.datetime


@dataclass(frozen=True, slots=True)
class Reminder:
    """A letter that is due."""

    visitor_day: VisitorDay
    stage: str
    scope: str

    @property
    def key(self) -> str:
        return f"{KIND}:{self.visitor_day.visitor}:{self.visitor_day.day.isoformat()}:{self.stage}"


def write_reminders(*, now: dt.datetime, email: str = "") -> int:
    """Put every reminder that is due at ``now`` into the outbox; returns how many were new.

    With ``email`` those of that address alone.

    Needs no lock: the outbox refuses a key it has. Each batch is a transaction of its own, so that a
    job that is killed keeps what it wrote.
    """
    written = 0
    for edition in _editions_in_reach(now):
        due = _due(edition, now, email)
        while batch := list(islice(due, BATCH)):
            written += _write(batch)
    return written


def _editions_in_reach(now: dt.datetime) -> list[Edition]:
    today = timezone.localdate(now, BRUSSELS)
    editions = Edition.objects.filter(state__in=REMINDED_STATES, ends_on__gte=today).select_related("basin")
    return [one for one in editions if one.starts_on <= today + _reach(one)]


def _reach(edition: Edition) -> dt.timedelta:
    """How far ahead of a visit its first reminder goes out."""
    return dt.timedelta(days=max(edition.reminder_days_before, 1))


def _due(edition: Edition, now: dt.datetime, email: str) -> Iterator[Reminder]:
    """What is due in one edition, visitor after visitor; one query, read as it comes."""
    for _visitor, group in groupby(_visitor_days(edition, now, email), key=lambda row: row.visitor):
        days = list(group)
        first = days[0]
        if _is_early_due(first, edition, now):
            yield Reminder(first, "early", edition.basin.code)
        for row in days:
            if _is_eve_due(row, now):
                yield Reminder(row, "eve", edition.basin.code)


def _visitor_days(edition: Edition, now: dt.datetime, email: str) -> Iterator[VisitorDay]:
    """Days with confirmed visits, also past ones: they tell which day is a visitor's first."""
    horizon = dt.datetime.combine(timezone.localdate(now, BRUSSELS) + _reach(edition), dt.time.max, tzinfo=BRUSSELS)
    rows = (
        BookedVisit.objects.filter(
            visit__edition=edition,
            # What nobody confirmed may go to others yet: the mail that asks for it is reminder enough.
            booking__held_until__isnull=True,
            state=BookedState.CONFIRMED,
            visit__state=VisitState.PLANNED,
            visit__starts_at__lte=horizon,
        )
        .annotate(day=TruncDate("visit__starts_at", tzinfo=BRUSSELS))
        .values_list("booking__visitor__uuid", "booking__visitor__email", "booking__visitor__language", "day")
        .annotate(booked=Min("created"))
        .order_by("booking__visitor__uuid", "day")
    )
    if email:
        rows = rows.filter(booking__visitor__email=email.lower())
    return (VisitorDay(*row) for row in rows.iterator(chunk_size=2000))


def _moment(day: dt.date, days_before: int) -> dt.datetime:
    return dt.datetime.combine(day - dt.timedelta(days=days_before), HOUR, tzinfo=BRUSSELS)


def _is_early_due(first: VisitorDay, edition: Edition, now: dt.datetime) -> bool:
    """Late is better than never, up to the eve, which has a letter of its own.

    Who booked after the moment has just had a confirmation that says the same.
    """
    moment = _moment(first.day, edition.reminder_days_before)
    eve = dt.datetime.combine(first.day - dt.timedelta(days=1), dt.time.min, tzinfo=BRUSSELS)
    return moment <= now < eve and first.booked < moment


def _is_eve_due(row: VisitorDay, now: dt.datetime) -> bool:
    """Caught up with until the eve is over: the letter says "tomorrow"."""
    moment = _moment(row.day, 1)
    return moment <= now < dt.datetime.combine(row.day, dt.time.min, tzinfo=BRUSSELS) and row.booked < moment


def _write(batch: Iterable[Reminder]) -> int:
    due = {reminder.key: reminder for reminder in batch}
    known = set(OutboxMessage.objects.filter(key__in=due).values_list("key", flat=True))
    fresh = [reminder for key, reminder in due.items() if key not in known]
    if not fresh:
        return 0
    written = 0
    with transaction.atomic():
        for reminder in fresh:
            written += _post(reminder) is not None
    return written


def _post(reminder: Reminder) -> Any:
    row = reminder.visitor_day
    return mail.post(
        KIND,
        to=row.email,
        language=row.language,
        params={"visitor": str(row.visitor), "day": row.day.isoformat(), "stage": reminder.stage},
        key=reminder.key,
        scope=reminder.scope,
    )
