"""What a visitor fills in."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from basins.enums import Sector
from core.widgets import KeptSelect
from opendoors.errors import TooManyNames
from opendoors.models import GROUP_AT_MOST, BookedVisit

WANTED_AT_MOST = 5  # above that, "all of them" is what people mean
COMPANIONS_AT_MOST = 1000
ALL = "all"


def _numbers() -> list[tuple[str, Any]]:
    return [(str(number), str(number)) for number in range(1, GROUP_AT_MOST + 1)]


def _wanted() -> list[tuple[str, Any]]:
    return [(ALL, _("all of them")), ("1", _("only one")), *((str(n), str(n)) for n in range(2, WANTED_AT_MOST + 1))]


def _sectors() -> list[tuple[str, Any]]:
    return [("", _("Choose…")), *Sector.choices]


def _all_or_number(value: str) -> int | None:
    return None if value == ALL else int(value)


class GroupForm(forms.Form):
    """For how many people, and who they are besides oneself."""

    seats = forms.TypedChoiceField(
        label=_("For how many people?"),
        coerce=int,
        choices=_numbers,
        error_messages={"invalid_choice": _("Choose one of the numbers.")},
        widget=KeptSelect(default="1"),
    )
    companions = forms.CharField(
        label=_("Who comes along"),
        required=False,
        max_length=COMPANIONS_AT_MOST,
        help_text=_("Names, one per line, for the host's list."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Names go with seats: as many as come along, or fewer where one does not know yet."""
        data = super().clean() or {}
        names = [line.strip() for line in data.get("companions", "").splitlines() if line.strip()]
        along = (data.get("seats", 1) or GROUP_AT_MOST) - 1
        if "companions" in data:
            data["companions"] = "\n".join(names) if along else ""
        if 0 < along < len(names):
            self.add_error("companions", str(TooManyNames(along + 1).message))
        return data


class ChangeForm(GroupForm):
    """The same for what is booked already; a booking may hold two seats here and three there, and keep them."""

    AS_BOOKED = "as-booked"

    def __init__(self, data: QueryDict | None = None, *, rows: Sequence[BookedVisit], may_wait: bool = False) -> None:
        numbers = {row.seats for row in rows}
        seats = str(numbers.pop()) if len(numbers) == 1 else self.AS_BOOKED
        companions = "\n".join(dict.fromkeys(filter(None, (row.booking.companions for row in rows))))
        super().__init__(data, initial={"seats": seats, "companions": companions})
        if seats == self.AS_BOOKED:
            self.fields["seats"] = forms.TypedChoiceField(
                label=self.fields["seats"].label,
                coerce=lambda value: None if value == self.AS_BOOKED else int(value),
                choices=[(self.AS_BOOKED, _("as booked")), *_numbers()],
                widget=KeptSelect(default=self.AS_BOOKED),
            )
        if may_wait:
            self.fields["wanted"] = copy.deepcopy(VisitorForm.base_fields["wanted"])
            self.order_fields(["wanted", "seats", "companions"])


class VisitorForm(GroupForm):
    """Who comes. The visits themselves are ticks in the grid, see :func:`ticked`."""

    wanted = forms.TypedChoiceField(
        label=_("Of the visits I wait for, I want"),
        coerce=_all_or_number,
        choices=_wanted,
        error_messages={"invalid_choice": _("Choose one of the numbers.")},
        widget=KeptSelect(default=ALL),
    )
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
        choices=_sectors,
        error_messages={"invalid_choice": _("Choose from the list.")},
        widget=KeptSelect,
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

    field_order = ["wanted", "seats", "companions", "name", "organisation", "sector", "email", "access_needs"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


def ticked(data: QueryDict, name: str = "visits") -> list[UUID]:
    """The visits ticked in the grid under ``name``, in order, without what is no identifier."""
    found: list[UUID] = []
    for value in data.getlist(name)[:200]:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def prefilled(user: Any) -> dict[str, str]:
    """What is known of somebody who is signed in."""
    return {"name": user.name, "email": user.email} if user.is_authenticated else {}
