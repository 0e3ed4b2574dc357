"""What a host fills in: its proposal, and later what it puts right by its link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from basins.rules.privacy import refuse_national_numbers
from core.bilingual import current_language
from core.errors import RuleError
from opendoors.models import Edition
from opendoors.rules.validating import VISITS_AT_ONCE
from opendoors.web.staff_forms import SEATS_USUALLY, HostForm, NewHostForm, OpeningForm, PlaceForm

WRITE_EMAIL = _("Write your e-mail address, for example name@service.be")
CONTACT = _("Whom we write to; not shown to visitors")


def _ask_for_contact(fields: Mapping[str, forms.Field]) -> None:
    """A host that acts by its link needs somebody the link is sent to."""
    for name in ("contact_name", "contact_email"):
        fields[name].required = True
    fields["contact_email"].error_messages |= {"required": WRITE_EMAIL, "invalid": WRITE_EMAIL}
    fields["contact_email"].help_text = _("Your link goes there: with it you change what you wrote.")
    fields["contact_name"].widget.attrs["autocomplete"] = "name"
    fields["contact_email"].widget.attrs["autocomplete"] = "email"
    fields["contact_phone"].widget.attrs["autocomplete"] = "tel"


class ProposalForm(NewHostForm):
    """A service and where it receives; its visits are forms of their own, see :func:`visit_forms`."""

    headings: ClassVar[Mapping[str, Any]] = {
        "name": _("Your service"),
        "street_fr": _("Where visitors are received"),
        "contact_name": CONTACT,
    }
    field_order = [
        *(name for name in HostForm.base_fields if not name.startswith("contact")),
        *PlaceForm.base_fields,
        *(name for name in HostForm.base_fields if name.startswith("contact")),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"contact_language": current_language()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        _ask_for_contact(self.fields)
        for name in ("description_fr", "description_nl"):
            self.fields[name].help_text = _("In at least one language.")
            self.fields[name].needs_one_of = True  # type: ignore[attr-defined]  # read by core.templatetags.look

    def clean(self) -> dict[str, Any]:
        """What the rule would say of the texts, said together with what else is wrong."""
        cleaned = super().clean() or self.cleaned_data
        texts = {name: value for name, value in cleaned.items() if isinstance(value, str)}
        if not (texts.get("description_fr") or texts.get("description_nl")):
            self.add_error("description_fr", _("Write in one language at least what visitors will see."))
        try:
            refuse_national_numbers(**texts)
        except RuleError as error:
            self.add_refusal(error)
        return cleaned


class OwnHostForm(HostForm):
    """The host's texts, as it changes them itself."""

    headings: ClassVar[Mapping[str, Any]] = {"contact_name": CONTACT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_contact(self.fields)


class LinkForm(forms.Form):
    """The address that a host's link is mailed to once more."""

    email = forms.EmailField(
        label=_("Contact's e-mail"),
        max_length=254,
        error_messages={"required": WRITE_EMAIL, "invalid": WRITE_EMAIL},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


def rows_in(data: QueryDict) -> int:
    """How many visits the form shows: as many as it had, one more or one fewer where a button asked for it."""
    try:
        rows = int(data.get("rows", "1"))
    except ValueError:
        rows = 1
    rows += ("more" in data) - ("fewer" in data)
    return max(1, min(rows, VISITS_AT_ONCE))


def visit_forms(edition: Edition, data: QueryDict | None, rows: int) -> list[OpeningForm]:
    """A form per visit proposed; each new one begins at the next band of the day."""
    language = current_language()
    forms_made = []
    for number in range(rows):
        begins, ends = edition.bands[number % len(edition.bands)]
        initial = {"begins": begins, "ends": ends, "seats": SEATS_USUALLY, "language": language}
        forms_made.append(OpeningForm(data, edition=edition, initial=initial, prefix=f"visit{number}"))
    return forms_made


def as_typed(form: forms.Form, data: QueryDict) -> dict[str, Any]:
    """What was typed so far, to be shown again without a word on what is missing."""
    typed = {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name)) for name, field in form.fields.items()
    }
    return {name: value for name, value in typed.items() if value is not None}
