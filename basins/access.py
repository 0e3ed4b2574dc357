"""Who may do what with what the basins share. One sentence, one function; web, API, admin and templates ask here.

``user`` is whoever asks, also somebody who did not sign in. ``basin`` is a basin's code, ``None``
for the Region as a whole.
"""

from __future__ import annotations

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser

from basins.enums import BasinCode
from basins.models import Need, NewsItem, PartnerKey, User
from basins.rights import ROLE_RIGHTS, Right, Role

Reader: TypeAlias = User | AnonymousUser


def holds(user: Reader, right: Right, basin: str | None) -> bool:
    """Whether somebody holds a right in a basin (``None``: for the Region)."""
    return isinstance(user, User) and user.has_right(right, basin)


def holds_somewhere(user: Reader, right: Right) -> bool:
    """Whether somebody holds a right in one basin at least, or for the Region."""
    return isinstance(user, User) and user.has_right_somewhere(right)


def may_enter_back_office(user: Reader) -> bool:
    """Staff enter the back office; whether they used their second factor is asked at its door."""
    return isinstance(user, User) and user.is_staff


def may_manage_team(user: Reader, basin: str | None) -> bool:
    """Coordinators manage the team of their own basin, regional administrators every team."""
    return holds(user, Right.MANAGE_TEAM, basin)


def may_give_role(user: Reader, role: Role, basin: str | None) -> bool:
    """Nobody gives away more than they hold themselves; what is regional is given for the Region alone."""
    if role == Role.REGION_ADMIN and basin is not None:
        return False
    return may_manage_team(user, basin) and all(holds(user, right, basin) for right in ROLE_RIGHTS[role])


def may_see_person(user: Reader, person: User) -> bool:
    """One sees oneself, and who has or had a role in a team one manages."""
    return person == user or any(may_manage_team(user, code) for code in _basins_of(person, ended=True))


def may_edit_person(user: Reader, person: User) -> bool:
    """A colleague's name and language are put right by whoever manages all teams they belong to."""
    return person == user or _manages_all_teams_of(user, person)


def may_reset_second_factor(user: Reader, person: User) -> bool:
    """Somebody else's lost factor is reset by whoever manages all teams they belong to, never one's own."""
    return person != user and _manages_all_teams_of(user, person)


def may_manage_partner_key(user: Reader, key: PartnerKey) -> bool:
    """A partner's key belongs to its basins: who manages the keys of all of them may touch it."""
    codes = [basin.code for basin in key.basins.all()]
    return may_give_partner_key(user, codes)


def may_give_partner_key(user: Reader, basins: list[str]) -> bool:
    """A key opens no basin that its giver does not manage the keys of; none named means none given."""
    return bool(basins) and all(holds(user, Right.MANAGE_PARTNER_KEYS, code) for code in basins)


def may_edit_territory(user: Reader) -> bool:
    """The territory is the Region's: basins, municipalities, postcodes, site addresses."""
    return holds(user, Right.EDIT_TERRITORY, None)


def may_write_news(user: Reader, item: NewsItem) -> bool:
    """A team writes its own basin's news; the Region's is written for the Region."""
    return holds(user, Right.WRITE_NEWS, item.basin.code if item.basin else None)


def may_manage_need(user: Reader, need: Need) -> bool:
    """A basin's needs are worked on by its team and its helpdesk."""
    return holds(user, Right.MANAGE_NEEDS, need.basin.code if need.basin else None)


def may_see_mail(user: Reader, scope: str) -> bool:
    """Outgoing mail is seen by the team it went out for; mail of no basin by the Region."""
    return holds(user, Right.SEE_MAIL, _basin_of_scope(scope))


def may_manage_mail(user: Reader, scope: str) -> bool:
    """Sending again and giving up is the coordinator's: it changes what somebody outside is told."""
    return holds(user, Right.MANAGE_MAIL, _basin_of_scope(scope))


def may_see_job(user: Reader, scope: str) -> bool:
    """What the workers do for a basin is seen by its team, like the mail that comes of it."""
    return holds(user, Right.SEE_MAIL, _basin_of_scope(scope))


def may_stop_job(user: Reader, scope: str) -> bool:
    """A colleague's work is stopped by the coordinator."""
    return holds(user, Right.MANAGE_JOBS, _basin_of_scope(scope))


def _basin_of_scope(scope: str) -> str | None:
    return scope if scope in BasinCode.values else None


def _basins_of(person: User, *, ended: bool = False) -> set[str | None]:
    grants = person.grants.all() if ended else person.grants.filter(ended_at=None)
    return set(grants.values_list("basin__code", flat=True))


def _manages_all_teams_of(user: Reader, person: User) -> bool:
    codes = _basins_of(person)
    return bool(codes) and all(may_manage_team(user, code) for code in codes)
