"""What the rules of this mission share: who may act, and a row is checked as a whole before it is stored."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.people import NotYours
from opendoors import access
from opendoors.errors import HostingError
from opendoors.models import Edition

# The grid marks the places it fills in with such a character, and nobody types one.
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def field_label(model: type[Model], name: str) -> str:
    """What a field is called on the pages."""
    return str(getattr(model._meta.get_field(name), "verbose_name", name))


def refuse_stranger(edition: Edition, by: User | None) -> None:
    """Raise ``NotYours`` for somebody who does not keep the edition. ``None``: the console, the calendar."""
    if by is not None and not access.may_manage_edition(by, edition):
        raise NotYours(_("You cannot change the open-door weeks of this basin."))


def check_row(row: Model, *, may_be_empty: Collection[str] = ()) -> None:
    """Fields, choices and the database's own constraints. Raises ``HostingError`` naming the first field."""
    # ``name`` of a bilingual field is only another way to ``name_fr`` or ``name_nl``.
    doubles = {field.name for field in row._meta.concrete_fields if hasattr(row, f"{field.name}_fr")}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name not in doubles and isinstance(value, str) and CONTROL_CHARACTER.search(value):
            raise HostingError(_("There is a control character in this text. Type it anew."), field=field.name)
    try:
        row.full_clean(exclude=doubles | {name for name in may_be_empty if not getattr(row, name)})
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise HostingError(messages[0], field="" if name == NON_FIELD_ERRORS else name) from error
