"""Who came: noted by the team, from the sheet, by a partner, or by the participant with the code on the door.

Phones lose their connection and sheets are typed in later: each note carries the moment at which it was made, and of
two notes on the same person the later *made* one stands, in whatever order they arrive. "All others are here" is no
word on anybody in particular: it fills in whom nobody spoke of, and any word on one person stands against it.

Noted from the meeting's day on, while the meeting is announced or held. The row of the meeting is the lock.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import PartnerKey, User
from basins.rules.people import NotYours
from basins.rules.privacy import refuse_national_numbers
from concertations import access
from concertations.enums import MeetingState, NotedBy, Presence, RegistrationState
from concertations.errors.registering import DoorClosed, NotExpected, PresenceError
from concertations.models import Meeting, Participant, Registration
from concertations.rules import places
from concertations.rules.registering import Person
from core import spoken
from core.checks import check_row

logger = logging.getLogger(__name__)

DOOR_OPENS = dt.timedelta(minutes=60)  # before the meeting
DOOR_CLOSES = dt.timedelta(minutes=60)  # after it
_FIELDS = ["presence", "presence_at", "presence_by", "modified"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody said of one person. ``at``: when they said it; ``None``: now."""

    registration: UUID
    presence: Presence
    at: dt.datetime | None = None


def expected(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """Who has a seat, in order of name; the door's list, the sheet's and everybody's who notes."""
    confirmed = rows.filter(state=RegistrationState.CONFIRMED)
    return confirmed.select_related("participant").order_by("participant__name", "pk")


@transaction.atomic
def note_many(
    *,
    meeting: Meeting,
    notes: Sequence[Note],
    by_whom: NotedBy,
    by: User | None = None,
    key: PartnerKey | None = None,
) -> int:
    """Note what was said of several people; returns how many rows changed. Locks the meeting.

    Who gave the place back meanwhile is left out. Raises ``PresenceError`` when it is too early, ``NotYours``.
    """
    now = timezone.now()
    meeting = _begin(meeting, now, by=by, key=key)
    rows = {row.uuid: row for row in expected(meeting.registrations.filter(uuid__in=[n.registration for n in notes]))}
    changed: dict[UUID, Registration] = {}
    for note in notes:
        row, at = rows.get(note.registration), _moment(note.at, meeting, now)
        if row is None or (row.presence_at is not None and row.presence_at >= at):
            continue
        row.presence, row.presence_at, row.presence_by, row.modified = note.presence, at, by_whom, now
        changed[row.uuid] = row
    Registration.objects.bulk_update(changed.values(), _FIELDS)
    if changed:
        logger.info("Presence of %d people at meeting %s was noted by %s", len(changed), meeting.uuid, by_whom.value)
    return len(changed)


@transaction.atomic
def note_all_present(*, meeting: Meeting, by_whom: NotedBy, by: User | None) -> int:
    """Note as present whom nobody said anything of; returns how many. Locks the meeting. Raises as `note_many`."""
    now = timezone.now()
    meeting = _begin(meeting, now, by=by)
    rows = list(expected(meeting.registrations.filter(presence="")))
    for row in rows:
        row.presence, row.presence_at, row.presence_by = Presence.PRESENT, _first_moment(meeting), by_whom
        row.modified = now
    Registration.objects.bulk_update(rows, _FIELDS)
    return len(rows)


@transaction.atomic
def add_at_door(*, meeting: Meeting, person: Person, by: User) -> Registration:
    """The team notes somebody who came: unexpected, or from the line. Takes no seat; locks the meeting.

    Without an address by name alone. Raises `PresenceError`, `NotYours`, `NationalNumberFound`.
    """
    refuse_national_numbers(name=person.name, role=person.role, organisation=person.organisation)
    now = timezone.now()
    meeting = _begin(meeting, now, by=by)
    participant = _who_came(meeting, person)
    earlier = places.open_registrations(meeting).filter(participant=participant).first()
    row = earlier or Registration(meeting=meeting, participant=participant, at_the_door=True, confirmed_at=now)
    row.meeting = meeting
    if earlier is not None and earlier.state != RegistrationState.CONFIRMED:
        places.move([earlier], RegistrationState.LAPSED)  # gives back what was on offer
        row.state, row.at_the_door = RegistrationState.CONFIRMED, True
    row.presence, row.presence_at, row.presence_by = Presence.PRESENT, now, NotedBy.STAFF
    check_row(row, refusal=PresenceError)
    row.save()
    logger.info("Registration %s was added at the door by person %s", row.uuid, by.uuid)
    return row


@transaction.atomic
def check_in(*, meeting: Meeting, email_or_reference: str) -> Registration:
    """Somebody at the door says "I am here", by address or by reference. Locks the meeting.

    Raises ``DoorClosed`` outside the hour before and the hour after, ``NotExpected`` in the same words for whoever
    is not on the list.
    """
    now = timezone.now()
    if reason := why_door_closed(meeting, now):
        raise DoorClosed(reason)
    said = "".join(email_or_reference.split())
    found = Q(participant__email=said.lower()) | Q(reference=said.upper())
    row = expected(meeting.registrations.filter(found)).first() if said else None
    if row is None:
        raise NotExpected(
            _("We do not find this on the list of this meeting. Look at your mail for the reference, or ask the team."),
            field="who",
        )
    note_many(
        meeting=meeting,
        notes=[Note(registration=row.uuid, presence=Presence.PRESENT)],
        by_whom=NotedBy.PARTICIPANT,
    )
    row.refresh_from_db()
    return row


def why_door_closed(meeting: Meeting, now: dt.datetime) -> str:
    """Why nobody can check in at the door now, in the reader's words; ``""`` when one can."""
    if meeting.state != MeetingState.ANNOUNCED:
        return str(_("Nobody checks in to this meeting now."))
    opens, closes = meeting.starts_at - DOOR_OPENS, meeting.ends_at + DOOR_CLOSES
    if now < opens:
        return str(
            _("You can check in on %(day)s, from %(hour)s on.")
            % {"day": spoken.weekday_date(opens), "hour": spoken.hour(opens)}
        )
    if now > closes:
        return str(_("Check-in is over. Ask the team to note you."))
    return ""


def why_not_noted(meeting: Meeting, now: dt.datetime) -> str:
    """Why nobody can note presence now, in the reader's words; ``""`` when one can."""
    if meeting.state == MeetingState.CANCELLED:
        return str(_("This meeting is called off."))
    if meeting.state == MeetingState.DRAFT:
        return str(_("This meeting is not announced yet."))
    if now < _first_moment(meeting):
        return str(
            _("Who came can be noted from the day of the meeting on: %(day)s.")
            % {"day": spoken.weekday_date(meeting.starts_at)}
        )
    return ""


# --- Inside --------------------------------------------------------------------------------------


def _begin(meeting: Meeting, now: dt.datetime, *, by: User | None, key: PartnerKey | None = None) -> Meeting:
    """The meeting, locked and fresh; whoever may not note is turned away."""
    meeting = places.locked_meeting(meeting.pk)
    places.refuse_stranger(meeting, by=by)
    if key is not None and not access.may_note_presence(key, meeting.series):
        raise NotYours(access.NOT_YOUR_BASIN)
    if reason := why_not_noted(meeting, now):
        raise PresenceError(reason)
    return meeting


def _who_came(meeting: Meeting, person: Person) -> Participant:
    """Known by the address, or a new row by name alone; what is known already stays."""
    if person.email.strip():
        row, is_new = places.locked_participant(meeting.series, person.email, person.language)
        if not is_new:
            return row
    else:
        row = Participant(series=meeting.series, language=person.language)
    row.name, row.role, row.sector, row.organisation = person.name, person.role, person.sector, person.organisation
    check_row(row, refusal=PresenceError, may_be_empty=["email"])
    row.save()
    return row


def _first_moment(meeting: Meeting) -> dt.datetime:
    return dt.datetime.combine(meeting.day, dt.time.min, tzinfo=spoken.BRUSSELS)


def _moment(at: dt.datetime | None, meeting: Meeting, now: dt.datetime) -> dt.datetime:
    """When something was said. A clock that runs ahead does not win over what is said after it."""
    return max(min(at or now, now), _first_moment(meeting) + dt.timedelta.resolution)
