"""Seats of a meeting and their locks: what registering, the waiting list and the forgetting of people share.

Order of locks: the meetings' rows by primary key (a seat is given once, the line is theirs), then participants by
primary key. Whoever needs one of the two alone may take it alone. Nothing here decides who may; nothing tells anybody.

Who comes to the door without registration takes no seat: the room is full or not, the team sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F, QuerySet
from django.utils import timezone

from basins.models import PartnerKey, User
from basins.rules.people import NotYours
from concertations import access
from concertations.enums import TAKES_A_SEAT, RegistrationState
from concertations.models import Meeting, Participant, Registration, Series

OPEN_STATES = frozenset({RegistrationState.WAITING, RegistrationState.OFFERED, RegistrationState.CONFIRMED})


def locked_meeting(meeting_id: int) -> Meeting:
    """The meeting's row, locked and fresh, with series and basin."""
    return locked_meetings(Meeting.objects.filter(pk=meeting_id))[0]


def locked_meetings(meetings: QuerySet[Meeting]) -> list[Meeting]:
    """Several at once, in order of key."""
    found = meetings.select_for_update(of=("self",), no_key=True).select_related("series__basin", "municipality")
    return list(found.order_by("pk"))


def locked_participant(series: Series, email: str, language: str) -> tuple[Participant, bool]:
    """The person of an address in a series, made or found, and locked; whether it was made."""
    address = email.strip().lower()
    found = Participant.objects.select_for_update(of=("self",), no_key=True).filter(series=series, email=address)
    if row := found.first():
        return row, False
    made = Participant(series=series, email=address, language=language)
    Participant.objects.bulk_create([made], ignore_conflicts=True)
    row = found.get()
    return row, row.uuid == made.uuid


def open_registrations(meeting: Meeting) -> QuerySet[Registration]:
    """Who has a seat, is offered one, or waits."""
    return meeting.registrations.filter(state__in=OPEN_STATES).select_related("participant")


def has_seat(meeting: Meeting) -> bool:
    """Whether one more seat can be given; of a locked meeting."""
    return meeting.seats is None or meeting.seats_taken < meeting.seats


def take(meeting: Meeting, number: int = 1) -> None:
    """Count seats that are given; the meeting is locked."""
    _count(meeting, number)


def move(rows: Iterable[Registration], to: RegistrationState) -> int:
    """Put open registrations of one locked meeting into a state, and count the seats that are freed or taken.

    Returns how many seats came free. What is no longer open is left as it is.
    """
    now = timezone.now()
    moved = [row for row in rows if row.state in OPEN_STATES and row.state != to]
    freed = 0
    for row in moved:
        freed += (takes_seat(row, row.state)) - (takes_seat(row, to))
        row.state, row.modified = to, now
        row.cancelled_at = now if to == RegistrationState.CANCELLED else None
        row.offered_until = None
        if to not in OPEN_STATES:
            row.held_until = None
    Registration.objects.bulk_update(moved, ["state", "modified", "cancelled_at", "offered_until", "held_until"])
    if moved and freed:
        _count(moved[0].meeting, -freed)
    return freed


def takes_seat(row: Registration, state: str) -> int:
    """1 where a registration in this state is counted against the seats."""
    return int(state in TAKES_A_SEAT and not row.at_the_door)


def refuse_stranger(meeting: Meeting, *, by: User | None, key: PartnerKey | None = None) -> None:
    """Raise ``NotYours`` for somebody who does not keep the series, or a key that was not given for its basin.

    Nobody (``None``) is the holder of a link, the console or the clock.
    """
    if by is not None and not access.may_manage_series(by, meeting.series):
        raise NotYours(access.NOT_YOURS)
    if key is not None and not access.may_register_for_others(key, meeting.series):
        raise NotYours(access.NOT_YOUR_BASIN)


def as_rows(rows: QuerySet[Registration], meeting: Meeting) -> Sequence[Registration]:
    """The rows, each with this very copy of their meeting, whose count is kept."""
    found = list(rows)
    for row in found:
        row.meeting = meeting
    return found


def _count(meeting: Meeting, number: int) -> None:
    now = timezone.now()
    Meeting.objects.filter(pk=meeting.pk).update(seats_taken=F("seats_taken") + number, modified=now)
    meeting.seats_taken += number
