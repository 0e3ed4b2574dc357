"""Records as a team fills them in: texts in both languages side by side, and what hangs on them.

Each form gives a part of a record's document (`directory.documents`); the rule compares and decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.web.desk_forms import StaffForm
from core.bilingual import LANGUAGE_CODES
from core.errors import RuleError
from directory.diffs import label_of
from directory.documents import CAPACITY_COLUMNS, SHAPES, Document, Holder, in_both
from directory.enums import TextState
from directory.models import Location, Organization, Service, ServiceCapacity
from directory.web.staff_choices import Choices
from directory.web.staff_parts import Cell, Line, Part
from directory.web.staff_rows import ROWS, RowSet, with_one_more

SEEN = "seen"
CAPACITY_FIELDS = tuple(name for name in CAPACITY_COLUMNS if name != "said_on")


class LinesField(forms.CharField):
    """Several names, one per line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": 2}), help_text=_("One per line."), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]


class DocumentForm(StaffForm):
    """A part of a record's document. ``sections``: headings with the names of texts, columns, references."""

    model: ClassVar[type[Holder]]
    sections: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = ()
    part_keys: ClassVar[Sequence[str]] = ()  # the sections with a heading, as addresses name them
    row_keys: ClassVar[Sequence[str]] = ()
    all_optional = True  # said once, not at each of seventy fields
    what_is_needed: ClassVar[Any] = ""

    def __init__(
        self,
        data: Any | None = None,
        *,
        record: Holder | None = None,
        document: Mapping[str, Any] | None = None,
        choices: Choices | None = None,
        seen: str = "",
        opened: Sequence[str] = (),
    ) -> None:
        self.opened = opened
        self.refused: set[str] = set()  # rows that the rule refused
        self.record = record
        self.document: Mapping[str, Any] = document or {}
        self.choices = choices or Choices()
        self.is_asking_for_rows = data is not None and "more" in data
        data = with_one_more(data) if data is not None and self.is_asking_for_rows else data
        shape = SHAPES[self.model]
        names = [name for _heading, listed in self.sections for name in listed]
        self.bilingual = tuple(name for name in names if name in shape.texts)  # type: ignore[misc]  # set per form
        self.headings = {self._first(listed[0]): words for words, listed in self.sections if words}  # type: ignore[misc]
        own = {key: field for name in names for key, field in self._fields_of(name)}
        own[SEEN] = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
        self.base_fields = own  # type: ignore[misc]  # set per form
        super().__init__(data, initial={**self._initial(), SEEN: seen})
        self.row_sets = [RowSet(key, list(self.document.get(key, ())), data) for key in self.row_keys]

    # --- Fields
    def _first(self, name: str) -> str:
        if name in SHAPES[self.model].texts:
            return f"{name}_fr"
        return f"capacity_{CAPACITY_FIELDS[0]}" if name == "capacity" else name

    def _fields_of(self, name: str) -> Iterator[tuple[str, forms.Field]]:
        if name in SHAPES[self.model].texts:
            for column in in_both(name):
                yield column, field_of(self.model, name)
        elif name == "capacity":
            for column in CAPACITY_FIELDS:
                base = column.removesuffix("_fr").removesuffix("_nl")
                field = field_of(ServiceCapacity, base)
                if base != column:
                    field.label = f"{field.label} ({column[-2:]})"
                    field.widget.attrs["lang"] = column[-2:]
                yield f"capacity_{column}", field
            yield "capacity_again", forms.BooleanField(label=_("They said so again today"), required=False)
        elif name in self.choices.several:
            yield name, several(self.choices.label(name), self.choices.offered(name, self.document))
        elif name in self.choices.single:
            offered = [("", "—"), *self.choices.offered(name, self.document)]
            yield name, forms.ChoiceField(label=self.choices.label(name), choices=offered, required=False)
        else:
            yield name, field_of(self.model, name)

    def _initial(self) -> dict[str, Any]:
        capacity = self.document.get("capacity") or {}
        said = {f"capacity_{name}": capacity.get(name) for name in CAPACITY_FIELDS}
        listed = {name: self.choices.chosen(name, self.document) for name in self.choices.several}
        return {**self.document, **said, **listed}

    # --- Layout
    def lines(self) -> Iterator[Line]:
        """The fields in order, a text's two languages in one line, short fields beside each other."""
        short: Line | None = None
        for line in self._lines():
            if short is not None and line.is_short and not line.heading:
                short.cells += line.cells
                continue
            if short is not None:
                yield short
            short = line if line.is_short else None
            if short is None:
                yield line
        if short is not None:
            yield short

    def parts(self) -> list[Part]:
        """The form under its headings, then the rows. Open: the first, what an address asks for, where an error is."""
        found: list[Part] = []
        for line in self.lines():
            if line.heading or not found:
                key = self.part_keys[len(found)] if len(found) < len(self.part_keys) else f"part{len(found)}"
                found.append(Part(key, line.heading, []))
            found[-1].lines.append(line)
        for part in found:
            has_errors = any(cell.field.errors for line in part.lines for cell in line.cells)
            part.is_open = part is found[0] or has_errors or self._is_asked_for(part.key)
        for rows in self.row_sets:
            is_asked_for = self._is_asked_for(rows.key) or rows.key in self.refused
            found.append(Part(rows.key, rows.label, [], rows, is_open=is_asked_for or rows.has_errors))
        return found

    def _is_asked_for(self, key: str) -> bool:
        grown = self.data.get("more", "") if self.is_asking_for_rows else ""
        return key == grown or bool({key, "all"} & set(self.opened))

    def _lines(self) -> Iterator[Line]:
        for heading, row in self.layout():
            first = row[0]
            several_offered = isinstance(first.field, forms.MultipleChoiceField) and len(first.field.choices) > 12  # type: ignore[arg-type]
            value = first.value() if several_offered else None
            cells = [self._cell(field) for field in row]
            yield Line(heading, cells, several_offered, len(value or ()), is_text=len(row) == 2)

    def _cell(self, field: BoundField) -> Cell:
        name, _underscore, language = field.name.rpartition("_")
        is_text = name in self.bilingual and language in LANGUAGE_CODES
        label = label_of(self.model, name) if is_text else str(field.label).removesuffix(f" ({language})")
        if self.record is None or not is_text:
            return Cell(field, None, "", label)
        state = self.record.text_state(name, language)
        if state == TextState.MISSING and not any(getattr(self.record, column) for column in in_both(name)):
            state = TextState.PRESENT  # nothing is missing beside it
        return Cell(field, state, field.name, label)

    # --- What was sent
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        wrong = [str(each.label) for each in self.row_sets if not each.is_valid()]
        if wrong:
            self.add_error(None, _("Some rows need another look: %(parts)s.") % {"parts": ", ".join(wrong)})
        return cleaned

    def full_clean(self) -> None:
        """Who asks for another row has not finished: nothing is checked yet."""
        super().full_clean()
        if self.is_asking_for_rows:
            self._errors = ErrorDict()

    def is_valid(self) -> bool:
        """Asking for another row saves nothing."""
        return not self.is_asking_for_rows and super().is_valid()

    def values(self, *, today: str) -> Document:
        """The part of the document, for the rule. What is said of places is dated ``today`` where it changed."""
        values: Document = {}
        for name in (name for _heading, listed in self.sections for name in listed):
            if name == "capacity":
                values[name] = self._capacity(today)
            elif name in self.choices.several:
                key = self.choices.key(name)
                values[key] = [*values.get(key, ()), *self.choices.named(name, self.cleaned_data[name])]
            else:
                for column in in_both(name) if name in self.bilingual else (name,):
                    values[column] = self.cleaned_data[column]
        if "terms" in values:
            values["terms"] += self.choices.not_offered(self.document)
        return values | {each.key: each.rows() for each in self.row_sets}

    def show_as_seen(self, seen: str) -> None:
        """The form as it comes back knows of the newest change."""
        sent: Any = self.data
        sent = sent.copy()
        sent[SEEN] = seen
        self.data = sent

    def _capacity(self, today: str) -> dict[str, Any]:
        said = {name: self.cleaned_data[f"capacity_{name}"] for name in CAPACITY_FIELDS}
        said = {name: value for name, value in said.items() if value not in ("", None)}
        before = dict(self.document.get("capacity") or {})
        said_on = before.pop("said_on", "")
        if not said:
            return {}
        is_new = said != before or self.cleaned_data["capacity_again"]
        return said | {"said_on": today if is_new else said_on}

    def add_refusal(self, error: RuleError) -> None:
        """What concerns rows is said above the form with their name."""
        if error.field in ROWS:
            self.refused.add(error.field)
            words = _("%(part)s: %(reason)s") % {"part": ROWS[error.field][1], "reason": error.message}
            self.add_error(None, str(words))
        elif f"{error.field}_fr" in self.fields:
            self.add_error(f"{error.field}_fr", str(error.message))
        else:
            super().add_refusal(error)


def field_of(model: type[models.Model], name: str) -> forms.Field:
    """A column's own field; nothing is required here, the rule says what a record must have."""
    column: Any = model._meta.get_field(name)
    if isinstance(column, ArrayField):
        return LinesField(label=capfirst(column.verbose_name), required=False)
    options: dict[str, Any] = {"assume_scheme": "https"} if isinstance(column, models.URLField) else {}
    if name in {"kbo_number", "establishment_number"}:  # people write dots and spaces
        return forms.CharField(label=capfirst(column.verbose_name), required=False, max_length=20)
    field: forms.Field = column.formfield(**options)
    field.required = False
    if isinstance(column, models.TextField):
        field.widget = forms.Textarea({"rows": 4})
    elif isinstance(field, forms.CharField) and (column.max_length or 0) == 300:
        field.widget = forms.Textarea({"rows": 2})
    return field


def several(label: Any, offered: Sequence[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=offered, required=False, widget=forms.CheckboxSelectMultiple)


class ServiceForm(DocumentForm):
    model = Service
    what_is_needed = _("Only a name is needed, in one language at least.")
    sections = (
        (_("What it is"), ("name", "kind", "status", "visibility", "short_description", "description", "alert")),
        (_("For whom, where"), ("themes", "audiences", "sectors", "eligibility", "min_age", "max_age", "areas")),
        ("", ("refusal_grounds", "languages", "interpreter", "interpretation", "places")),
        (_("How one gets there"), ("how_to_refer", "who_may_refer", "email", "url", "no_appointment", "no_request")),
        ("", ("no_papers", "no_payment", "home_visits", "outreach", "goes_along")),
        (_("Price, places, waiting time"), ("price", "fees", "capacity")),
        (_("Other names and details"), ("alternate_names", "former_names", "care_line", "authority")),
        ("", ("accreditations", "exchange_mode", "exchange_format", "frequency", "organised_with")),
    )
    part_keys = ("what", "where", "access", "price", "details")
    row_keys = ("phones", "schedules", "costs", "documents", "urls")


class OrganizationForm(DocumentForm):
    model = Organization
    what_is_needed = _("Only a name is needed, in one language at least.")
    sections = (
        (_("Who they are"), ("name", "kind", "status", "sector", "description")),
        (_("Reach them"), ("email", "url")),
        (_("Other names and numbers"), ("legal_name", "legal_form", "alternate_names", "former_names")),
        ("", ("kbo_number", "establishment_number")),
    )
    row_keys = ("phones", "urls", "identifiers")


class LocationForm(DocumentForm):
    model = Location
    sections = (
        (_("Where it is"), ("name", "kind", "is_seat", "street", "box", "postcode", "municipality", "city")),
        ("", ("neighbourhood", "latitude", "longitude", "hides_address")),
        (_("How one gets there"), ("transport", "step_free")),
    )
    row_keys = ("phones", "schedules", "accessibility")


class SaidByThemForm(DocumentForm):
    """What an organisation may put right itself by its link: what changes most and what matters most."""

    model = Service
    sections = (
        (_("What it is"), ("short_description", "description", "alert")),
        (_("For whom, where"), ("eligibility", "areas", "languages")),
        (_("How one gets there"), ("how_to_refer", "email", "url")),
        (_("Price, places, waiting time"), ("price", "fees", "capacity")),
    )
    row_keys = ("phones", "schedules")


class ConfirmationForm(StaffForm):
    """Whom the mail "still right?" goes to."""

    email = forms.EmailField(
        label=_("E-mail address that is asked"), required=False, help_text=_("Never published. Empty: nobody is asked.")
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=Language.choices)
    every_days = forms.IntegerField(label=_("Every how many days"), min_value=7, max_value=1100)
