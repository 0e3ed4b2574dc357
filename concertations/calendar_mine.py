"""Meetings as entries of a participant's calendar: the same UID for the life of a meeting, a sequence that only rises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from concertations.enums import MeetingState, RegistrationState
from concertations.links import meeting_page
from concertations.models import Meeting, Registration
from core.bilingual import text
from core.calendar import Event
from core.mail import absolute_url
from core.spoken import BRUSSELS

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
    meeting = row.meeting
    is_back = row.state != RegistrationState.CONFIRMED
    step = 2 if is_back else 0 if row.is_held else 1
    name = text(meeting.series, "name")
    subject = text(meeting, "title")
    return Event(
        uid=f"meeting-{meeting.uuid}@concertations",
        title=f"{name} · {subject}" if subject else str(name),
        starts=_moment(meeting, meeting.starts_at),
        ends=_moment(meeting, meeting.ends_at),
        location=meeting.address,
        description="" if is_back else "\n".join(_lines(meeting)),
        url=absolute_url(meeting_page(meeting)),
        sequence=meeting.sequence + STEPS * lives_before + step,
        cancelled=is_back or meeting.state == MeetingState.CANCELLED,
        tentative=row.is_held,
        modified=max(meeting.modified, row.modified),
    )


def _moment(meeting: Meeting, moment: dt.datetime) -> dt.datetime | dt.date:
    return moment.astimezone(BRUSSELS).date() if meeting.is_whole_day else moment


def _lines(meeting: Meeting) -> list[str]:
    """What one wants to read on the way; the link to take part at a distance is for who registered."""
    said = [
        (_("Way there:"), str(text(meeting, "directions"))),
        (_("At a distance:"), meeting.online_url),
    ]
    return [f"{label} {words}" for label, words in said if words]
