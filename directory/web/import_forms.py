"""Forms of the team's lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from basins.web.desk_forms import StaffForm
from directory.enums import ServiceKind, Visibility
from directory.importing import columns
from directory.importing.columns import Target
from directory.models import Source

NOTHING = "-"
FIXED = ("service.kind", "service.visibility", "service.areas")


class SourceForm(StaffForm):
    """A list of somebody else's."""

    bilingual: ClassVar[tuple[str, ...]] = ("name",)

    name_fr = forms.CharField(label=_("Name"), max_length=120)
    name_nl = forms.CharField(max_length=120)
    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("Short, for example social-brussels."))
    url = forms.URLField(label=_("Web address"), max_length=500, required=False, assume_scheme="https")
    licence = forms.CharField(label=_("Licence"), max_length=120, required=False)

    @staticmethod
    def initial_of(source: Source) -> dict[str, Any]:
        return {name: getattr(source, name) for name in SourceForm.base_fields}


class UploadForm(forms.Form):
    """The file to look at."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8, an Excel workbook (.xlsx), or HSDS as JSON; at most 200 MB."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json,.ndjson,.jsonl,.txt"}),
    )
    is_part = forms.BooleanField(
        label=_("The file holds a part of the list only: mark nothing as gone"), required=False
    )


class MappingForm(forms.Form):
    """What each column is. Field names are numbers: headings may hold anything."""

    def __init__(
        self,
        heading: Sequence[str],
        mapping: Mapping[str, Any],
        seen: Mapping[str, Sequence[str]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.heading = [name for name in dict.fromkeys(heading) if name]
        guessed = columns.guess(self.heading)
        known = mapping.get("columns", {})
        for place, name in enumerate(self.heading):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=name,
                choices=choices(),
                initial=known.get(name, guessed.get(name)) or NOTHING,
                help_text=" · ".join(seen.get(name, ())),
            )
        fixed = mapping.get("fixed", {})
        kinds: dict[str, Any] = {"service.kind": ServiceKind, "service.visibility": Visibility}
        for code in FIXED:
            label = columns.targets()[code].label
            initial = fixed.get(code, "")
            if code in kinds:
                offered = [("", "—"), *kinds[code].choices]
                self.fields[code] = forms.ChoiceField(label=label, choices=offered, required=False, initial=initial)
            else:
                self.fields[code] = forms.CharField(label=label, max_length=200, required=False, initial=initial)

    @property
    def of_columns(self) -> list[forms.BoundField]:
        return [self[f"column-{place}"] for place in range(len(self.heading))]

    @property
    def of_all_rows(self) -> list[forms.BoundField]:
        return [self[code] for code in FIXED]

    def columns(self) -> dict[str, str]:
        chosen = {name: self.cleaned_data[f"column-{place}"] for place, name in enumerate(self.heading)}
        return {name: "" if code == NOTHING else code for name, code in chosen.items()}

    def fixed(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code in FIXED}


def choices() -> list[tuple[str, Any]]:
    """What a column may be, in groups."""
    return [(NOTHING, _("nothing: leave it aside")), *((name, _options(name, each)) for name, each in columns.groups())]


def _options(group: str, listed: Sequence[Target]) -> list[tuple[str, str]]:
    """With the group's name: once it is chosen nobody sees the group any more."""
    return [(target.code, f"{group} · {target.label}") for target in listed]
