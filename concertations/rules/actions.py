"""Actions: written in the minutes with owner and date; then done, or given up with a reason, or taken up again.

What was agreed stands with the minutes; how it goes on does not. So the state moves at any time, in its own log.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.log import actor
from basins.rules.privacy import refuse_national_numbers
from concertations.enums_minutes import ACTION_TRANSITIONS, ActionState, MinutesState
from concertations.errors.minutes import MinutesError, MinutesStepRefused
from concertations.models import Action, ActionStep, MinutesSection
from concertations.rules import carrying
from concertations.rules.checks import refuse_stranger
from concertations.rules.minutes_points import stored, writable
from core.checks import check_row
from core.mail import post

logger = logging.getLogger(__name__)

REMIND_BEFORE, REMIND_AFTER = dt.timedelta(days=7), dt.timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionData:
    """What will be done, by whom, until when; in one language at least. The address is for the reminder."""

    text_fr: str = ""
    text_nl: str = ""
    owner: str = ""
    owner_email: str = ""
    owner_language: str = "fr"
    due_on: dt.date | None = None


@transaction.atomic
def keep_action(*, section: MinutesSection, data: ActionData, by: User | None, action: Action | None = None) -> Action:
    """Write an action into the draft of the minutes, or change one. Locks the minutes.

    Raises ``NotYours``, ``MinutesStepRefused``, ``MinutesError``, ``NationalNumberFound``.
    """
    row = writable(section, Action, action, by)
    if not data.text_fr.strip() and not data.text_nl.strip():
        raise MinutesError(_("Write it in French or in Dutch."), field="text_fr")
    if data.owner_email and data.due_on is None:
        raise MinutesError(_("Write until when: that is what the reminder is about."), field="due_on")
    return stored(row, data)


@transaction.atomic
def move(*, action: Action, to: ActionState, by: User | None, outcome_fr: str = "", outcome_nl: str = "") -> Action:
    """Say that an action is done, given up (with a reason), or to be done after all.

    It leaves the next agenda, or comes back onto it. ``by`` None: the owner, by the link in the mail. Locks the row.
    Raises ``NotYours``, ``MinutesStepRefused``, ``MinutesError`` where the reason is missing.
    """
    row = (
        Action.objects.select_for_update(of=("self",))
        .select_related("section__minutes__meeting__series__basin")
        .get(pk=action.pk)
    )
    series = row.section.minutes.meeting.series
    refuse_stranger(series, by)
    if to not in ACTION_TRANSITIONS[ActionState(row.state)]:
        raise MinutesStepRefused(
            _("An action that is “%(now)s” cannot become “%(next)s”.")
            % {"now": ActionState(row.state).label, "next": to.label}
        )
    outcome = {"outcome_fr": outcome_fr.strip(), "outcome_nl": outcome_nl.strip()}
    refuse_national_numbers(**outcome)
    if to == ActionState.DROPPED and not any(outcome.values()):
        raise MinutesError(_("Say why it is given up."), field="outcome_fr")
    ActionStep.objects.create(action=row, from_state=row.state, to_state=to, by=by)
    for name, value in outcome.items():
        setattr(row, name, value)
    row.state, row.closed_at = to, None if to == ActionState.OPEN else timezone.now()
    check_row(row, refusal=MinutesError)
    row.save()
    carrying.carry_over(series=series, by=by)
    logger.info("%s moved action %s to %s", actor(by), row.uuid, to)
    return row


def write_reminders(*, now: dt.datetime) -> int:
    """Write to the owners of open actions: a week before the day, and once the day is over; returns how many letters.

    Each is written once (one key per action, day and stage), however often this runs. What is a month late is on every
    agenda and needs no further mail.
    """
    today = timezone.localdate(now)
    due = Action.objects.filter(
        state=ActionState.OPEN, due_on__gte=today - REMIND_AFTER, due_on__lte=today + REMIND_BEFORE
    ).exclude(section__minutes__state=MinutesState.DRAFT)
    rows = due.exclude(owner_email="").select_related("section__minutes__meeting__series__basin").order_by("pk")
    written = 0
    for action in rows:
        basin = action.section.minutes.meeting.series.basin
        stage = "late" if action.due_on is not None and action.due_on < today else "soon"
        message = post(
            "concertations.action_due",
            to=action.owner_email,
            language=action.owner_language,
            params={"action": str(action.uuid), "stage": stage},
            key=f"concertations-action:{action.uuid}:{action.due_on}:{stage}",
            scope=basin.code if basin else "",
        )
        written += message is not None
    return written
