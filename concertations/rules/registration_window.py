"""When one may register for a meeting: the window for everybody, and the team as long as the meeting is not over."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concertations.enums import MeetingState
from concertations.errors.registering import RegistrationClosed
from concertations.models import Meeting
from concertations.rules.window import why_closed


def why_not_registrable(meeting: Meeting, now: dt.datetime | None = None) -> str:
    """Why nobody can register now, in the reader's words; ``""`` when one can. No query."""
    if meeting.series.is_closed_group:
        return str(_("This is a closed group: its members are registered for the whole cycle."))
    return why_closed(meeting, now=now)


def refuse_unless_open(meeting: Meeting, *, is_team: bool) -> None:
    """Raise ``RegistrationClosed`` with the reason; the team registers people outside the window too."""
    is_ahead = meeting.state == MeetingState.ANNOUNCED and meeting.ends_at > timezone.now()
    if is_team and is_ahead:
        return
    if reason := why_not_registrable(meeting):
        raise RegistrationClosed(reason)
