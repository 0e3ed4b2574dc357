"""Editions that ran before this platform did: the basin's team writes down what was counted, and by whom."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from basins.models import Basin, User
from basins.rules.people import NotYours
from opendoors import access
from opendoors.models import PastEdition
from opendoors.rules.checks import check_row

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEditionData:
    """What is known of an earlier edition. A count that nobody made is None, never 0."""

    name_fr: str
    name_nl: str
    starts_on: date
    ends_on: date
    hosts: int | None = None
    visits: int | None = None
    seats: int | None = None
    visitors: int | None = None
    made: int | None = None
    source: str = ""


@transaction.atomic
def keep(*, basin: Basin, data: PastEditionData, by: User | None, row: PastEdition | None = None) -> PastEdition:
    """Write an earlier edition down, or put ``row`` right. Raises ``HostingError``, ``NotYours``. Needs no lock."""
    _refuse_stranger(basin, by)
    row = row or PastEdition(basin=basin)
    for name, value in asdict(data).items():
        setattr(row, name, value)
    check_row(row, may_be_empty=["name_fr", "name_nl"])
    row.save()
    logger.info("earlier edition %s was written down by %s", row.uuid, by and by.uuid)
    return row


@transaction.atomic
def remove(*, row: PastEdition, by: User | None) -> None:
    """Take an earlier edition off the list. Raises ``NotYours``."""
    _refuse_stranger(row.basin, by)
    row.delete()
    logger.info("earlier edition %s was taken off by %s", row.uuid, by and by.uuid)


def _refuse_stranger(basin: Basin, by: User | None) -> None:
    if by is not None and not access.keeps_weeks(by, basin.code):
        raise NotYours(_("You cannot change the open-door weeks of this basin."))
