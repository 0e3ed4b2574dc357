"""A meeting as an entry of a calendar: one UID for its life, a sequence that rises with each change told."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from concertations.enums import MeetingState
from concertations.links import meeting_page
from concertations.models import Meeting
from concertations.rules.window import link_is_public
from core.bilingual import Text, text
from core.calendar import Event
from core.mail import absolute_url


def uid_of(meeting: Meeting) -> str:
    """The same wherever the meeting stands in a calendar: feed, file, letter."""
    return f"meeting-{meeting.uuid}@concertations"


def title_of(meeting: Meeting) -> Text:
    """``CT Santé mentale 3``, in the reader's language where the series has a name in it."""
    name = text(meeting.series, "name")
    return Text(f"{name} {meeting.number}", name.language, name.is_fallback) if meeting.number else name


def span_of(meeting: Meeting) -> tuple[dt.datetime | dt.date, dt.datetime | dt.date]:
    """Begin and end; where only the day is known, that day and (RFC 5545) the one after it."""
    if meeting.is_whole_day:
        return meeting.day, meeting.day + dt.timedelta(days=1)
    return meeting.starts_at, meeting.ends_at


def meeting_event(
    meeting: Meeting, *, url: str = "", more: str = "", sequence: int = 0, for_everybody: bool = False
) -> Event:
    """The entry in the reader's language. ``url`` instead of the public page, ``more``: further lines to read.

    ``sequence`` is what the holder's own registration adds to the meeting's. ``for_everybody``: without the link
    that one has to register for.
    """
    title, subject = title_of(meeting), text(meeting, "title")
    starts, ends = span_of(meeting)
    online_url = "" if for_everybody and not link_is_public(meeting) else meeting.online_url
    lines = [
        str(subject),
        _("To take part at a distance: %(url)s") % {"url": online_url} if online_url else "",
        _("Way there: %(words)s") % {"words": text(meeting, "directions")} if text(meeting, "directions") else "",
        more,
    ]
    return Event(
        uid=uid_of(meeting),
        title=title.value,
        title_language=title.language,
        starts=starts,
        ends=ends,
        location=meeting.address,
        description="\n".join(filter(None, lines)),
        url=absolute_url(url or meeting_page(meeting)),
        sequence=meeting.sequence + sequence,
        cancelled=meeting.state == MeetingState.CANCELLED,
        modified=min(meeting.modified, timezone.now()),
    )
