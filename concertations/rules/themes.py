"""Themes of the concertations, and how many meetings a year the law asks for: the Region's to keep."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.people import NotYours
from concertations import access
from concertations.errors import MeetingError
from concertations.models import Theme
from concertations.rules.checks import check_row, refuse_numbers

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeData:
    """A theme. ``meetings_per_year``: how many the law asks of each basin, 0 where none."""

    code: str
    name_fr: str
    name_nl: str
    meetings_per_year: int = 0
    position: int = 0


@transaction.atomic
def save(*, theme: Theme | None, data: ThemeData, by: User | None) -> Theme:
    """Write a theme, or (``None``) a new one. Raises ``MeetingError``, ``NationalNumberFound``, ``NotYours``."""
    if by is not None and not access.keeps_series(by, None):
        raise NotYours(_("The themes of the law are kept by the Region."))
    refuse_numbers(data)
    row = theme or Theme()
    for name in data.__dataclass_fields__:
        setattr(row, name, getattr(data, name))
    for field in ("name_fr", "name_nl"):
        if not getattr(row, field):
            raise MeetingError(_("Write the name in both languages."), field=field)
    check_row(row)
    row.save()
    logger.info("Theme %s was written by %s", row.code, by and by.uuid)
    return row
