"""What a visitor fills in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.widgets import PlainSelect
from opendoors.enums import Sector


class VisitorForm(forms.Form):
    """Who comes. The visits themselves are ticks in the grid, see :func:`ticked`."""

    name = forms.CharField(
        label=_("First name and name"),
        max_length=120,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    sector = forms.ChoiceField(
        label=_("Your field of work"),
        required=False,
        choices=[("", _("Choose…")), *Sector.choices],
        widget=PlainSelect,
    )
    email = forms.EmailField(
        label=_("Work e-mail"),
        max_length=254,
        error_messages={
            "required": _("Write your e-mail address, for example name@service.be"),
            "invalid": _("Write your e-mail address, for example name@service.be"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    access_needs = forms.BooleanField(label=_("I need wheelchair access"), required=False)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


def ticked(data: QueryDict) -> list[UUID]:
    """The visits ticked in the grid, in order, without what is no identifier."""
    found: list[UUID] = []
    for value in data.getlist("visits")[:200]:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def prefilled(user: Any) -> dict[str, str]:
    """What is known of somebody who is signed in."""
    return {"name": user.name, "email": user.email} if user.is_authenticated else {}
