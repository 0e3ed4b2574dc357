"""What the rules of this mission share: who may act, and a row is checked as a whole before it is stored."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.people import NotYours
from basins.rules.privacy import refuse_national_numbers
from concertations import access
from concertations.errors import MeetingError
from concertations.models import Series
from core import checks
from core.bilingual import LANGUAGE_CODES, both
from core.checks import field_label

Words = str | Promise


def refuse_stranger(series: Series, by: User | None) -> None:
    """Raise ``NotYours`` for somebody who does not keep the series. ``None``: the console, the calendar."""
    if by is not None and not access.may_manage_series(by, series):
        raise NotYours(_("You cannot change the concertations of this basin."))


def check_row(row: Model, *, may_be_empty: Collection[str] = ()) -> None:
    """Fields, choices and the database's own constraints. Raises ``MeetingError`` naming the first field."""
    checks.check_row(row, refusal=MeetingError, may_be_empty=may_be_empty)


def refuse_numbers(data: Any) -> None:
    """Raise ``NationalNumberFound`` where a text of the dataclass holds a national register number."""
    texts = {name: getattr(data, name) for name in data.__dataclass_fields__}
    refuse_national_numbers(**{name: value for name, value in texts.items() if isinstance(value, str)})


def missing_texts(row: Any, *names: str) -> Words:
    """Which text stands in one language alone: what a basin publishes stands in both. "" where none does."""
    for name in names:
        texts = both(row, name)
        if any(texts.values()) and not all(texts.values()):
            label = field_label(type(row), name)
            missing = next(code for code in LANGUAGE_CODES if not texts[code])
            return (
                _("The %(field)s is missing in French.") if missing == "fr" else _("The %(field)s is missing in Dutch.")
            ) % {"field": label}
    return ""
