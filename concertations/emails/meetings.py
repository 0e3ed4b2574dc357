"""To everybody who registered: the meeting moved, or is called off."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concertations.calendar import title_of
from concertations.calendar_mine import events_of
from concertations.enums import MeetingState
from concertations.models import Registration
from concertations.queries_registrations import mine_url, public_page
from concertations.rules.telling import STILL_IN
from core.bilingual import current_language, text
from core.calendar import MAIL_MIMETYPE, calendar_file
from core.mail import Attachment, Letter, absolute_url, letter
from core.spoken import weekday_date


@letter("concertations.meeting_moved", title=gettext_lazy("A meeting moved"))
def meeting_moved(params: dict[str, Any]) -> Letter | None:
    """The time or the place changed: as it is now. Nothing for who gave the place back since."""
    row = _registration_of(params)
    meeting = row.meeting
    if row.state not in STILL_IN or meeting.state != MeetingState.ANNOUNCED or meeting.ends_at <= timezone.now():
        return None
    name = title_of(meeting)
    subject = _("Changed: %(name)s is on %(day)s") % {"name": name, "day": weekday_date(meeting.starts_at)}
    return _letter(row, subject, _("The time or the place of this meeting has changed. This is how it is now."))


@letter("concertations.meeting_called_off", title=gettext_lazy("A meeting is called off"))
def meeting_called_off(params: dict[str, Any]) -> Letter | None:
    """Why, and the calendar file that takes it off. Nothing for who had given the place back."""
    row = _registration_of(params)
    meeting = row.meeting
    if row.state not in STILL_IN or meeting.state != MeetingState.CANCELLED:
        return None
    words = {"name": title_of(meeting), "day": weekday_date(meeting.starts_at)}
    subject = _("Called off: %(name)s of %(day)s") % words
    return _letter(row, subject, _("This meeting does not take place."), note=str(text(meeting, "cancel_note")))


def _registration_of(params: dict[str, Any]) -> Registration:
    rows = Registration.objects.select_related("participant", "meeting__series__basin", "meeting__municipality")
    return rows.get(uuid=params["registration"])


def _letter(row: Registration, subject: str, lead: str, *, note: str = "") -> Letter:
    """With the entry of the calendar anew, for who has one."""
    meeting = row.meeting
    context = {
        "basin": meeting.series.basin,
        "meeting": meeting,
        "name": title_of(meeting),
        "lead": lead,
        "note": note,
        "link": absolute_url(public_page(meeting) or mine_url(row.participant)),
    }
    events = events_of([row])
    if not events:
        return Letter(subject, "concertations/mail/meeting", context)
    content = calendar_file(str(title_of(meeting)), events, current_language())
    filename = f"{slugify(str(title_of(meeting))) or 'meeting'}.ics"
    return Letter(subject, "concertations/mail/meeting", context, [Attachment(filename, content, MAIL_MIMETYPE)])
