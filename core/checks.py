"""A row is checked as a whole before a rule stores it: fields, choices, and the database's own constraints."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from core.errors import RuleError

# Nobody types one; where we fill in places of prepared text, such a character marks them.
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def field_label(model: type[Model], name: str) -> str:
    """What a field is called on the pages."""
    return str(getattr(model._meta.get_field(name), "verbose_name", name))


def check_row(row: Model, *, refusal: type[RuleError], may_be_empty: Collection[str] = ()) -> None:
    """Raise the mission's ``refusal`` with the first thing that is wrong, naming its field."""
    # ``name`` of a bilingual field is only another way to ``name_fr`` or ``name_nl``.
    doubles = {field.name for field in row._meta.concrete_fields if hasattr(row, f"{field.name}_fr")}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name not in doubles and isinstance(value, str) and CONTROL_CHARACTER.search(value):
            raise refusal(_("There is a control character in this text. Type it anew."), field=field.name)
    try:
        row.full_clean(exclude=doubles | {name for name in may_be_empty if not getattr(row, name)})
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise refusal(messages[0], field="" if name == NON_FIELD_ERRORS else name) from error
