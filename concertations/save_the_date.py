"""The list of dates a team sends round: for a mail, as text in both languages; for a slide, as paper in 16:9."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from concertations.calendar import title_of
from concertations.links import meeting_page
from concertations.models import Meeting
from core import spoken
from core.bilingual import LANGUAGE_CODES, text
from core.mail import absolute_url


@dataclass(frozen=True, slots=True)
class Date:
    """One meeting in one language: its day and hours, name, subject, place, and address of its page."""

    when: str
    name: str
    subject: str
    place: str
    url: str


@dataclass(frozen=True, slots=True)
class Side:
    """All dates in one language."""

    code: str
    heading: str
    dates: Sequence[Date]

    @property
    def text(self) -> str:
        """As one pastes it into a mail."""
        blocks = [self.heading]
        for date in self.dates:
            lines = [date.when, " · ".join(filter(None, [date.name, date.subject])), date.place, date.url]
            blocks.append("\n".join(filter(None, lines)))
        return "\n\n".join(blocks)


def sides(meetings: Iterable[Meeting]) -> list[Side]:
    """French first, then Dutch; every date on both sides."""
    meetings = list(meetings)
    found = []
    for code in LANGUAGE_CODES:
        with override(code):
            found.append(Side(code, _("Save the date"), [_date(meeting) for meeting in meetings]))
    return found


def plain_text(meetings: Iterable[Meeting]) -> str:
    """Both languages one after the other, for a mail."""
    return "\n\n— — —\n\n".join(side.text for side in sides(meetings))


def first_and_last(today: dt.date, months: int) -> tuple[dt.date, dt.date]:
    """From today on for so many months."""
    count = today.year * 12 + today.month - 1 + months
    return today, dt.date(count // 12, count % 12 + 1, 1) - dt.timedelta(days=1)


def _date(meeting: Meeting) -> Date:
    when = spoken.long_date(meeting.starts_at)
    if not meeting.is_whole_day:
        when = f"{when}, {spoken.hours(meeting.starts_at, meeting.ends_at)}"
    online = _("at a distance") if meeting.online_url and not meeting.address else ""
    return Date(
        when=when[:1].upper() + when[1:],
        name=str(title_of(meeting)),
        subject=str(text(meeting, "title")),
        place=meeting.address or online,
        url=absolute_url(meeting_page(meeting)),
    )
