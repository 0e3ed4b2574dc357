"""What runs late is said, to few people and once: before the time is up, when it is up, and a working day later.

Worked out from the rows alone whenever the clock's task runs, so it may run twice or not for an hour. One letter per
ticket, step and person is one key of the outbox; a new due time (a reply came, the ticket was handed over) begins
anew. Nothing is written outside working hours: what came due meanwhile is told in the morning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from basins.models import Basin, RoleGrant, User
from basins.rights import ROLE_RIGHTS, Right
from core import mail
from core.models import OutboxMessage
from helpdesk.enums import ON_THE_DESK
from helpdesk.models import Ticket
from helpdesk.rules.clock import DAY_MINUTES, is_running, working_minutes

KIND = "helpdesk.overdue"
SOON_MINUTES = 60  # of working time before the answer is due
ESCALATED_AFTER = DAY_MINUTES  # of working time after it
AHEAD = dt.timedelta(days=7)  # no weekend and no holidays are longer than that


class Step(models.TextChoices):
    """How late a ticket is; only the furthest is told."""

    SOON = "soon", _("due within the hour")
    OVERDUE = "overdue", _("overdue")
    ESCALATED = "escalated", _("overdue for a working day")


def step_of(due_at: dt.datetime, now: dt.datetime) -> Step | None:
    """Where a ticket stands that is due at that moment."""
    if due_at <= now:
        return Step.ESCALATED if working_minutes(due_at, now) >= ESCALATED_AFTER else Step.OVERDUE
    return Step.SOON if working_minutes(now, due_at) <= SOON_MINUTES else None


def answering(basin: Basin, right: Right = Right.ANSWER_TICKETS) -> QuerySet[User]:
    """Who holds the right in the basin by a role of their own there, not by one for the Region."""
    roles = [role for role, rights in ROLE_RIGHTS.items() if right in rights]
    at_work = Exists(RoleGrant.objects.filter(user=OuterRef("pk"), basin=basin, role__in=roles, ended_at=None))
    return User.objects.filter(at_work, is_active=True).order_by("pk")


def remind(*, now: dt.datetime) -> int:
    """Write what is due at ``now``; returns how many letters were new."""
    if not is_running(now):
        return 0
    tickets = Ticket.objects.filter(state__in=ON_THE_DESK, due_at__lt=now + AHEAD).select_related("basin", "assignee")
    team: dict[tuple[int, Right], list[User]] = {}
    written = 0
    for ticket in tickets.order_by("due_at", "pk"):
        step = step_of(ticket.due_at, now) if ticket.due_at is not None else None
        if step is not None:
            written += _tell(ticket, step, team)
    return written


def _tell(ticket: Ticket, step: Step, team: dict[tuple[int, Right], list[User]]) -> int:
    people = {user.pk: user for user in _to_be_told(ticket, step, team)}
    keys = {_key(ticket, step, user): user for user in people.values()}
    known = set(OutboxMessage.objects.filter(key__in=keys).values_list("key", flat=True))
    written = 0
    with transaction.atomic():
        for key, user in keys.items():
            written += key not in known and _post(ticket, step, user, key)
    return written


def _to_be_told(ticket: Ticket, step: Step, team: dict[tuple[int, Right], list[User]]) -> Iterator[User]:
    """Who has the ticket, else all who answer in its basin; escalated, the coordinators as well."""

    def holders(right: Right) -> list[User]:
        place = (ticket.basin_id, right)
        if place not in team:
            team[place] = list(answering(ticket.basin, right))
        return team[place]

    if ticket.assignee is not None and ticket.assignee.is_active:
        yield ticket.assignee
    else:
        yield from holders(Right.ANSWER_TICKETS)
    if step == Step.ESCALATED:
        yield from holders(Right.MANAGE_HELPDESK)


def _key(ticket: Ticket, step: Step, user: User) -> str:
    return f"{KIND}:{ticket.uuid}:{ticket.due_at:%Y%m%dT%H%M}:{step}:{user.pk}"


def _post(ticket: Ticket, step: Step, user: User, key: str) -> bool:
    params = {"ticket": str(ticket.uuid), "step": step.value}
    message = mail.post(KIND, to=user.email, language=user.language, params=params, key=key, scope=ticket.basin.code)
    return message is not None
