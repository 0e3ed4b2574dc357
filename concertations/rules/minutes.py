"""Minutes: begun from the agenda, sent to who was registered, approved at a later meeting. Then they stand.

The row of the minutes is the lock: whoever writes a point takes it first, so that nothing is written into minutes that
are being sent or approved. Order of locks: minutes, then what stands in them, then the next meeting's agenda.
"""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Max, Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.log import actor
from basins.rules.privacy import refuse_national_numbers
from concertations import figures_minutes
from concertations.enums import ItemKind, MeetingState, RegistrationState
from concertations.enums_minutes import MINUTES_TRANSITIONS, MinutesState
from concertations.errors.minutes import MinutesError, MinutesStepRefused
from concertations.models import (
    Action,
    Meeting,
    Minutes,
    MinutesPoint,
    MinutesSection,
    MinutesStep,
    RaisedNeed,
    Registration,
    SharedNews,
)
from concertations.rules import carrying, gathering
from concertations.rules.checks import refuse_stranger
from concertations.rules.minutes_lock import locked
from core.bilingual import both
from core.checks import check_row
from core.mail import post

logger = logging.getLogger(__name__)

NOTHING_SAID_OF = frozenset({ItemKind.BREAK, ItemKind.WELCOME})
OPEN_TO_MINUTES = frozenset({MeetingState.ANNOUNCED, MeetingState.HELD})


@transaction.atomic
def begin(*, meeting: Meeting, by: User | None) -> Minutes:
    """The draft of a meeting's minutes, a heading for each item of its agenda; asked again, what is there.

    Locks the meeting. Raises ``NotYours``, ``MinutesStepRefused`` before its day or where it was called off.
    """
    meeting = (
        Meeting.objects.select_for_update(of=("self",), no_key=True)
        .select_related("series__basin", "series__theme")
        .get(pk=meeting.pk)
    )
    refuse_stranger(meeting.series, by)
    found = Minutes.objects.filter(meeting=meeting).first()
    if found is not None:
        return found
    if meeting.state not in OPEN_TO_MINUTES:
        raise MinutesStepRefused(_("There are no minutes of a meeting that was not announced, or was called off."))
    if meeting.day > timezone.localdate():
        raise MinutesStepRefused(_("The minutes begin on the day of the meeting."))
    minutes = Minutes.objects.create(meeting=meeting)
    _add_headings(minutes)
    logger.info("%s began the minutes of meeting %s", actor(by), meeting.uuid)
    return minutes


@transaction.atomic
def refresh_headings(*, minutes: Minutes, by: User | None) -> int:
    """A heading for each item that came onto the agenda since; returns how many. Locks the minutes."""
    return _add_headings(locked(minutes, by))


@transaction.atomic
def add_section(*, minutes: Minutes, title_fr: str, title_nl: str, by: User | None) -> MinutesSection:
    """A heading that was on no agenda. Locks the minutes. Raises ``MinutesError`` where neither language has one."""
    minutes = locked(minutes, by)
    titles = {"title_fr": " ".join(title_fr.split()), "title_nl": " ".join(title_nl.split())}
    refuse_national_numbers(**titles)
    if not any(titles.values()):
        raise MinutesError(_("Write a heading in French or in Dutch."), field="title_fr")
    section = MinutesSection(minutes=minutes, position=_next_position(minutes), **titles)
    check_row(section, refusal=MinutesError)
    section.save()
    return section


@transaction.atomic
def remove_section(*, section: MinutesSection, by: User | None) -> None:
    """Take away a heading under which nothing was written. Locks the minutes. Raises ``MinutesError``."""
    minutes = locked(section.minutes, by)
    row = minutes.sections.get(pk=section.pk)
    if _is_written_in(minutes.sections.filter(pk=row.pk)):
        raise MinutesError(_("Something stands under this heading: take that out first."))
    row.delete()


@transaction.atomic
def send(*, minutes: Minutes, by: User | None) -> int:
    """Send the minutes to everybody who was registered; returns how many letters.

    The needs raised go to the basin's list, what is open comes onto the next agenda, and who was there is counted for
    good. Locks the minutes. Raises ``NotYours``, ``MinutesStepRefused``.
    """
    row = locked(minutes, by)
    if row.meeting.ends_at > timezone.now():
        raise MinutesStepRefused(_("The meeting is not over yet."))
    if not _is_written_in(row.sections.all()):
        raise MinutesStepRefused(_("Nothing is written yet."))
    gathering.hand_over(minutes=row, by=by)
    row.figures = figures_minutes.count(row.meeting)
    row.times_sent += 1
    row.sent_at = timezone.now()
    _step(row, MinutesState.SENT, by)
    written = _tell_participants(row)
    _tell_owners(row)
    carrying.carry_over(series=row.meeting.series, by=by)
    return written


@transaction.atomic
def take_back(*, minutes: Minutes, by: User | None) -> Minutes:
    """Make a draft of sent minutes again, because something has to be put right. Nobody is told until they are sent
    again. Locks the minutes. Raises ``NotYours``, ``MinutesStepRefused``."""
    row = locked(minutes, by, to_write=False)
    _step(row, MinutesState.DRAFT, by)
    carrying.carry_over(series=row.meeting.series, by=by)
    return row


@transaction.atomic
def approve(*, minutes: Minutes, meeting: Meeting, by: User | None) -> Minutes:
    """The participants of a later ``meeting`` approved the minutes: from now on they stand and everybody reads them.

    Locks the minutes. Raises ``NotYours``, ``MinutesStepRefused`` where that meeting is not one of
    :func:`approvable_in`.
    """
    row = locked(minutes, by, to_write=False)
    if not approvable_in(row).filter(pk=meeting.pk).exists():
        raise MinutesStepRefused(_("Minutes are approved at a later meeting of the series, once it has begun."))
    if figures_minutes.is_noted(row.meeting):  # else they were erased after their time: what was counted stays
        row.figures = figures_minutes.count(row.meeting)
    row.approved_at, row.approved_in = timezone.now(), meeting
    _step(row, MinutesState.APPROVED, by)
    carrying.carry_over(series=row.meeting.series, by=by)
    return row


def approvable_in(minutes: Minutes) -> QuerySet[Meeting]:
    """The later meetings of the series that have begun, the first one first."""
    later = Meeting.objects.filter(
        series=minutes.meeting.series,
        starts_at__gt=minutes.meeting.starts_at,
        starts_at__lte=timezone.now(),
        state__in=OPEN_TO_MINUTES,
    )
    return later.select_related("series__basin").order_by("starts_at")


def _step(row: Minutes, to: MinutesState, by: User | None) -> None:
    if to not in MINUTES_TRANSITIONS[MinutesState(row.state)]:
        raise MinutesStepRefused(
            _("Minutes that are “%(now)s” cannot become “%(next)s”.")
            % {"now": MinutesState(row.state).label, "next": to.label}
        )
    MinutesStep.objects.create(minutes=row, from_state=row.state, to_state=to, by=by)
    row.state = to
    row.save()
    logger.info("%s moved the minutes %s to %s", actor(by), row.uuid, to)


def _add_headings(minutes: Minutes) -> int:
    known = set(minutes.sections.values_list("item", flat=True))
    items = [item for item in minutes.meeting.items.all() if item.kind not in NOTHING_SAID_OF and item.pk not in known]
    first = _next_position(minutes)
    for position, item in enumerate(items, start=first):
        titles = {f"title_{code}": title for code, title in both(item, "title").items()}
        MinutesSection.objects.create(minutes=minutes, item=item, position=position, **titles)
    return len(items)


def _next_position(minutes: Minutes) -> int:
    last = minutes.sections.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _is_written_in(sections: QuerySet[MinutesSection]) -> bool:
    """Whether anything stands under one of these headings."""
    kinds: tuple[type[Model], ...] = (MinutesPoint, Action, RaisedNeed, SharedNews)
    return any(kind._default_manager.filter(section__in=sections).exists() for kind in kinds)


def _tell_participants(row: Minutes) -> int:
    registrations = Registration.objects.filter(meeting=row.meeting, state=RegistrationState.CONFIRMED).select_related(
        "participant"
    )
    told = [
        post(
            "concertations.minutes_sent",
            to=registration.participant.email,
            language=registration.participant.language,
            params={"registration": str(registration.uuid), "time": row.times_sent},
            key=f"concertations-minutes:{row.uuid}:{row.times_sent}:{registration.uuid}",
            scope=_scope(row),
        )
        for registration in registrations.exclude(participant__email="")
    ]
    return sum(message is not None for message in told)


def _tell_owners(row: Minutes) -> None:
    """Once for each action, however often the minutes are sent."""
    for action in Action.objects.filter(section__minutes=row).exclude(owner_email=""):
        post(
            "concertations.action_agreed",
            to=action.owner_email,
            language=action.owner_language,
            params={"action": str(action.uuid)},
            key=f"concertations-action:{action.uuid}:{action.owner_email}:agreed",
            scope=_scope(row),
        )


def _scope(row: Minutes) -> str:
    return row.meeting.series.basin.code if row.meeting.series.basin else ""
