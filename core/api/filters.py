"""Query parameters that lists share."""

from __future__ import annotations

from typing import Any

import django_filters
from django_filters.fields import IsoDateTimeField


class MomentField(IsoDateTimeField):  # type: ignore[misc]  # django-filter ships no types
    """A moment with its offset. A ``+`` that came as a space (nobody escaped it) is a ``+``."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(" ", "+") if isinstance(value, str) and "T" in value else value)


class MomentFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]  # django-filter ships no types
    field_class = MomentField


class ChangesFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    """For who keeps a copy: only what changed after a moment.

    A change becomes visible when its transaction ends, a little after ``modified``: ask from a minute
    before the last change you have.
    """

    modified_after = MomentFilter(
        field_name="modified", lookup_expr="gt", help_text="Only rows changed after this moment (ISO 8601)."
    )
