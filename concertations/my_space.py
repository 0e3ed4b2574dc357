"""What somebody signed in sees of their own meetings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from basins.missions import AgendaItem, MySection
from basins.models import User
from concertations import queries_registrations as queries
from concertations.calendar import span_of, title_of, uid_of
from concertations.enums import MeetingState
from concertations.models import Registration
from concertations.rules import reminding


def sections_of(user: User) -> Iterator[MySection]:
    """Places held, offered or waited for, the next one first; signing in proves the address, so the page opens all."""
    now = timezone.now()
    rows = [
        row
        for row in queries.registrations_of_address(user.email)
        if row.state in queries.OPEN_STATES and row.meeting.ends_at > now
    ]
    if rows:
        yield MySection(_("My meetings"), [_item(row) for row in rows], queries.mine_url(rows[0].participant))


def _item(row: Registration) -> AgendaItem:
    starts, ends = span_of(row.meeting)
    basin = row.meeting.series.basin
    return AgendaItem(
        uid=uid_of(row.meeting),
        title=title_of(row.meeting),
        starts=starts,
        ends=ends,
        url=queries.mine_url(row.participant),
        kind=str(row.meeting.series.get_kind_display()),
        basin_code=basin.code if basin else None,
        place=row.meeting.address,
        action="" if row.state == "confirmed" else str(row.get_state_display()),
        cancelled=row.meeting.state == MeetingState.CANCELLED,
    )


def remind_ahead(email: str) -> int:
    """For the demo: write now what the address will get on the eve of its next meeting; how many letters."""
    now = timezone.now()
    coming = [row for row in queries.registrations_of_address(email) if row.meeting.starts_at > now]
    confirmed = [row for row in coming if row.state == "confirmed"]
    if not confirmed:
        return 0
    eve = timezone.localtime(confirmed[0].meeting.starts_at) - dt.timedelta(days=1)
    return reminding.write_reminders(now=eve.replace(hour=20), email=email)
