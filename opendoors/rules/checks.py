"""What the rules of this mission share: who may act, and a row is checked as a whole before it is stored."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.people import NotYours
from core import checks
from opendoors import access
from opendoors.errors import HostingError
from opendoors.models import Edition


def refuse_stranger(edition: Edition, by: User | None) -> None:
    """Raise ``NotYours`` for somebody who does not keep the edition. ``None``: the console, the calendar."""
    if by is not None and not access.may_manage_edition(by, edition):
        raise NotYours(_("You cannot change the open-door weeks of this basin."))


def check_row(row: Model, *, may_be_empty: Collection[str] = ()) -> None:
    """Fields, choices and the database's own constraints. Raises ``HostingError`` naming the first field."""
    checks.check_row(row, refusal=HostingError, may_be_empty=may_be_empty)
