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
    said = ""
    if meeting.state == MeetingState.CANCELLED:
        said = _("This meeting was called off.")
    elif meeting.state == MeetingState.HELD or now >= meeting.ends_at:
        said = _("This meeting is over.")
    elif meeting.state == MeetingState.DRAFT:
        said = _("This meeting is not announced yet.")
    elif opens is None or closes is None:
        said = _("No registration is asked for.")
    elif now < opens:
        said = _("Registration opens on %(when)s.") % {"when": spoken.moment(opens)}
    elif now >= closes:
        said = _("Registration closed on %(when)s.") % {"when": spoken.moment(closes)}
    return said


def link_is_public(meeting: Meeting) -> bool:
    """Whether everybody may read the link to take part: where no registration is asked. Else who registered gets it."""
    return meeting.registration_opens_at is None
