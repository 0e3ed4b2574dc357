"""Registering for a meeting, changing it, giving it back: the only writer of registrations, with `rules.waiting`.

Locks: the meeting, then the participant (`rules.places`). What is given back is offered to the next in line before
the transaction ends. ``by`` is who is signed in, if anybody; ``key`` the partner that calls; a participant needs
neither: the signed link is the right. A place taken with an address that is not proven is held until it is
(docs/decisions/addresses.md): a day at most, and free again an hour before the meeting.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, fields
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import PartnerKey, User
from basins.rules.privacy import refuse_national_numbers
from concertations import access
from concertations.enums import RegistrationState
from concertations.errors.registering import (
    AlreadyRegistered,
    CrowdedNetwork,
    MeetingFull,
    NothingToGiveBack,
    RegistrationError,
)
from concertations.models import Meeting, Participant, Registration
from concertations.rules import places, waiting
from concertations.rules import registration_letters as letters
from concertations.rules.registration_window import refuse_unless_open
from core.cache import count_this_hour
from core.checks import check_row

logger = logging.getLogger(__name__)

_WRITE_ADDRESS = _("Write your e-mail address, for example name@service.be")
_BEGUN = _("The meeting has begun: a place can no longer be given back.")
_GONE = _("This place was given back, or has lapsed.")
_NO_DISTANCE = _("Nobody takes part at a distance in this meeting.")
_NO_MEAL = _("No meal is served at this meeting.")
HELD_FOR = dt.timedelta(hours=24)
FREE_BEFORE = dt.timedelta(hours=1)  # before the meeting, so that somebody else can still come


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who comes. ``organization``: the identifier in the directory, where the team tied it."""

    name: str
    email: str = ""
    language: str
    role: str = ""
    sector: str = ""
    organisation: str = ""
    organization: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What somebody says of one meeting."""

    motivation: str = ""
    expectations: str = ""
    meal: str = ""
    access_needs: str = ""
    at_distance: bool = False


@transaction.atomic
def register(
    *,
    meeting: Meeting,
    person: Person,
    wishes: Wishes,
    by: User | None,
    key: PartnerKey | None = None,
    network: str = "",
    may_wait: bool = False,
) -> Registration:
    """Take a seat, or with ``may_wait`` a place in line where there is none, and put the letter in the outbox.

    What is typed with an unproven address changes nothing that is known of the person already. ``network``
    (`core.http.network_of`) is counted where the place is only held. Who proves the address takes over what was
    held with it. Raises `MeetingFull` (409), `NotYours` (403), `CrowdedNetwork` (429), a `RegistrationError` or
    `NationalNumberFound` (422); then nothing has changed. Locks the meeting, then the participant.
    """
    _refuse_numbers(person, wishes)
    if not person.email.strip():
        raise RegistrationError(_WRITE_ADDRESS, field="email")
    meeting = places.locked_meeting(meeting.pk)
    if key is not None:
        places.refuse_stranger(meeting, by=None, key=key)
    is_team = by is not None and access.may_manage_series(by, meeting.series)
    refuse_unless_open(meeting, is_team=is_team)
    _refuse_odd(meeting, wishes)
    proven = key is not None or is_team or (by is not None and by.email.lower() == person.email.strip().lower())
    participant = _participant(meeting, person, proven=proven)
    earlier = places.open_registrations(meeting).filter(participant=participant).first()
    if earlier is not None:
        return _taken_over(meeting, earlier, wishes, proven=proven)
    return _place(meeting, participant, wishes, proven=proven, key=key, network=network, may_wait=may_wait, by=by)


def _place(
    meeting: Meeting,
    participant: Participant,
    wishes: Wishes,
    *,
    proven: bool,
    key: PartnerKey | None,
    network: str,
    may_wait: bool,
    by: User | None,
) -> Registration:
    now = timezone.now()
    state = RegistrationState.CONFIRMED if places.has_seat(meeting) else RegistrationState.WAITING
    if state == RegistrationState.WAITING and not may_wait:
        raise MeetingFull
    if not proven:
        _count_network(network)
    row = Registration(
        meeting=meeting,
        participant=participant,
        state=state,
        held_until=None if proven else hold_until(meeting, now),
        confirmed_at=now if proven else None,
        key=key,
        **_values(wishes),
    )
    check_row(row, refusal=RegistrationError)
    row.save()
    if state == RegistrationState.CONFIRMED:
        places.take(meeting)
    letters.tell(letters.REGISTERED if state == RegistrationState.CONFIRMED else letters.WAITING, row)
    _note("made", row, by=by, key=key)
    return row


def _taken_over(meeting: Meeting, earlier: Registration, wishes: Wishes, *, proven: bool) -> Registration:
    """Who proves the address takes over what somebody typed with it and nobody confirmed."""
    if not (proven and earlier.is_held):
        raise AlreadyRegistered
    now = timezone.now()
    Registration.objects.filter(pk=earlier.pk).update(
        **_values(wishes), held_until=None, confirmed_at=now, modified=now
    )
    earlier.refresh_from_db()
    earlier.meeting = meeting
    letters.tell(letters.WAITING if earlier.state == RegistrationState.WAITING else letters.REGISTERED, earlier)
    waiting.offer_free_seats(meeting)
    earlier.refresh_from_db()
    return earlier


@transaction.atomic
def change(
    *, registration: Registration, wishes: Wishes, by: User | None, person: Person | None = None
) -> Registration:
    """Say something else of a meeting, and with ``person`` of oneself; the address stays.

    By the link in the mail (``by`` is ``None``) or by the team. Until the meeting is over. Locks the meeting, then
    the participant. Raises `RegistrationError`, `NationalNumberFound`, `NotYours`.
    """
    _refuse_numbers(person, wishes)
    meeting = places.locked_meeting(registration.meeting_id)
    places.refuse_stranger(meeting, by=by)
    row = _open_row(meeting, registration)
    refuse_unless_open(meeting, is_team=True)
    _refuse_odd(meeting, wishes)
    for name, value in _values(wishes).items():
        setattr(row, name, value)
    check_row(row, refusal=RegistrationError)
    row.save()
    if person is not None:
        _tell_apart(row.participant, person)
    _note("changed", row, by=by)
    return row


@transaction.atomic
def cancel(*, registration: Registration, by: User | None, key: PartnerKey | None = None) -> Registration:
    """Give a seat, an offer or a place in line back; the next in line is asked. Again: no change.

    Until the meeting begins: then one is excused or absent. Raises `NothingToGiveBack`, `NotYours`.
    """
    meeting = places.locked_meeting(registration.meeting_id)
    places.refuse_stranger(meeting, by=by, key=key)
    row = places.open_registrations(meeting).filter(pk=registration.pk).first()
    if row is None:
        registration.refresh_from_db()
        return registration
    if meeting.starts_at <= timezone.now():
        raise NothingToGiveBack(_BEGUN)
    row.meeting = meeting
    freed = places.move([row], RegistrationState.CANCELLED)
    letters.tell(letters.GIVEN_BACK, row)
    if freed:
        waiting.offer_free_seats(meeting)
    _note("given back", row, by=by, key=key)
    return row


@transaction.atomic
def confirm(*, participant: Participant) -> int:
    """By the link in the mail: what is held with the address in this series is the person's; gives how many.

    One letter for each meeting where a seat became certain, with the calendar anew. Locks the meetings in order.
    """
    number = 0
    held = Registration.objects.filter(participant=participant, held_until__isnull=False)
    meetings = Meeting.objects.filter(pk__in=held.values("meeting"))
    for meeting in places.locked_meetings(meetings):
        now = timezone.now()
        rows = places.as_rows(places.open_registrations(meeting).filter(pk__in=held.values("pk")), meeting)
        Registration.objects.filter(pk__in=[row.pk for row in rows]).update(
            held_until=None, confirmed_at=now, modified=now
        )
        for row in rows:
            letters.tell(letters.WAITING if row.state == RegistrationState.WAITING else letters.CONFIRMED, row)
        waiting.offer_free_seats(meeting)
        number += len(rows)
    if number:
        logger.info("Participant %s confirmed %d registrations", participant.uuid, number)
    return number


@transaction.atomic
def throw_away(*, participant: Participant) -> int:
    """By the link in the mail, of who did not register: all that is unconfirmed goes back at once, without a letter."""
    number = 0
    held = Registration.objects.filter(participant=participant, held_until__isnull=False)
    for meeting in places.locked_meetings(Meeting.objects.filter(pk__in=held.values("meeting"))):
        rows = places.as_rows(places.open_registrations(meeting).filter(pk__in=held.values("pk")), meeting)
        places.move(rows, RegistrationState.CANCELLED)
        waiting.offer_free_seats(meeting)
        number += len(rows)
    return number


def release_unconfirmed(*, now: dt.datetime) -> int:
    """Give back what nobody confirmed in time, tell each address once; returns how many.

    One transaction per meeting; run twice, also at once, the second run finds nothing.
    """
    due = Registration.objects.filter(held_until__lte=now, state__in=places.OPEN_STATES)
    return sum(_release(meeting, now) for meeting in sorted(set(due.values_list("meeting_id", flat=True))))


@transaction.atomic
def _release(meeting_id: int, now: dt.datetime) -> int:
    meeting = places.locked_meeting(meeting_id)
    rows = places.as_rows(places.open_registrations(meeting).filter(held_until__lte=now), meeting)
    places.move(rows, RegistrationState.LAPSED)
    letters.tell_all(letters.RELEASED, rows)
    waiting.offer_free_seats(meeting)
    if rows:
        logger.info("%d registrations for meeting %s were not confirmed in time", len(rows), meeting.uuid)
    return len(rows)


def hold_until(meeting: Meeting, now: dt.datetime) -> dt.datetime:
    """Until when an unconfirmed place is held: 24 hours, but free again an hour before the meeting.

    Who registers within those last hours has an hour, and never beyond the meeting's beginning.
    """
    first = meeting.starts_at
    return max(min(now + HELD_FOR, first, max(first - FREE_BEFORE, now + FREE_BEFORE)), now)


# --- Inside --------------------------------------------------------------------------------------


def _participant(meeting: Meeting, person: Person, *, proven: bool) -> Participant:
    """The person of this series; what is known stays where the address is not proven."""
    row, is_new = places.locked_participant(meeting.series, person.email, person.language)
    if is_new or proven:
        _tell_apart(row, person)
    return row


def _tell_apart(row: Participant, person: Person) -> None:
    """Write what is said of the person, all but the address; what is said as nothing does not erase the directory's."""
    row.name, row.role, row.sector, row.organisation = person.name, person.role, person.sector, person.organisation
    row.language = person.language
    row.organization = person.organization or row.organization
    check_row(row, refusal=RegistrationError)
    row.save()


def _open_row(meeting: Meeting, registration: Registration) -> Registration:
    row = places.open_registrations(meeting).filter(pk=registration.pk).first()
    if row is None:
        raise NothingToGiveBack(_GONE)
    row.meeting = meeting
    return row


def _values(wishes: Wishes) -> dict[str, str | bool]:
    return {field.name: getattr(wishes, field.name) for field in fields(wishes)}


def _refuse_numbers(person: Person | None, wishes: Wishes) -> None:
    """Free texts may hold no national register number."""
    said = {
        "motivation": wishes.motivation,
        "expectations": wishes.expectations,
        "access_needs": wishes.access_needs,
    }
    if person is not None:
        said |= {"name": person.name, "role": person.role, "organisation": person.organisation}
    refuse_national_numbers(**said)


def _refuse_odd(meeting: Meeting, wishes: Wishes) -> None:
    """A meal where one is served, a distance where there is a link."""
    if wishes.at_distance and not meeting.online_url:
        raise RegistrationError(_NO_DISTANCE, field="at_distance")
    if wishes.meal and not meeting.meal_offered:
        raise RegistrationError(_NO_MEAL, field="meal")


def _count_network(network: str) -> None:
    """Count an unconfirmed place of a network, by the hour; raise ``CrowdedNetwork`` above the limit."""
    limit = settings.ENV.unconfirmed_seats_per_hour
    if network and limit and count_this_hour("concertations:unconfirmed", network, 1) > limit:
        raise CrowdedNetwork


def _note(what: str, row: Registration, *, by: User | None, key: PartnerKey | None = None) -> None:
    actor = f"partner {key.uuid}" if key else f"person {by.uuid}" if by else "the participant"
    logger.info("Registration %s was %s by %s", row.uuid, what, actor)
