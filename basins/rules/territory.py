"""The territory's only writer: basins, municipalities, neighbourhoods, postcodes and site addresses."""

from __future__ import annotations

import logging
from typing import TypeAlias

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from basins import access
from basins.models import Basin, Municipality, Neighbourhood, PostcodeArea, SiteHost, User
from basins.rules.log import actor
from basins.rules.people import NotYours
from basins.territory import forget_territory

logger = logging.getLogger(__name__)

Part: TypeAlias = Basin | Municipality | Neighbourhood | PostcodeArea | SiteHost
HOSTS_KEY = "basins:site-hosts"  # where basins.web.middleware keeps the addresses


@transaction.atomic
def save_part(*, part: Part, by: User | None) -> Part:
    """Write a row of the territory; pages of this process show it at once, the others within a minute.

    Raises ``NotYours`` for who may not edit the territory, ``ValidationError`` for what is not valid.
    """
    _refuse_strangers(by)
    part.full_clean()
    part.save()
    logger.info("%s wrote %s %s", actor(by), part._meta.model_name, part)
    transaction.on_commit(_forget)
    return part


@transaction.atomic
def remove_part(*, part: Neighbourhood | PostcodeArea | SiteHost, by: User | None) -> None:
    """Take a row away; basins and municipalities stay, for everything hangs on them. Raises ``NotYours``."""
    _refuse_strangers(by)
    logger.info("%s removed %s %s", actor(by), part._meta.model_name, part)
    part.delete()
    transaction.on_commit(_forget)


def _refuse_strangers(by: User | None) -> None:
    if by is not None and not access.may_edit_territory(by):
        raise NotYours(_("Only the Region may change the territory."))


def _forget() -> None:
    forget_territory()
    cache.delete(HOSTS_KEY)
