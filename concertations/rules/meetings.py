"""A meeting's life: prepared, announced, held; or called off. Numbers within its series.

People move it along; once it is over the calendar notes that it was held. Whether somebody may register is
not decided by the state alone but by the registration window and the seats as well (``rules.window``).
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from basins.models import Municipality, User
from concertations.enums import MEETING_TRANSITIONS, MeetingState
from concertations.errors import MeetingError, MeetingStepRefused
from concertations.models import Meeting, MeetingStateChange, Series
from concertations.rules import carrying, telling
from concertations.rules.checks import Words, check_row, missing_texts, refuse_numbers, refuse_stranger
from concertations.rules.series import locked as locked_series
from core import spoken

logger = logging.getLogger(__name__)

LONGEST = dt.timedelta(days=1)
# What somebody who registered must be told when it changes.
TOLD = (
    *("starts_at", "ends_at", "place_fr", "place_nl", "street_fr", "street_nl", "postcode", "municipality_id"),
    "online_url",
)
TEXTS = ("title", "intro", "place", "street", "directions")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingData:
    """What a team writes about a meeting. Moments are aware. ``number`` empty: it has none.

    ``seats`` empty: no limit. ``participants_counted`` and ``sectors_named``: of meetings held before
    presence was noted here.
    """

    starts_at: dt.datetime
    ends_at: dt.datetime
    number: int | None = None
    is_whole_day: bool = False
    title_fr: str = ""
    title_nl: str = ""
    intro_fr: str = ""
    intro_nl: str = ""
    place_fr: str = ""
    place_nl: str = ""
    street_fr: str = ""
    street_nl: str = ""
    postcode: str = ""
    municipality: Municipality | None = None
    directions_fr: str = ""
    directions_nl: str = ""
    wheelchair: bool | None = None
    online_url: str = ""
    meal_offered: bool = False
    registration_opens_at: dt.datetime | None = None
    registration_closes_at: dt.datetime | None = None
    seats: int | None = None
    reminder_days_before: int = 5
    participants_counted: int | None = None
    sectors_named: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A state that may follow, why not now (empty: it may), and what one should know before."""

    to: MeetingState
    refusal: Words = ""
    warning: Words = ""

    @property
    def is_possible(self) -> bool:
        return not self.refusal

    @property
    def is_back(self) -> bool:
        return self.to == MeetingState.DRAFT


def next_number(series: Series) -> int:
    """The number after the highest of the series; 1 for its first meeting."""
    highest: int | None = series.meetings.aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


@transaction.atomic
def create(*, series: Series, data: MeetingData, by: User | None) -> Meeting:
    """A new meeting, as a draft; locks the series, so that no number is given twice.

    Raises ``MeetingError``, ``NationalNumberFound``, ``NotYours``.
    """
    meeting = _made(series, data, by)
    meeting.save()
    carrying.carry_over(series=meeting.series, by=by)
    logger.info("Meeting %s was created by %s", meeting.uuid, by and by.uuid)
    return meeting


@transaction.atomic
def record_held(*, series: Series, data: MeetingData, by: User | None, now: dt.datetime | None = None) -> Meeting:
    """A meeting that was held before anybody wrote it here, e.g. before this platform.

    Raises ``MeetingError`` where it lies ahead, ``NationalNumberFound``, ``NotYours``.
    """
    meeting = _made(series, data, by)
    if meeting.ends_at > (now or timezone.now()):
        raise MeetingError(_("This meeting is still ahead: write it as a new meeting."), field="starts_at")
    meeting.save()
    _step(meeting, MeetingState.ANNOUNCED, by=by)
    _step(meeting, MeetingState.HELD, by=by)
    logger.info("Meeting %s was noted as held by %s", meeting.uuid, by and by.uuid)
    return meeting


@transaction.atomic
def edit(*, meeting: Meeting, data: MeetingData, by: User | None) -> Meeting:
    """Rewrite a meeting, under the lock of its row: seats are given under the same one.

    Who registered is told when its time or place changed. Raises ``MeetingError``, ``NationalNumberFound``,
    ``NotYours``.
    """
    refuse_stranger(meeting.series, by)
    refuse_numbers(data)
    meeting = locked(meeting)
    if meeting.state == MeetingState.CANCELLED:
        raise MeetingError(_("This meeting was called off. Write a new one instead."))
    before = [getattr(meeting, name) for name in TOLD]
    for name, value in _values(data).items():
        setattr(meeting, name, value)
    _check(meeting)
    if meeting.state != MeetingState.DRAFT and (missing := _missing(meeting)):
        raise MeetingError(missing)
    moved = before != [getattr(meeting, name) for name in TOLD]
    if moved:
        meeting.sequence += 1
    meeting.save()
    if moved and meeting.state == MeetingState.ANNOUNCED and meeting.ends_at > timezone.now():
        telling.tell_moved(meeting)
    logger.info("Meeting %s was edited by %s", meeting.uuid, by and by.uuid)
    return meeting


@transaction.atomic
def remove(*, meeting: Meeting, by: User | None) -> None:
    """Take away a draft. What was announced stays: people were told of it. Raises ``MeetingError``, ``NotYours``."""
    refuse_stranger(meeting.series, by)
    meeting = locked(meeting)
    if meeting.state != MeetingState.DRAFT or meeting.registrations.exists():
        raise MeetingError(_("People were told of this meeting. Call it off instead."))
    meeting.delete()
    logger.info("Meeting %s was removed by %s", meeting.uuid, by and by.uuid)


def steps(meeting: Meeting, *, now: dt.datetime | None = None) -> list[Step]:
    """The states that may follow, each with what stands in its way; calling off asks first, on its own page."""
    now = now or timezone.now()
    found = [
        Step(to, _refusal(meeting, to, now), _warning(meeting, to, now))
        for to in MeetingState
        if to in MEETING_TRANSITIONS[MeetingState(meeting.state)]
    ]
    return sorted(found, key=lambda step: (step.is_back, step.to == MeetingState.CANCELLED))


@transaction.atomic
def move(*, meeting: Meeting, to: MeetingState, by: User | None, now: dt.datetime | None = None) -> Meeting:
    """One step by a person, with its log row, under the lock of the row. See :func:`call_off` for that one.

    Raises ``MeetingStepRefused`` with the reason, ``NotYours``.
    """
    refuse_stranger(meeting.series, by)
    meeting = locked(meeting)
    if to == MeetingState.CANCELLED:
        raise MeetingStepRefused(_("Say why it is called off: who registered reads it."))
    if refusal := _refusal(meeting, to, now or timezone.now()):
        raise MeetingStepRefused(refusal)
    _step(meeting, to, by=by)
    return meeting


@transaction.atomic
def call_off(
    *, meeting: Meeting, note_fr: str, note_nl: str, by: User | None, now: dt.datetime | None = None
) -> Meeting:
    """Call an announced meeting off and tell everybody who registered or waits, with the reason.

    Locks the row. Raises ``MeetingError`` where the reason is missing in a language, ``MeetingStepRefused``,
    ``NationalNumberFound``, ``NotYours``.
    """
    refuse_stranger(meeting.series, by)
    meeting = locked(meeting)
    if refusal := _refusal(meeting, MeetingState.CANCELLED, now or timezone.now()):
        raise MeetingStepRefused(refusal)
    for field, words in (("cancel_note_fr", note_fr), ("cancel_note_nl", note_nl)):
        if not words.strip():
            raise MeetingError(_("Say why it is called off, in both languages: who registered reads it."), field=field)
        setattr(meeting, field, words.strip())
    meeting.sequence += 1
    _step(meeting, MeetingState.CANCELLED, by=by)
    telling.tell_called_off(meeting)
    return meeting


def advance_by_calendar(*, now: dt.datetime) -> int:
    """Note that announced meetings whose end has passed were held; how many. One transaction each."""
    due = Meeting.objects.filter(state=MeetingState.ANNOUNCED, ends_at__lte=now).order_by("pk")
    taken = 0
    for row in due:
        with transaction.atomic():
            meeting = locked(row)
            if meeting.state == MeetingState.ANNOUNCED and meeting.ends_at <= now:
                _step(meeting, MeetingState.HELD, by=None)
                taken += 1
    return taken


def locked(meeting: Meeting) -> Meeting:
    """The row for writing: the one lock for a meeting's state, seats and agenda."""
    rows = Meeting.objects.select_related("series__basin", "series__theme", "municipality")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)


def still_in(meeting: Meeting) -> int:
    """How many hold a place, have one on offer, or wait for one."""
    return meeting.registrations.filter(state__in=telling.STILL_IN).count()


def _made(series: Series, data: MeetingData, by: User | None) -> Meeting:
    refuse_stranger(series, by)
    refuse_numbers(data)
    series = locked_series(series)
    if series.is_over:
        raise MeetingError(_("This series is over. Begin it again first."))
    meeting = Meeting(series=series, **_values(data))
    _check(meeting)
    return meeting


def _values(data: MeetingData) -> dict[str, object]:
    return {name: getattr(data, name) for name in data.__dataclass_fields__}


def _step(meeting: Meeting, to: MeetingState, *, by: User | None) -> None:
    MeetingStateChange.objects.create(meeting=meeting, from_state=meeting.state, to_state=to, by=by)
    meeting.state = to
    meeting.save()
    logger.info("Meeting %s is now %s", meeting.uuid, to)


def _refusal(meeting: Meeting, to: MeetingState, now: dt.datetime) -> Words:
    """What stands in the way of a step, in words that say what to do; empty when nothing does."""
    state = MeetingState(meeting.state)
    if to not in MEETING_TRANSITIONS[state]:
        return _("“%(to)s” cannot follow “%(state)s”.") % {"to": to.label, "state": state.label}
    begins = {"when": spoken.moment(meeting.starts_at)}
    said: Words = ""
    match to:
        case MeetingState.HELD if now < meeting.starts_at:
            said = _("The meeting begins on %(when)s.") % begins
        case MeetingState.CANCELLED if now >= meeting.starts_at:
            said = _("The meeting began on %(when)s.") % begins
        case MeetingState.DRAFT if number := still_in(meeting):
            said = ngettext_lazy(
                "%(number)d person has registered. Call the meeting off instead.",
                "%(number)d people have registered. Call the meeting off instead.",
                number,
            ) % {"number": number}
        case MeetingState.ANNOUNCED if state == MeetingState.DRAFT:
            said = _refusal_to_announce(meeting, now)
        case MeetingState.ANNOUNCED if now >= meeting.ends_at:
            said = _("The meeting ended on %(when)s.") % {"when": spoken.moment(meeting.ends_at)}
    return said


def _refusal_to_announce(meeting: Meeting, now: dt.datetime) -> Words:
    if now >= meeting.starts_at:
        return _("The meeting began on %(when)s. Correct its date first.") % {"when": spoken.moment(meeting.starts_at)}
    return _missing(meeting)


def _missing(meeting: Meeting) -> Words:
    """What everybody reads of a meeting stands in both languages."""
    return missing_texts(meeting, *TEXTS)


def _warning(meeting: Meeting, to: MeetingState, now: dt.datetime) -> Words:
    """Nothing stands in the way, but one should know."""
    if to != MeetingState.ANNOUNCED or meeting.state != MeetingState.DRAFT:
        return ""
    if meeting.registration_opens_at is None:
        return _("Nobody can register: the meeting has no dates of registration.")
    if not meeting.address and not meeting.online_url:
        return _("It says neither where it is nor how to take part at a distance.")
    if not meeting.items.exists():
        return _("Its agenda is empty.")
    return ""


def _check(meeting: Meeting) -> None:
    if meeting.ends_at <= meeting.starts_at:
        raise MeetingError(_("The meeting ends after it begins."), field="ends_at")
    if meeting.ends_at - meeting.starts_at > LONGEST:
        raise MeetingError(_("A meeting lasts one day at most."), field="ends_at")
    opens, closes = meeting.registration_opens_at, meeting.registration_closes_at
    if (opens is None) != (closes is None):
        field = "registration_closes_at" if opens else "registration_opens_at"
        raise MeetingError(_("Registration has two dates: it closes after it opens."), field=field)
    if opens and closes and closes <= opens:
        raise MeetingError(_("Registration has two dates: it closes after it opens."), field="registration_closes_at")
    if closes and closes > meeting.starts_at:
        raise MeetingError(_("Registration closes before the meeting begins."), field="registration_closes_at")
    if meeting.seats is not None and meeting.seats < meeting.seats_taken:
        raise MeetingError(
            ngettext_lazy("%(number)d seat is taken.", "%(number)d seats are taken.", meeting.seats_taken)
            % {"number": meeting.seats_taken},
            field="seats",
        )
    check_row(meeting)
