"""Rights, and the roles that are readable sets of them. A role is granted per basin, or for the Region."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Right(StrEnum):
    """What a person may do in a basin. One right, one sentence in an ``access.py``."""

    ENTER_BACK_OFFICE = "back_office.enter"
    MANAGE_TEAM = "team.manage"
    MANAGE_PARTNER_KEYS = "keys.manage"
    SEE_MAIL = "mail.see"
    MANAGE_MAIL = "mail.manage"
    MANAGE_JOBS = "jobs.manage"
    WRITE_NEWS = "news.write"
    MANAGE_NEEDS = "needs.manage"
    EDIT_TERRITORY = "territory.edit"
    MANAGE_OPEN_DOORS = "opendoors.manage"
    SEE_OPEN_DOOR_BOOKINGS = "opendoors.see_bookings"
    MANAGE_CONCERTATIONS = "concertations.manage"
    ANSWER_TICKETS = "helpdesk.answer"
    MANAGE_HELPDESK = "helpdesk.manage"
    MANAGE_DIRECTORY = "directory.manage"
    EDIT_TAXONOMIES = "directory.taxonomies"


class Role(models.TextChoices):
    """The functions in a basin team."""

    COORDINATOR = "coordinator", _("Coordinator")
    TEAM_MEMBER = "team_member", _("Team member")
    HELPDESK_AGENT = "helpdesk_agent", _("Helpdesk agent")
    REGION_ADMIN = "region_admin", _("Regional administrator")


_TEAM = frozenset(
    {
        Right.ENTER_BACK_OFFICE,
        Right.SEE_MAIL,
        Right.WRITE_NEWS,
        Right.MANAGE_NEEDS,
        Right.MANAGE_OPEN_DOORS,
        Right.SEE_OPEN_DOOR_BOOKINGS,
        Right.MANAGE_CONCERTATIONS,
        Right.MANAGE_DIRECTORY,
        Right.EDIT_TAXONOMIES,
    }
)

ROLE_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.HELPDESK_AGENT: frozenset(
        {Right.ENTER_BACK_OFFICE, Right.MANAGE_NEEDS, Right.MANAGE_DIRECTORY, Right.ANSWER_TICKETS}
    ),
    Role.TEAM_MEMBER: _TEAM,
    Role.COORDINATOR: _TEAM
    | {
        Right.MANAGE_TEAM,
        Right.MANAGE_PARTNER_KEYS,
        Right.MANAGE_MAIL,
        Right.MANAGE_JOBS,
        Right.ANSWER_TICKETS,
        Right.MANAGE_HELPDESK,
    },
    Role.REGION_ADMIN: frozenset(Right),
}
