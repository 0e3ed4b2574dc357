"""Guided ways as they are read: which there are, who answers at this hour, what a step finds in this place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db.models import Prefetch, Q, QuerySet

from basins.access import Reader
from basins.queries import helpdesk_is_open
from core.calendar import is_public_holiday
from core.spoken import BRUSSELS
from directory import access, public_queries
from directory.enums import CallTime, Flag
from directory.following import question_of
from directory.models import GuidedWay, Service, WayStep
from directory.search.finder import find
from directory.search.places import places
from directory.search.questions import Question

SHOWN = 4  # services per step: a page that guides chooses
# Doctors on call are sure to answer from then until then on a working day; between five and seven it varies.
NIGHT_BEGINS, NIGHT_ENDS = dt.time(19), dt.time(8)


@dataclass(frozen=True, slots=True)
class StepView:
    """A step worked out for this hour and place. ``answers_now``: ``None`` where the hours are not known."""

    step: WayStep
    answers_now: bool | None
    services: list[tuple[Service, bool]]  # and whether they are open now
    total: int
    question: Question | None


def ways_for(basin: str | None) -> QuerySet[GuidedWay]:
    """The published ways of a site: its own and those of all; crises first."""
    own = Q(basin=None) | Q(basin__code=basin) if basin else Q(basin=None)
    return GuidedWay.objects.filter(own, is_published=True).order_by("position", "pk")


def ways_kept_by(user: Reader) -> QuerySet[GuidedWay]:
    """All ways, drafts included, for who keeps the directory; nothing for others."""
    rows = GuidedWay.objects.select_related("basin").prefetch_related(
        Prefetch("steps", WayStep.objects.select_related("leads_to"))
    )
    return rows if access.may_manage_directory(user) else rows.none()


def steps_of(way: GuidedWay, *, basin: str | None, near: str, user: Reader, now: dt.datetime) -> list[StepView]:
    """The steps of a way in their order. A step with a search costs two searches and its records."""
    rows = WayStep.objects.filter(way=way).select_related("leads_to")
    return [_view(step, basin=basin, near=near, user=user, now=now) for step in rows]


def _view(step: WayStep, *, basin: str | None, near: str, user: Reader, now: dt.datetime) -> StepView:
    answers = answers_now(step.answers, now) if step.phone else None
    if not step.query:
        return StepView(step, answers, [], 0, None)
    asked = question_of(step.query, basin)
    asked = replace(asked, near=near if near in places().by_postcode else asked.near, now=now, per_page=SHOWN)
    criteria = tuple(dict.fromkeys((*asked.criteria, Flag.OPEN_NOW)))
    is_open = [hit.service for hit in find(replace(asked, criteria=criteria), exactly=True).hits]
    answer = find(asked, exactly=True)
    keys = list(dict.fromkeys([*is_open, *(hit.service for hit in answer.hits)]))[:SHOWN]
    services = [(row, row.pk in is_open) for row in public_queries.cards(keys, user)]
    return StepView(step, answers, services, answer.total, asked)


def answers_now(answers: str, now: dt.datetime) -> bool | None:
    """Whether a number answers at this moment, by what is known of its hours."""
    if answers == CallTime.ALWAYS:
        return True
    if answers == CallTime.OFFICE_HOURS:
        return helpdesk_is_open(now)
    if answers == CallTime.OUT_OF_HOURS:
        local = now.astimezone(BRUSSELS)
        is_day_off = local.weekday() >= 5 or is_public_holiday(local.date())
        return is_day_off or local.time() >= NIGHT_BEGINS or local.time() < NIGHT_ENDS
    return None
