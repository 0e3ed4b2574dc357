"""When one may register for a meeting, and until when one may give a place back."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concertations.enums import MeetingState
from concertations.errors.registering import RegistrationClosed
from concertations.models import Meeting
from core import spoken


def why_not_registrable(meeting: Meeting, now: dt.datetime | None = None) -> str:
    """Why nobody can register now, in the reader's words; ``""`` when one can. No query."""
    now = now or timezone.now()
    if meeting.series.is_closed_group:
        return str(_("This is a closed group: its members are registered for the whole cycle."))
    return why_not_open(meeting, now) or _outside_window(meeting, now)


def why_not_open(meeting: Meeting, now: dt.datetime | None = None) -> str:
    """Why not even the team can register anybody: called off, not announced, or over."""
    if meeting.state == MeetingState.CANCELLED:
        return str(_("This meeting is called off."))
    if meeting.state == MeetingState.DRAFT:
        return str(_("This meeting is not announced yet."))
    if meeting.state == MeetingState.HELD or meeting.ends_at <= (now or timezone.now()):
        return str(_("This meeting is over."))
    return ""


def refuse_unless_open(meeting: Meeting, *, is_team: bool) -> None:
    """Raise ``RegistrationClosed`` with the reason; the team registers people outside the window too."""
    if reason := why_not_open(meeting) if is_team else why_not_registrable(meeting):
        raise RegistrationClosed(reason)


def _outside_window(meeting: Meeting, now: dt.datetime) -> str:
    opens, closes = meeting.registration_opens_at, meeting.registration_closes_at
    if opens is None or closes is None:
        return str(_("There is no registration for this meeting."))
    if now < opens:
        return str(_("Registration opens on %(day)s.") % {"day": spoken.plain_date(opens)})
    if now >= min(closes, meeting.starts_at):
        return str(_("Registration closed on %(day)s.") % {"day": spoken.plain_date(min(closes, meeting.starts_at))})
    return ""
