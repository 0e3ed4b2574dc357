"""Who may do what around an open-door week: one sentence, one function.

What somebody may see is not asked here but fetched: ``queries.editions_for``, and for the team
``staff_queries.editions_kept_by`` and ``editions_with_bookings_for``.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from basins.access import holds
from basins.models import PartnerKey, User
from basins.rights import Right
from opendoors.models import Edition

SCOPE_BOOK = "opendoors:book"
SCOPE_ATTENDANCE = "opendoors:attendance"


def keeps_weeks(user: User | AnonymousUser, basin: str) -> bool:
    """Staff of a basin keep its open-door weeks."""
    return holds(user, Right.MANAGE_OPEN_DOORS, basin)


def may_manage_edition(user: User | AnonymousUser, edition: Edition) -> bool:
    """Who keeps the weeks of the edition's basin keeps its programme."""
    return keeps_weeks(user, edition.basin.code)


def may_book_for_others(key: PartnerKey, edition: Edition) -> bool:
    """A partner's key books in the basins it was given for."""
    return SCOPE_BOOK in key.scopes and edition.basin.code in {basin.code for basin in key.basins.all()}


def may_see_bookings(user: User | AnonymousUser, edition: Edition) -> bool:
    """Who comes is read by the staff of the edition's basin."""
    return holds(user, Right.SEE_OPEN_DOOR_BOOKINGS, edition.basin.code)


def may_note_attendance(key: PartnerKey, edition: Edition) -> bool:
    """A partner's key with the scope reads who comes, and notes who came, in the basins it was given for."""
    return SCOPE_ATTENDANCE in key.scopes and edition.basin.code in {basin.code for basin in key.basins.all()}
