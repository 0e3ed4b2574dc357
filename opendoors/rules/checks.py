"""What the rules of this mission share: who may act, and a row is checked as a whole before it is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.people import NotYours
from basins.rules.privacy import refuse_national_numbers
from core import checks
from opendoors import access
from opendoors.errors import HostingError
from opendoors.models import Edition
from opendoors.rules.programme_data import HostData, PlaceData

if TYPE_CHECKING:  # editions.py checks its rows here
    from opendoors.rules.editions import EditionData

SHORTEST = dt.timedelta(minutes=15)
FIRST_HOUR, LAST_HOUR = dt.time(6), dt.time(23)


def refuse_stranger(edition: Edition, by: User | None) -> None:
    """Raise ``NotYours`` for somebody who does not keep the edition. ``None``: the console, the calendar."""
    if by is not None and not access.may_manage_edition(by, edition):
        raise NotYours(_("You cannot change the open-door weeks of this basin."))


def check_row(row: Model, *, may_be_empty: Collection[str] = ()) -> None:
    """Fields, choices and the database's own constraints. Raises ``HostingError`` naming the first field."""
    checks.check_row(row, refusal=HostingError, may_be_empty=may_be_empty)


def outside_days(edition: Edition, starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """Why a visit cannot be at this time: it lies outside the edition's days, or spans a night."""
    first, last = timezone.localdate(starts_at), timezone.localdate(ends_at)
    if first < edition.starts_on or first > edition.ends_on:
        return str(
            _("The edition runs from %(first)s to %(last)s.")
            % {"first": f"{edition.starts_on:%d/%m/%Y}", "last": f"{edition.ends_on:%d/%m/%Y}"}
        )
    return "" if first == last else str(_("A visit ends on the day it begins."))


def refuse_odd_time(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    """Raise ``HostingError`` for a slip of the pen: too short, or in the night. ``begins`` is its first hour."""
    begins, ends = timezone.localtime(starts_at).time(), timezone.localtime(ends_at).time()
    hours = {"first": f"{FIRST_HOUR:%H:%M}", "last": f"{LAST_HOUR:%H:%M}"}
    if ends_at <= starts_at:
        raise HostingError(_("The visit cannot end before it begins."), field="ends_at")
    if not FIRST_HOUR <= begins < LAST_HOUR:
        raise HostingError(_("A visit is between %(first)s and %(last)s.") % hours, field="begins")
    if ends > LAST_HOUR:
        raise HostingError(_("A visit is between %(first)s and %(last)s.") % hours, field="ends_at")
    if ends_at - starts_at < SHORTEST:
        raise HostingError(
            _("A visit lasts %(minutes)d minutes at least.") % {"minutes": SHORTEST.seconds // 60}, field="ends_at"
        )


def refuse_numbers(data: HostData | PlaceData | EditionData) -> None:
    """Raise ``NationalNumberFound`` where one of the texts holds a national register number."""
    texts = {name: getattr(data, name) for name in data.__dataclass_fields__}
    refuse_national_numbers(**{name: value for name, value in texts.items() if isinstance(value, str)})
