"""Cycles of a community of practice and their sessions: the only writer of cycles.

The sessions are made from a rule (`concertations.sessions`), one meeting each, so that one of them can move or be
called off alone; made again, the rule only adds what is missing, at the end. Lock: the cycle's row.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, fields

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.people import NotYours
from basins.rules.privacy import refuse_national_numbers
from concertations import access
from concertations.enums import MeetingState
from concertations.enums_communities import MEMBERS_AT_MOST, Rhythm
from concertations.errors.communities import CommunityError
from concertations.models import CommunityCycle, CycleException, CycleSession, Meeting, Series
from concertations.rules.meetings import next_number
from concertations.rules.memberships import locked_cycle, register_members
from concertations.sessions import Rule, left_out
from core.checks import check_row

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleData:
    """What the team says of a cycle."""

    name: str
    first_day: dt.date
    begins: dt.time
    ends: dt.time
    rhythm: str = Rhythm.MONTHLY
    sessions_planned: int = 10
    skips_holidays: bool = True
    places: int = MEMBERS_AT_MOST
    recruitment_opens_at: dt.datetime | None = None
    recruitment_closes_at: dt.datetime | None = None
    call_fr: str = ""
    call_nl: str = ""
    commitment_fr: str = ""
    commitment_nl: str = ""


def rule_of(cycle: CommunityCycle) -> Rule:
    """The rule that the sessions follow. One query, for the days that are left out."""
    days = frozenset(cycle.exceptions.values_list("day", flat=True))
    return Rule(
        first=cycle.first_day,
        begins=cycle.begins,
        ends=cycle.ends,
        rhythm=Rhythm(cycle.rhythm),
        number=cycle.sessions_planned,
        is_left_out=left_out(days, skips_holidays=cycle.skips_holidays),
    )


@transaction.atomic
def create(*, series: Series, data: CycleData, by: User | None) -> CommunityCycle:
    """A new cycle of a community. Raises ``CommunityError``, ``NotYours``, ``NationalNumberFound``."""
    _refuse_stranger(series, by)
    if not series.is_closed_group:
        raise CommunityError(_("Only a community of practice has cycles."))
    cycle = CommunityCycle(series=series)
    _write(cycle, data)
    logger.info("Cycle %s was made by %s", cycle.uuid, by.uuid if by else "the console")
    return cycle


@transaction.atomic
def change(*, cycle: CommunityCycle, data: CycleData, by: User | None) -> CommunityCycle:
    """Change a cycle; sessions that are made stay where they are. Locks the cycle. Raises as `create`."""
    cycle = locked_cycle(cycle.pk)
    _refuse_stranger(cycle.series, by)
    _write(cycle, data)
    return cycle


@transaction.atomic
def leave_out(*, cycle: CommunityCycle, day: dt.date, by: User | None) -> CycleException:
    """No session on this day. Before the sessions are made: afterwards one of them is moved or called off alone."""
    cycle = locked_cycle(cycle.pk)
    _refuse_stranger(cycle.series, by)
    if cycle.sessions.filter(planned_for=day).exists():
        raise CommunityError(
            _("The session of this day is made already: move it or call it off on its own page."), field="day"
        )
    row = CycleException(cycle=cycle, day=day)
    check_row(row, refusal=CommunityError)
    row.save()
    return row


@transaction.atomic
def put_back(*, cycle: CommunityCycle, day: dt.date, by: User | None) -> None:
    """The day counts again. Again: no change."""
    cycle = locked_cycle(cycle.pk)
    _refuse_stranger(cycle.series, by)
    cycle.exceptions.filter(day=day).delete()


@transaction.atomic
def make_sessions(*, cycle: CommunityCycle, by: User | None) -> list[Meeting]:
    """Make the sessions that are missing and register who committed; gives the new ones.

    Days that had a session stay theirs, also where it moved; what was called off is made up for at the end. Made
    twice, the second time makes nothing. Locks the cycle, then its sessions.
    """
    cycle = locked_cycle(cycle.pk)
    _refuse_stranger(cycle.series, by)
    made = list(cycle.sessions.select_related("meeting"))
    missing = cycle.sessions_planned - sum(row.meeting.state != MeetingState.CANCELLED for row in made)
    if missing < 1:
        return []
    rule, taken = rule_of(cycle), {row.planned_for for row in made}
    last = max(taken, default=None)
    # Days before the last session that have none were left out when it was made.
    days = [day for day in rule.days(len(made) + missing + _SPARE) if day not in taken and (last is None or day > last)]
    meetings = [_session(cycle, rule, day) for day in days[:missing]]
    register_members(cycle)
    logger.info("%d sessions of cycle %s were made", len(meetings), cycle.uuid)
    return meetings


# --- Inside --------------------------------------------------------------------------------------

_SPARE = 60  # days of the rule that may lie before the last session without being one


def _session(cycle: CommunityCycle, rule: Rule, day: dt.date) -> Meeting:
    starts_at, ends_at = rule.hours_of(day)
    position = (cycle.sessions.aggregate(last=Max("position"))["last"] or 0) + 1
    before = cycle.series.meetings.exclude(place_fr__isnull=True, place_nl__isnull=True).order_by("-starts_at").first()
    meeting = Meeting(
        series=cycle.series,
        number=next_number(cycle.series),
        starts_at=starts_at,
        ends_at=ends_at,
        state=MeetingState.ANNOUNCED,
    )
    if before is not None:  # the group mostly meets where it met
        for name in ("place_fr", "place_nl", "street_fr", "street_nl", "postcode", "municipality", "wheelchair"):
            setattr(meeting, name, getattr(before, name))
    check_row(meeting, refusal=CommunityError)
    meeting.save()
    CycleSession.objects.create(cycle=cycle, meeting=meeting, position=position, planned_for=day)
    return meeting


def _write(cycle: CommunityCycle, data: CycleData) -> None:
    values = {field.name: getattr(data, field.name) for field in fields(data)}
    refuse_national_numbers(**{name: value for name, value in values.items() if isinstance(value, str)})
    for name, value in values.items():
        setattr(cycle, name, value)
    cycle.modified = timezone.now()
    check_row(cycle, refusal=CommunityError)
    cycle.save()


def _refuse_stranger(series: Series, by: User | None) -> None:
    if by is not None and not access.may_manage_series(by, series):
        raise NotYours(access.NOT_YOURS)
