"""What the rules of this mission share: a row is checked as a whole before it is stored."""

from __future__ import annotations

import re

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from opendoors.errors import HostingError

# The grid marks the places it fills in with such a character, and nobody types one.
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check_row(row: Model) -> None:
    """Fields, choices and the database's own constraints. Raises ``HostingError`` naming the first field."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(value, str) and CONTROL_CHARACTER.search(value):
            raise HostingError(_("There is a control character in this text. Type it anew."), field=field.name)
    try:
        row.full_clean()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise HostingError(messages[0], field="" if name == NON_FIELD_ERRORS else name) from error
