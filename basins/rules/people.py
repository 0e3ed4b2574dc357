"""Accounts, roles and second factors: the only writers of who may do what.

``by`` is who does it; ``None`` is the operator at the console or the sign-in page itself. A grant is
never deleted: its row says who gave it, who ended it and when, which is the log of the team.
"""

from __future__ import annotations

import datetime as dt
import logging
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins import access
from basins.models import Basin, RoleGrant, User
from basins.rights import Role
from basins.rules.log import actor
from core import mail
from core.bilingual import current_language
from core.errors import RuleError

logger = logging.getLogger(__name__)

UNUSED_ACCOUNT_HOURS = 24


class NotYours(RuleError):
    """The one who asks does not hold the right for it."""

    code = "not-yours"
    status = 403


class RoleRunsAlready(RuleError):
    """A role is given once per person and basin."""

    code = "role-runs-already"


class LastAdministrator(RuleError):
    """Without a regional administrator nobody could appoint the next one."""

    code = "last-administrator"


@transaction.atomic
def open_account(*, email: str, language: str, name: str = "") -> User | None:
    """The account of an address, made when it is new; it has no right.

    ``None`` when the account was closed: the caller goes on as if a code had been sent, so that
    nobody learns which addresses are known.
    """
    user, _made = User.objects.get_or_create(
        email=email.strip().lower(), defaults={"language": language, "name": name, "password": "!"}
    )
    return user if user.is_active else None


@transaction.atomic
def post_code(*, email: str, code: str) -> None:
    """Put the mail with the code into the outbox, in the reader's language; it is worthless in a quarter of an hour."""
    mail.post(
        "basins.sign_in_code",
        to=email,
        language=current_language(),
        params={
            "code": code,
            "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
            "asked_at": timezone.now().isoformat(),
        },
        key=f"basins.sign_in_code:{uuid4()}",
    )


@transaction.atomic
def forget_unused_accounts(*, now: dt.datetime | None = None) -> int:
    """Delete accounts that asked for a code a day ago and never came in; who has a role is waited for."""
    limit = (now or timezone.now()) - dt.timedelta(hours=UNUSED_ACCOUNT_HOURS)
    unused = User.objects.filter(last_login=None, created__lt=limit, grants=None, is_active=True)
    return unused.delete()[1].get("basins.User", 0)


@transaction.atomic
def grant_role(*, user: User, role: Role, basin: Basin | None, by: User | None) -> RoleGrant:
    """Give somebody a role in a basin, or for the Region without one, and write to them.

    Raises ``NotYours`` when ``by`` may not give it, ``RoleRunsAlready`` when it runs.
    """
    code = basin.code if basin else None
    if by is not None and not access.may_give_role(by, role, code):
        raise NotYours(_("You cannot give this role here."), field="role")
    if role == Role.REGION_ADMIN and basin is not None:
        raise NotYours(_("This role is for the whole Region: leave the basin empty."), field="basin")
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(user=user, role=role, basin=basin, granted_by=by)
    except IntegrityError as error:
        raise RoleRunsAlready(_("This person already has this role here."), field="role") from error
    logger.info("%s gave %s the role %s in %s", actor(by), user.uuid, role, code or "the Region")
    mail.post(
        "basins.role_given",
        to=user.email,
        language=user.language,
        params={"role": role.value, "basin": code, "by": str(by) if by else ""},
        key=f"basins.role_given:{grant.uuid}",
        scope=code or "",
    )
    return grant


@transaction.atomic
def invite_colleague(
    *, email: str, name: str, language: str, role: Role, basin: Basin | None, by: User | None
) -> RoleGrant:
    """Give a role to an address; its account is made when there is none.

    Raises what :func:`grant_role` raises, and ``NotYours`` for a closed account.
    """
    user = open_account(email=email, language=language, name=name)
    if user is None:
        raise NotYours(_("This account was closed."), field="email")
    if name and not user.name:
        user.name = name
        user.save(update_fields=["name", "modified"])
    return grant_role(user=user, role=role, basin=basin, by=by)


@transaction.atomic
def end_role(*, grant: RoleGrant, by: User | None) -> RoleGrant:
    """End a role at once: the person's very next request is refused. Ending it twice changes nothing.

    Locks the grant; for a regional administrator all grants of that role, in the order of their
    keys, so that the last two cannot end each other. Raises ``NotYours``, ``LastAdministrator``.
    """
    if grant.role == Role.REGION_ADMIN:
        running = list(
            RoleGrant.objects.select_for_update().filter(role=Role.REGION_ADMIN, ended_at=None).order_by("pk")
        )
        if [each.pk for each in running] == [grant.pk]:
            raise LastAdministrator(_("This is the last regional administrator. Appoint another one first."))
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("user", "basin").get(pk=grant.pk)
    if by is not None and not access.may_give_role(by, Role(grant.role), grant.basin.code if grant.basin else None):
        raise NotYours(_("You cannot end this role."))
    if grant.ended_at is None:
        grant.ended_at, grant.ended_by = timezone.now(), by
        grant.save(update_fields=["ended_at", "ended_by", "modified"])
        logger.info("%s ended the role %s of %s", actor(by), grant.role, grant.user.uuid)
    return grant


@transaction.atomic
def edit_person(*, person: User, name: str, language: str, by: User) -> User:
    """Put a name or a language right. Raises ``NotYours``."""
    if not access.may_edit_person(by, person):
        raise NotYours(_("You cannot change this person."))
    person.name, person.language = name, language
    person.save(update_fields=["name", "language", "modified"])
    return person


@transaction.atomic
def reset_second_factor(*, person: User, by: User | None) -> int:
    """Take away the factors of somebody who lost them; they set up a new one when they next enter.

    Sessions that used the lost factor are shut out of staff pages at once, because a session names
    the factor it used. Writes to the person. Returns how many factors there were; raises ``NotYours``.
    """
    if by is not None and not access.may_reset_second_factor(by, person):
        raise NotYours(_("You cannot reset this person's second factor."))
    removed: int = Authenticator.objects.filter(user=person).delete()[0]
    logger.warning("%s reset the second factor of %s (%d removed)", actor(by), person.uuid, removed)
    tell_of_second_factor(person=person, event="reset", by=by)
    return removed


def tell_of_second_factor(*, person: User, event: str, by: User | None = None) -> None:
    """Write to somebody that their second factor changed: ``set_up``, ``removed``, ``new_codes``, ``reset``."""
    now = timezone.now()
    mail.post(
        "basins.second_factor_changed",
        to=person.email,
        language=person.language,
        params={"event": event, "by": str(by) if by else "", "at": now.isoformat()},
        key=f"basins.second_factor_changed:{person.uuid}:{event}:{now.timestamp()}",
    )
