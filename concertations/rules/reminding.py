"""Reminders: one some days before a meeting (``Meeting.reminder_days_before``), one the day before.

Worked out from the registrations alone, so the job may run twice, at once, or not for a day: the key of each letter
(registration, stage, day of the meeting) is written once for ever, what is late is caught up with, what is past left.
A meeting that was moved is another day, hence another letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from concertations.enums import MeetingState, RegistrationState
from concertations.models import Meeting, Registration
from concertations.rules import registration_letters as letters
from core.models import OutboxMessage
from core.spoken import BRUSSELS

HOUR = dt.time(9)  # reminders are due at nine in the morning, in Brussels
FURTHEST = dt.timedelta(days=60)


def write_reminders(*, now: dt.datetime, email: str = "") -> int:
    """Put every reminder that is due at ``now`` into the outbox; returns how many were new.

    With ``email`` those of that address alone. Needs no lock: the outbox refuses a key it has.
    """
    return sum(_write(meeting, stage, now, email) for meeting, stage in _due(now))


def _due(now: dt.datetime) -> Iterator[tuple[Meeting, str]]:
    """Meetings of which a stage is due: the early one until the eve begins, the eve's until midnight."""
    near = Meeting.objects.filter(
        state=MeetingState.ANNOUNCED, starts_at__gt=now, starts_at__lte=now + FURTHEST
    ).select_related("series__basin")
    today = timezone.localdate(now, BRUSSELS)
    for meeting in near:
        eve = meeting.day - dt.timedelta(days=1)
        if today == eve and now >= _moment(meeting, 1):
            yield meeting, "eve"
        elif today < eve and now >= _moment(meeting, meeting.reminder_days_before):
            yield meeting, "early"


def _moment(meeting: Meeting, days_before: int) -> dt.datetime:
    return dt.datetime.combine(meeting.day - dt.timedelta(days=days_before), HOUR, tzinfo=BRUSSELS)


@transaction.atomic
def _write(meeting: Meeting, stage: str, now: dt.datetime, email: str) -> int:
    """Who registered after the moment has just had a letter that says the same; who must still confirm gets none."""
    days = 1 if stage == "eve" else meeting.reminder_days_before
    rows = Registration.objects.filter(
        meeting=meeting,
        state=RegistrationState.CONFIRMED,
        held_until=None,
        at_the_door=False,
        created__lt=_moment(meeting, days),
    ).exclude(participant__email="")
    if email:
        rows = rows.filter(participant__email=email.strip().lower())
    once = f"{stage}:{meeting.day.isoformat()}"
    keys = {f"{letters.REMINDER}:{row.uuid}:{once}": row for row in rows.select_related("participant")}
    known = set(OutboxMessage.objects.filter(key__in=keys).values_list("key", flat=True))
    written = 0
    for key, row in keys.items():
        if key not in known:
            row.meeting = meeting
            written += letters.tell(letters.REMINDER, row, once=once, stage=stage)
    return written
