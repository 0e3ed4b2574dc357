"""Rows are checked and stored; what the database refuses is said in the words of its constraint.

Fields are checked first. Constraints are not asked one by one beforehand (each would be a query): the
database holds them anyway, and says which one was broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.utils.translation import gettext_lazy as _

from core.checks import CONTROL_CHARACTER
from directory.errors import RecordRefused
from directory.models.base import Record
from directory.rules import log


def store(row: Record, *, key: str = "") -> None:
    """Check a row, give it the next number, save it. Raises ``RecordRefused`` naming ``key``, or the field."""
    check_fields(row, key=key)
    with refused_by_constraint(key):
        log.stamp(row)


def store_new(rows: Sequence[Any], *, key: str = "") -> None:
    """The same for many new rows of one model, in two statements; links without a number, too."""
    if not rows:
        return
    has_number = isinstance(rows[0], Record)
    for row, number in zip(rows, log.next_numbers(len(rows)) if has_number else rows, strict=True):
        check_fields(row, key=key)
        if has_number:
            row.changed_seq = number
    with refused_by_constraint(key):
        type(rows[0])._default_manager.bulk_create(rows, batch_size=log.BATCH)


def check_fields(row: models.Model, *, key: str = "") -> None:
    """Length, choices, form and control characters of each column; what it points to is not looked up.

    A text that is missing is stored as ``""``, also in the bilingual columns, so that one question finds it.
    """
    fields = list(row._meta.concrete_fields)
    for field in fields:
        if isinstance(field, models.CharField | models.TextField) and getattr(row, field.attname) is None:
            setattr(row, field.attname, "")
    names = {field.name for field in fields}
    pointers = {field.name for field in fields if field.is_relation}
    # ``name`` of a bilingual field is only another way to ``name_fr`` or ``name_nl``.
    doubles = {name for name in names if f"{name}_fr" in names}
    for name in names - pointers - doubles:
        value = getattr(row, name)
        if isinstance(value, str) and CONTROL_CHARACTER.search(value):
            raise RecordRefused(_("There is a control character in this text. Type it anew."), field=key or name)
    try:
        row.clean_fields(exclude=pointers | doubles)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise RecordRefused(messages[0], field=key or name) from error


@contextmanager
def refused_by_constraint(key: str) -> Iterator[None]:
    """Word a broken constraint as the model does; one that the model does not name is our mistake.

    The transaction can then only be rolled back: the refusal must leave the rule that is atomic.
    """
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        found = _constraint(getattr(diagnosis, "constraint_name", "") or "")
        if found is None:
            raise
        raise RecordRefused(found.get_violation_error_message(), field=key) from error


def _constraint(name: str) -> models.BaseConstraint | None:
    return next((each for each in _constraints() if each.name == name), None)


def _constraints() -> Iterable[models.BaseConstraint]:
    for model in apps.get_app_config("directory").get_models():
        yield from model._meta.constraints
