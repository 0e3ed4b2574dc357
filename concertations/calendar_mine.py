"""Meetings as entries of a participant's calendar: one UID for the life of a meeting, a sequence that only rises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from concertations.calendar import meeting_event
from concertations.enums import RegistrationState
from concertations.models import Registration
from concertations.queries_registrations import mine_url, public_page
from core.calendar import Event

STEPS = 3  # of a place's life: held, confirmed, given back
IN_A_CALENDAR = (RegistrationState.CONFIRMED, RegistrationState.CANCELLED, RegistrationState.LAPSED)


def events_of(rows: Iterable[Registration]) -> list[Event]:
    """Places that were given; one that went back is an entry that takes itself off the calendar. One query.

    A person may register, give back and register again: each time counts on from the one before, for a calendar
    program keeps what has the higher sequence.
    """
    rows = [row for row in rows if row.state in IN_A_CALENDAR]
    lives: dict[tuple[int, int], list[int]] = {}
    known = Registration.objects.filter(
        participant__in={row.participant_id for row in rows}, meeting__in={row.meeting_id for row in rows}
    )
    for participant, meeting, key in known.order_by("pk").values_list("participant_id", "meeting_id", "pk"):
        lives.setdefault((participant, meeting), []).append(key)
    latest = {keys[-1] for keys in lives.values()}
    return [_event(row, lives[row.participant_id, row.meeting_id].index(row.pk)) for row in rows if row.pk in latest]


def _event(row: Registration, lives_before: int) -> Event:
    is_back = row.state != RegistrationState.CONFIRMED
    step = 2 if is_back else 0 if row.is_held else 1
    url = public_page(row.meeting) or mine_url(row.participant)
    event = meeting_event(row.meeting, url=url, sequence=STEPS * lives_before + step)
    return replace(
        event,
        cancelled=is_back or event.cancelled,
        tentative=row.is_held,
        modified=max(event.modified or row.modified, row.modified),
    )
