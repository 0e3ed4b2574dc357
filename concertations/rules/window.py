"""Whether somebody can register now, by state and dates alone; whether there is a seat is another question."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from concertations.enums import MeetingState
from concertations.models import Meeting
from core import spoken


def why_closed(meeting: Meeting, *, now: dt.datetime | None = None) -> str:
    """Why nobody can register now, in the reader's words; "" when one can.

    Asked of the dates and not of a state, so that a clock which stood still costs nobody a place.
    """
    now = now or timezone.now()
    opens, closes = meeting.registration_opens_at, meeting.registration_closes_at
    if meeting.state == MeetingState.CANCELLED:
        return _("This meeting was called off.")
    if meeting.state == MeetingState.HELD or now >= meeting.ends_at:
        return _("This meeting is over.")
    if meeting.state == MeetingState.DRAFT:
        return _("This meeting is not announced yet.")
    if opens is None or closes is None:
        return _("No registration is asked for.")
    if now < opens:
        return _("Registration opens on %(when)s.") % {"when": spoken.moment(opens)}
    if now >= closes:
        return _("Registration closed on %(when)s.") % {"when": spoken.moment(closes)}
    return ""
