"""Who may do what around an open-door week: one sentence, one function."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from basins.models import PartnerKey, User
from basins.rights import Right
from opendoors.enums import PUBLIC_STATES
from opendoors.models import Edition

SCOPE_BOOK = "opendoors:book"


def may_manage_edition(user: User | AnonymousUser, edition: Edition) -> bool:
    """Staff of the edition's basin keep its programme."""
    return isinstance(user, User) and user.has_right(Right.MANAGE_OPEN_DOORS, edition.basin.code)


def keeps_weeks(user: User | AnonymousUser, basin: str) -> bool:
    """Staff of a basin keep its open-door weeks."""
    return isinstance(user, User) and user.has_right(Right.MANAGE_OPEN_DOORS, basin)


def may_see_bookings(user: User | AnonymousUser, edition: Edition) -> bool:
    """Staff of the edition's basin see who comes."""
    return isinstance(user, User) and user.has_right(Right.SEE_OPEN_DOOR_BOOKINGS, edition.basin.code)


def may_see_edition(user: User | AnonymousUser, edition: Edition) -> bool:
    """Everybody sees a published edition; its basin's staff see the draft too."""
    return edition.state in PUBLIC_STATES or may_manage_edition(user, edition)


def may_book_for_others(key: PartnerKey, edition: Edition) -> bool:
    """A partner's key books in the basins it was given for."""
    return SCOPE_BOOK in key.scopes and edition.basin.code in {basin.code for basin in key.basins.all()}
