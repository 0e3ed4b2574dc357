"""Walls of post-its: prepared, opened, put in order, marked, shown. Every rule on a wall takes its row first.

So nobody gets a post-it or a point more by pressing twice, and what the screens poll by (``version``, ``stage``)
goes up once per change, in the order of the changes.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from concertations.enums_tables import WALL_TRANSITIONS, WallState
from concertations.errors import WallError, WallStepRefused
from concertations.models import Meeting, Phone, Wall, WallStep
from concertations.rules.checks import missing_texts, refuse_numbers, refuse_stranger
from core.checks import check_row

logger = logging.getLogger(__name__)

WALLS_AT_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WallData:
    """The question, and how many post-its each person has for it."""

    question_fr: str
    question_nl: str
    post_its_each: int = 2


def locked(wall: Wall) -> Wall:
    """The row, locked and fresh, with the way to its basin."""
    rows = Wall.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("meeting__series__basin").get(pk=wall.pk)


def kept(wall: Wall, by: User | None) -> Wall:
    """The same, for somebody who keeps its series. Raises ``NotYours``."""
    wall = locked(wall)
    refuse_stranger(wall.meeting.series, by)
    return wall


def changed(wall: Wall, *, phones: bool = False) -> None:
    """What the screen shows is another; with ``phones`` also what phones show. Of a locked wall."""
    wall.version += 1
    wall.stage += phones
    wall.save(update_fields=["version", "stage", "modified"])


@transaction.atomic
def prepare(*, meeting: Meeting, data: WallData, by: User | None) -> Wall:
    """A new wall, which nobody sees yet. Raises ``WallError``, ``NationalNumberFound``, ``NotYours``."""
    refuse_stranger(meeting.series, by)
    if meeting.walls.count() >= WALLS_AT_MOST:
        raise WallError(_("There are many walls already. Remove one first."))
    wall = Wall(meeting=meeting)
    _write(wall, data)
    logger.info("Wall %s was prepared by %s", wall.uuid, by and by.uuid)
    return wall


@transaction.atomic
def edit(*, wall: Wall, data: WallData, by: User | None) -> Wall:
    """Rewrite the question. Raises as :func:`prepare`."""
    wall = kept(wall, by)
    _write(wall, data)
    changed(wall, phones=True)
    return wall


@transaction.atomic
def remove(*, wall: Wall, by: User | None) -> None:
    """Take a wall away on which nothing was written. Raises ``WallError``, ``NotYours``."""
    wall = kept(wall, by)
    if wall.post_its.exists():
        raise WallError(_("People wrote on this wall: it stays."))
    logger.info("Wall %s was removed by %s", wall.uuid, by and by.uuid)
    wall.delete()


@transaction.atomic
def step(*, wall: Wall, to: WallState, by: User | None) -> Wall:
    """Move a wall one step, back or forth; one row says who and when. Raises ``WallStepRefused``, ``NotYours``."""
    wall = kept(wall, by)
    if to not in WALL_TRANSITIONS[WallState(wall.state)]:
        raise WallStepRefused(
            _("A wall that is “%(now)s” cannot become “%(next)s”.")
            % {"now": WallState(wall.state).label, "next": to.label}
        )
    if to == WallState.MARKING and not wall.clusters.exists():
        raise WallStepRefused(_("Points go to groups of post-its: make at least one group first."))
    WallStep.objects.create(wall=wall, from_state=wall.state, to_state=to, by=by)
    wall.state, wall.changed_at = to, timezone.now()
    wall.save(update_fields=["state", "changed_at"])
    changed(wall, phones=True)
    logger.info("Wall %s is %s, by %s", wall.uuid, to, by and by.uuid)
    return wall


@transaction.atomic
def forget_phones(*, before: dt.date) -> int:
    """Nothing ties post-its and points of meetings before that day to one another any more; gives how many phones.

    The order of the clusters would be lost with the points, so walls that were never shown keep theirs out of sight:
    points stay, under phones without a digest.
    """
    old = Phone.objects.filter(wall__meeting__ends_at__date__lt=before).exclude(digest__startswith="forgotten-")
    number = 0
    for phone in old.order_by("pk").iterator():
        Phone.objects.filter(pk=phone.pk).update(digest=f"forgotten-{phone.pk}")
        phone.post_its.update(phone=None, number=None)
        number += 1
    return number


def _write(wall: Wall, data: WallData) -> None:
    refuse_numbers(data)
    for name in ("question_fr", "question_nl", "post_its_each"):
        setattr(wall, name, getattr(data, name))
    if missing := missing_texts(wall, "question"):
        raise WallError(missing, field="question_nl" if data.question_fr else "question_fr")
    check_row(wall, refusal=WallError)
    wall.save()
