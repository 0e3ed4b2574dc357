"""Who came: noted by the host, the team, a partner, or by the visitor at the door.

Phones lose their connection: what was tapped first may arrive last. So each note carries the moment
at which it was made, and of two notes on the same person the later *made* one stands, in whatever order
they arrive. The same note twice changes nothing. The row of the visit is the lock: it owns the count of
walk-ins, and whoever gives a seat back locks it, too.

"All are here" is no word on anybody in particular: it fills in those of whom nobody said anything, and any word
on one person stands against it, made before it or after it, whichever arrives first. For that it counts as said
at the first moment of the visit's day.

A team is noted as one, with how many of it came: a part of the word, not a word of its own. Who came besides is
a walk-in.

Noted from the visit's day on, until the edition is evaluated. ``by`` is who is signed in, ``key`` the partner
that calls; a host needs neither: its signed link is the right.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from basins.models import PartnerKey, User
from basins.rules.people import NotYours
from core import spoken
from opendoors.access import may_note_attendance
from opendoors.enums import Attendance, EditionState, NotedBy, VisitState
from opendoors.errors import AttendanceError, DoorClosed, NotExpected
from opendoors.models import SEATS_AT_MOST, BookedVisit, Visit
from opendoors.queries_day import expected
from opendoors.rules.checks import refuse_stranger

logger = logging.getLogger(__name__)

NOTED = ("attendance", "attendance_at", "attendance_by", "modified")
DOOR_OPENS = dt.timedelta(minutes=30)  # before the visit begins
DOOR_CLOSES = dt.timedelta(minutes=60)  # after it has ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """What somebody said of one booking. ``at``: when they said it; ``None``: now.

    ``came``: how many of a team that is present; ``None``: all of it.
    """

    booked: UUID
    attendance: Attendance
    at: dt.datetime | None = None
    came: int | None = None


@transaction.atomic
def note(
    *,
    booked: BookedVisit,
    attendance: Attendance,
    by_whom: NotedBy,
    by: User | None = None,
    key: PartnerKey | None = None,
    at: dt.datetime | None = None,
    came: int | None = None,
) -> BookedVisit:
    """Note of one booking whether they came, and how many of a team; what was said later stands. Locks the visit.

    Raises ``NotExpected`` for who is not on the list (any more), and what :func:`note_many` raises.
    """
    visit = booked.visit
    if not expected(visit.booked.filter(pk=booked.pk)).exists():
        raise _not_expected()
    tap = Tap(booked=booked.uuid, attendance=attendance, at=at, came=came)
    note_many(visit=visit, taps=[tap], by_whom=by_whom, by=by, key=key)
    booked.refresh_from_db()
    return booked


@transaction.atomic
def note_many(
    *,
    visit: Visit,
    taps: Sequence[Tap],
    by_whom: NotedBy,
    by: User | None = None,
    key: PartnerKey | None = None,
) -> int:
    """Note what was said of several people of one visit; returns how many rows changed. Locks the visit.

    Who gave the seat back meanwhile is left out: they are no longer on the list. Raises ``AttendanceError`` when
    it is too early or too late, or for more people than were booked; ``NotYours``.
    """
    now = timezone.now()
    visit = _begin(visit, now, by=by, key=key)
    rows = {row.uuid: row for row in expected(visit.booked.filter(uuid__in=[tap.booked for tap in taps]))}
    changed: dict[UUID, BookedVisit] = {}
    for tap in taps:
        row, at = rows.get(tap.booked), _moment(tap.at, visit, now)
        if row is None or (row.attendance_at is not None and row.attendance_at >= at):
            continue
        row.attendance, row.attendance_at, row.attendance_by = tap.attendance, at, by_whom
        # Each of a team may scan at the door: that does not undo what was said of how many came.
        if tap.came is not None or by_whom != NotedBy.VISITOR:
            row.came = _part_of_team(tap, row)
        row.modified = now
        changed[row.uuid] = row
    BookedVisit.objects.bulk_update(changed.values(), [*NOTED, "came"])
    for row in changed.values():
        logger.info(
            "Booked visit %s was noted as %s (%d of %d) by %s",
            row.uuid,
            row.attendance,
            row.people_came,
            row.seats,
            _actor(by_whom, by, key),
        )
    return len(changed)


@transaction.atomic
def note_all_present(*, visit: Visit, by_whom: NotedBy, by: User | None = None, key: PartnerKey | None = None) -> int:
    """Note as present whom nobody said anything of; returns how many. Locks the visit.

    A word on one of them stands against it, also one that was made earlier and arrives later.
    Raises what :func:`note_many` raises.
    """
    now = timezone.now()
    visit = _begin(visit, now, by=by, key=key)
    rows = list(expected(visit.booked.filter(attendance="")))
    for row in rows:
        row.attendance, row.attendance_at, row.attendance_by = Attendance.PRESENT, _first_moment(visit), by_whom
        row.modified = now
    BookedVisit.objects.bulk_update(rows, NOTED)
    if rows:
        logger.info(
            "All others, %d rows of visit %s, were noted as present by %s",
            len(rows),
            visit.uuid,
            _actor(by_whom, by, key),
        )
    return len(rows)


@transaction.atomic
def count_walk_ins(
    *,
    visit: Visit,
    number: int,
    by_whom: NotedBy,
    by: User | None = None,
    key: PartnerKey | None = None,
    at: dt.datetime | None = None,
) -> Visit:
    """Note how many came without booking; the later count stands. Locks the visit.

    Raises ``AttendanceError`` for a number that cannot be, too early or too late; ``NotYours``.
    """
    now = timezone.now()
    visit = _begin(visit, now, by=by, key=key)
    if not 0 <= number <= SEATS_AT_MOST:
        raise AttendanceError(_("Write a number from 0 to %(most)d.") % {"most": SEATS_AT_MOST}, field="walk_ins")
    moment = _moment(at, visit, now)
    if visit.walk_ins_at is None or visit.walk_ins_at < moment:
        visit.walk_ins, visit.walk_ins_at = number, moment
        visit.save(update_fields=["walk_ins", "walk_ins_at", "modified"])
        logger.info("Visit %s had %d walk-ins, says %s", visit.uuid, number, _actor(by_whom, by, key))
    return visit


@transaction.atomic
def check_in(*, visit: Visit, email_or_reference: str, came: int | None = None) -> BookedVisit:
    """A visitor at the door says "I am here", by address or by reference. Locks the visit.

    ``came``: how many of a team; ``None``: all of it, unless somebody counted them already. Raises ``DoorClosed``
    outside the half hour before and the hour after the visit, ``NotExpected`` in the same words for whoever is
    not on the list, and ``AttendanceError`` at the field ``came``.
    """
    row = at_the_door(visit=visit, email_or_reference=email_or_reference)
    return note(booked=row, attendance=Attendance.PRESENT, by_whom=NotedBy.VISITOR, came=came)


def at_the_door(*, visit: Visit, email_or_reference: str) -> BookedVisit:
    """Whose booking is meant by what somebody wrote at the door; raises ``DoorClosed`` and ``NotExpected``."""
    if reason := why_door_closed(visit, timezone.now()):
        raise DoorClosed(reason)
    said = "".join(email_or_reference.split())
    found = Q(booking__visitor__email=said.lower()) | Q(booking__reference=said.upper())
    row = expected(visit.booked.filter(found)).select_related("visit__edition__basin").first() if said else None
    if row is None:
        raise _not_expected()
    return row


def why_door_closed(visit: Visit, now: dt.datetime) -> str:
    """Why nobody can check in at the door now, in the reader's words; ``""`` when one can."""
    if visit.state != VisitState.PLANNED:
        return str(_("This visit is called off."))
    if now < (opens := visit.starts_at - DOOR_OPENS):
        if timezone.localdate(now) == timezone.localdate(opens):
            return str(_("You can check in from %(hour)s on.") % {"hour": spoken.hour(opens)})
        return str(
            _("You can check in on %(day)s, from %(hour)s on.")
            % {"day": spoken.weekday_date(opens), "hour": spoken.hour(opens)}
        )
    if now > (closes := visit.ends_at + DOOR_CLOSES):
        return str(
            _("Check-in closed on %(day)s at %(hour)s. Ask the host to note you.")
            % {"day": spoken.weekday_date(closes), "hour": spoken.hour(closes)}
        )
    return ""


def why_not_noted(visit: Visit, now: dt.datetime) -> str:
    """Why nobody can note attendance now, in the reader's words; ``""`` when one can."""
    if visit.state != VisitState.PLANNED:
        return str(_("This visit is called off."))
    if visit.edition.state == EditionState.EVALUATED:
        return str(_("This edition is evaluated: who came stays as it was noted."))
    if now < _first_moment(visit):
        return str(
            _("Who came can be noted from the day of the visit on: %(day)s.")
            % {"day": spoken.weekday_date(visit.starts_at)}
        )
    return ""


# --- Inside --------------------------------------------------------------------------------------


def _begin(visit: Visit, now: dt.datetime, *, by: User | None, key: PartnerKey | None) -> Visit:
    """The visit, locked and fresh; whoever may not note is turned away."""
    locked = Visit.objects.select_related("edition__basin").select_for_update(of=("self",), no_key=True)
    visit = locked.get(pk=visit.pk)
    refuse_stranger(visit.edition, by)
    if key is not None and not may_note_attendance(key, visit.edition):
        raise NotYours(_("Your key was not given for the basin of these visits."))
    if reason := why_not_noted(visit, now):
        raise AttendanceError(reason)
    return visit


def _part_of_team(tap: Tap, row: BookedVisit) -> int | None:
    """How many of a team came, as it is stored: ``None`` where there is nothing to say but that all did."""
    if tap.came is None:
        return None
    if tap.attendance != Attendance.PRESENT:
        sentence = _("Say how many came of those who are present, of nobody else.")
        raise AttendanceError(sentence, field="came", expected=[row.booking.reference])
    if not 1 <= tap.came <= row.seats:
        raise AttendanceError(
            ngettext_lazy(
                "%(seats)d seat was booked: write 1. Who came besides counts as come without a booking.",
                "%(seats)d seats were booked: write a number from 1 to %(seats)d. "
                "Who came besides counts as come without a booking.",
                row.seats,
            )
            % {"seats": row.seats},
            field="came",
            expected=[row.booking.reference],
        )
    return tap.came if tap.came < row.seats else None


def _first_moment(visit: Visit) -> dt.datetime:
    return dt.datetime.combine(timezone.localdate(visit.starts_at), dt.time.min, tzinfo=spoken.BRUSSELS)


def _moment(at: dt.datetime | None, visit: Visit, now: dt.datetime) -> dt.datetime:
    """When something was said. A clock that runs ahead does not win over what is said after it.

    Later than what is said of all, however early: see :func:`note_all_present`.
    """
    return max(min(at or now, now), _first_moment(visit) + dt.timedelta.resolution)


def _not_expected() -> NotExpected:
    return NotExpected(
        _("We do not find this on the list of this visit. Look at your mail for the reference, or ask the host."),
        field="who",
    )


def _actor(by_whom: NotedBy, by: User | None, key: PartnerKey | None) -> str:
    return f"partner {key.uuid}" if key else f"person {by.uuid}" if by else f"the {by_whom.value}"
