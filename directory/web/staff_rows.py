"""Rows that hang on a record, as a team fills them in: phones, hours, prices, papers, links."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.forms import BaseFormSet, BoundField, formset_factory
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException

from basins.web.desk_forms import IN_DUTCH, IN_FRENCH, ClockField, DayField
from core import spoken
from core.bilingual import current_language
from directory.enums import AccessFeature, PhoneKind, ScheduleFrequency
from directory.models.details import DAY
from directory.numbers import spoken_phone
from directory.wording import MONDAY

EMPTY_ROWS = 2
WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HIGHEST_ROWS = 60
RHYTHMS = [*ScheduleFrequency.choices, ("", _("not: on these dates, or as said in words"))]


class DaysField(forms.MultipleChoiceField):
    """Days of the week as boxes; what a list said otherwise (``1TH``) stays a box of its own."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        return value.split(",") if isinstance(value, str) and value else value

    def valid_value(self, value: str) -> bool:
        return re.fullmatch(DAY, value) is not None


class NumberField(forms.CharField):
    """A phone number, shown as Belgians read it."""

    def prepare_value(self, value: Any) -> Any:
        try:
            return spoken_phone(value) if isinstance(value, str) else value
        except NumberParseException:
            return value  # as somebody wrote it; the rule says what is wrong


class RowForm(forms.Form):
    """A row; one that is left empty is no row. ``needs`` names a field without which it says nothing."""

    needs: ClassVar[str] = ""
    all_optional = True  # an empty row is no row, so nothing of it is asked
    bilingual: ClassVar[tuple[str, ...]] = ()
    # What a row has without anybody writing in it.
    usual: ClassVar[frozenset[str]] = frozenset({"kind", "freq", "interval", "currency", "feature", "is_there"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.bilingual:
            label = self.fields[f"{name}_fr"].label
            for code, words in (("fr", IN_FRENCH), ("nl", IN_DUTCH)):
                self.fields[f"{name}_{code}"].label = words % {"label": label}
                self.fields[f"{name}_{code}"].widget.attrs["lang"] = code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.says_something and self.needs and not cleaned.get(self.needs) and self.needs not in self.errors:
            self.add_error(self.needs, _("Fill in: %(label)s.") % {"label": self.fields[self.needs].label})
        return cleaned

    @property
    def says_something(self) -> bool:
        """Whether anything was written, beyond what stands there by itself."""
        skipped = {*self.usual, forms.formsets.DELETION_FIELD_NAME}
        return any(
            value not in ("", None, False, []) for name, value in self.cleaned_data.items() if name not in skipped
        )

    def row(self) -> dict[str, Any]:
        """The row of a document."""
        return {name: value for name, value in self.cleaned_data.items() if name != forms.formsets.DELETION_FIELD_NAME}

    def summary(self) -> str:
        """The row in a few words; "" where nothing is filled in."""
        skipped = {*self.usual, forms.formsets.DELETION_FIELD_NAME}
        fields = [field for field in self if field.name not in skipped and not field.is_hidden]
        own = current_language()
        for field in sorted(fields, key=lambda each: self._language(each.name) not in ("", own)):
            if field.value() not in ("", None, False, []):
                language = self._language(field.name)
                words = str(field.value())
                return words if language in ("", own) else format_html('<span lang="{}">{}</span>', language, words)
        return ""

    def _language(self, name: str) -> str:
        """The language in which a field is written; "" where it is the same in all."""
        base, _, language = name.rpartition("_")
        return language if base in self.bilingual else ""

    def own_fields(self) -> list[BoundField]:
        """All fields but the box that takes the row out."""
        return [field for field in self if field.name != forms.formsets.DELETION_FIELD_NAME and not field.is_hidden]


class PhoneRow(RowForm):
    needs = "number"
    bilingual = ("description",)

    number = NumberField(label=_("Phone number"), required=False, max_length=40, help_text=_("As you would write it."))
    extension = forms.RegexField(
        r"^[0-9]+$",
        label=_("Extension"),
        required=False,
        max_length=10,
        error_messages={"invalid": _("Write the extension in digits, for example 214.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=PhoneKind.choices, required=False)
    description_fr = forms.CharField(label=_("For what"), required=False, max_length=200)
    description_nl = forms.CharField(required=False, max_length=200)
    professionals_only = forms.BooleanField(label=_("For professionals only"), required=False)


class ScheduleRow(RowForm):
    bilingual = ("description",)

    byday = DaysField(label=_("Days"), required=False)
    opens_at = ClockField(label=_("Opens at"), required=False)
    closes_at = ClockField(label=_("Closes at"), required=False)
    by_appointment = forms.BooleanField(label=_("By appointment"), required=False)
    description_fr = forms.CharField(label=_("In words"), required=False, max_length=300)
    description_nl = forms.CharField(required=False, max_length=300)
    freq = forms.ChoiceField(label=_("Repeats"), choices=RHYTHMS, required=False, initial="WEEKLY")
    interval = forms.IntegerField(label=_("Every"), required=False, min_value=1, max_value=52, initial=1)
    bymonthday = forms.CharField(
        label=_("Days of the month"), required=False, max_length=60, help_text=_("E.g. 1,15 or -1 for the last day.")
    )
    valid_from = DayField(label=_("From"), required=False)
    valid_to = DayField(label=_("Until"), required=False)
    is_closed = forms.BooleanField(label=_("Closed then"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(code, spoken.weekday(MONDAY.replace(day=place + 1))) for place, code in enumerate(WEEK)]
        written = str(self.initial.get("byday") or "")
        days += [(each, each) for each in written.split(",") if each and each not in WEEK]
        field = self.fields["byday"]
        if isinstance(field, DaysField):
            field.choices = days

    def summary(self) -> str:
        days = [label for code, label in self.fields["byday"].choices if code in (self["byday"].value() or [])]  # type: ignore[attr-defined]
        clock = [str(self[name].value() or "")[:5] for name in ("opens_at", "closes_at")]
        hours = " – ".join(clock) if all(clock) else ""
        dates = " – ".join(str(self[name].value()) for name in ("valid_from", "valid_to") if self[name].value())
        closed = _("closed") if self["is_closed"].value() else ""
        return " ".join(filter(None, [", ".join(map(str, days)), hours, dates, str(closed)])) or super().summary()

    def row(self) -> dict[str, Any]:
        values = super().row()
        days = list(values.pop("byday") or [])
        known = [day for day in WEEK if day in days]
        return values | {"byday": ",".join([*known, *(day for day in days if day not in WEEK)])}


class UrlRow(RowForm):
    needs = "url"
    bilingual = ("label",)

    url = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")
    label_fr = forms.CharField(label=_("Label"), required=False, max_length=120)
    label_nl = forms.CharField(required=False, max_length=120)


class CostRow(RowForm):
    bilingual = ("option", "note")

    option_fr = forms.CharField(label=_("For whom, for what"), required=False, max_length=200)
    option_nl = forms.CharField(required=False, max_length=200)
    amount = forms.DecimalField(label=_("Amount"), required=False, min_value=0, max_digits=8, decimal_places=2)
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3, initial="EUR")
    note_fr = forms.CharField(label=_("Remark"), required=False, max_length=300)
    note_nl = forms.CharField(required=False, max_length=300)
    valid_from = DayField(label=_("From"), required=False)
    valid_to = DayField(label=_("Until"), required=False)


class DocumentRow(RowForm):
    bilingual = ("document",)

    document_fr = forms.CharField(label=_("Document"), required=False, max_length=200)
    document_nl = forms.CharField(required=False, max_length=200)
    url = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")


class IdentifierRow(RowForm):
    needs = "identifier"

    scheme = forms.CharField(label=_("List"), required=False, max_length=80, help_text=_("E.g. INAMI-RIZIV."))
    identifier = forms.CharField(label=_("Identifier"), required=False, max_length=120)


class AccessibilityRow(RowForm):
    needs = "feature"
    usual = RowForm.usual - {"feature"}
    bilingual = ("description",)

    feature = forms.ChoiceField(label=_("Arrangement"), choices=[("", "—"), *AccessFeature.choices], required=False)
    is_there = forms.BooleanField(label=_("Is there"), required=False, initial=True)
    description_fr = forms.CharField(label=_("Description"), required=False, max_length=300)
    description_nl = forms.CharField(required=False, max_length=300)
    url = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")


ROWS: dict[str, tuple[type[RowForm], Any]] = {
    "phones": (PhoneRow, _("Phones")),
    "schedules": (ScheduleRow, _("Opening hours")),
    "costs": (CostRow, _("Prices")),
    "documents": (DocumentRow, _("Documents asked for")),
    "urls": (UrlRow, _("Further web addresses")),
    "identifiers": (IdentifierRow, _("Numbers in other lists")),
    "accessibility": (AccessibilityRow, _("Accessibility")),
}


class RowSet:
    """The rows of one key of a document, with empty ones to fill in; ``more`` adds further empty ones."""

    def __init__(self, key: str, rows: list[dict[str, Any]], data: Any | None) -> None:
        form_class, self.label = ROWS[key]
        self.key = key
        made: Any = formset_factory(form_class, extra=EMPTY_ROWS, can_delete=True, max_num=HIGHEST_ROWS)
        self.formset: BaseFormSet[RowForm] = made(data, initial=rows, prefix=key)

    def is_valid(self) -> bool:
        return self.formset.is_valid()

    @property
    def has_errors(self) -> bool:
        return self.formset.is_bound and (any(form.errors for form in self.formset) or bool(self._of_all()))

    def _of_all(self) -> Any:
        return self.formset.non_form_errors()

    def summary(self) -> list[str]:
        """A few words for each row that is filled in, as it stands in the form."""
        return [words for form in self.formset.forms if (words := form.summary())]

    def rows(self) -> list[dict[str, Any]]:
        """What the document is to hold: neither what was taken out nor what is empty."""
        kept = [form for form in self.formset.forms if form not in self.formset.deleted_forms]
        return [form.row() for form in kept if form.cleaned_data and form.says_something]


def with_one_more(data: Any) -> Any:
    """What was sent, with another empty row where the button "one more" asks for it."""
    key = data.get("more", "")
    number = data.get(f"{key}-TOTAL_FORMS", "")
    if key not in ROWS or not number.isdigit():
        return data
    grown = data.copy()
    grown[f"{key}-TOTAL_FORMS"] = str(min(int(number) + 1, HIGHEST_ROWS))
    return grown
