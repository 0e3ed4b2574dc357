"""Query parameters that lists share."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_filters.fields import IsoDateTimeField


class MomentField(IsoDateTimeField):  # type: ignore[misc]  # django-filter ships no types
    """A moment with its offset, in UTC: PostgreSQL knows no offset of 23 hours.

    A ``+`` that came as a space (nobody escaped it) is a ``+``.
    """

    def to_python(self, value: Any) -> Any:
        given = value.replace(" ", "+") if isinstance(value, str) and "T" in value else value
        moment = super().to_python(given)
        try:
            return moment and moment.astimezone(dt.UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], "invalid") from error


class MomentFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]  # django-filter ships no types
    field_class = MomentField


class PlainFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    """Refuses what says nothing."""

    def is_valid(self) -> bool:
        """A parameter that is there and empty is a mistake, not a wish for everything."""
        self.form.full_clean()
        for name in self.form.fields.keys() & self.data.keys():
            if not self.data[name].strip():
                self.form.add_error(name, ValidationError(_("Leave this out, or give it a value."), "required"))
        return bool(super().is_valid())


class ChangesFilter(PlainFilter):
    """For who keeps a copy: only what changed after a moment.

    A change becomes visible when its transaction ends, a little after ``modified``: ask from a minute
    before the last change you have.
    """

    modified_after = MomentFilter(
        field_name="modified", lookup_expr="gt", help_text="Only rows changed after this moment (ISO 8601)."
    )
