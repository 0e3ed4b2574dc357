"""What every team's form is made of; each mission fills it in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from core.bilingual import LANGUAGE_CODES
from core.errors import RuleError

IN_FRENCH, IN_DUTCH = _("%(label)s in French"), _("%(label)s in Dutch")


class StaffForm(forms.Form):
    """A form whose bilingual fields stand side by side, French first."""

    bilingual: ClassVar[tuple[str, ...]] = ()
    # Headings, by the field they stand above.
    headings: ClassVar[Mapping[str, Any]] = {}
    # How a rule names a field, where that is not its name here.
    rule_names: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.bilingual:
            label = self.fields[f"{name}_fr"].label
            for code, words in zip(LANGUAGE_CODES, (IN_FRENCH, IN_DUTCH), strict=True):
                field = self.fields[f"{name}_{code}"]
                field.label = words % {"label": label}
                field.widget.attrs["lang"] = code
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill in: %(label)s.") % {"label": field.label}
            if isinstance(field, forms.IntegerField):
                _say_which_numbers(field)

    def offer(self, name: str, choices: QuerySet[Any] | Iterable[tuple[str, str]]) -> None:
        """What may be chosen in a field, where that hangs on who asks, on the row, or on the language."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField) and isinstance(choices, QuerySet):
            field.queryset = choices
        elif isinstance(field, forms.ChoiceField) and not isinstance(choices, QuerySet):
            field.choices = list(choices)
        else:
            raise TypeError(name)

    def layout(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """The fields in order, each row with the heading above it, if any; a bilingual pair is one row of two."""
        seconds = {f"{name}_nl" for name in self.bilingual}
        for field in self.visible_fields():
            if field.name in seconds:
                continue
            first = field.name.removesuffix("_fr")
            row = [field, self[f"{first}_nl"]] if first in self.bilingual else [field]
            yield self.headings.get(field.name, ""), row

    def add_refusal(self, error: RuleError) -> None:
        """Show why a rule refused, at the field where there is one."""
        name = self.rule_names.get(error.field, error.field)
        self.add_error(name if name in self.fields else None, str(error.message))


def _say_which_numbers(field: forms.IntegerField) -> None:
    """Which numbers may be written, whatever was wrong with the one that was; a field's own words stay."""
    least, most = field.min_value, field.max_value
    if least is None or most is None:
        return
    numbers = {"label": field.label, "least": least, "most": most}
    words = _("%(label)s: write a number from %(least)d to %(most)d.") % numbers
    own = {code for code, said in field.error_messages.items() if said != field.default_error_messages.get(code)}
    field.error_messages |= {code: words for code in ("invalid", "min_value", "max_value") if code not in own}


class MomentField(forms.DateTimeField):
    """A day and a time in Brussels, in the browser's own picker."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


class DayField(forms.DateField):
    """A day, in the browser's own picker."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ClockField(forms.TimeField):
    """A time of the day, in the browser's own picker."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
