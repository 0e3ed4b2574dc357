"""States of a membership, and how often a community meets."""

from django.db import models
from django.utils.translation import gettext_lazy as _

MEMBERS_AT_MOST = 14  # the moderators included
MODERATORS_AT_MOST = 2


class MemberRole(models.TextChoices):
    """Two members lead the group together."""

    MEMBER = "member", _("member")
    MODERATOR = "moderator", _("moderator")


class MembershipState(models.TextChoices):
    """Somebody applies; the team takes in or not; who is taken in commits; who leaves makes room."""

    APPLIED = "applied", _("applied")
    ACCEPTED = "accepted", _("taken in")
    REFUSED = "refused", _("not this time")
    LEFT = "left", _("left")


MEMBERSHIP_TRANSITIONS: dict[MembershipState, frozenset[MembershipState]] = {
    MembershipState.APPLIED: frozenset({MembershipState.ACCEPTED, MembershipState.REFUSED, MembershipState.LEFT}),
    MembershipState.ACCEPTED: frozenset({MembershipState.LEFT}),
    MembershipState.REFUSED: frozenset({MembershipState.ACCEPTED}),
    MembershipState.LEFT: frozenset({MembershipState.ACCEPTED, MembershipState.APPLIED}),
}


class Rhythm(models.TextChoices):
    """How far apart the sessions are. Monthly: the same weekday of the month, e.g. each second Tuesday."""

    WEEKLY = "weekly", _("every week")
    FORTNIGHTLY = "fortnightly", _("every two weeks")
    FOUR_WEEKLY = "four_weekly", _("every four weeks")
    MONTHLY = "monthly", _("every month, on the same weekday")
