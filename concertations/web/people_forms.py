"""What somebody fills in who comes: to one meeting, or to a community of practice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from basins.enums import Sector
from concertations.enums import Meal
from concertations.models import Meeting, Participant, Registration
from concertations.rules.registering import Person, Wishes
from core.widgets import KeptSelect

TEXT_AT_MOST = 2000


def sectors() -> list[tuple[str, Any]]:
    """The fields of work, with an empty first choice."""
    return [("", _("Choose…")), *Sector.choices]


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PersonForm(forms.Form):
    """Who comes."""

    name = forms.CharField(
        label=_("First name and name"),
        max_length=120,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    role = forms.CharField(
        label=_("Your function"),
        max_length=120,
        error_messages={"required": _("Write your function, for example nurse or coordinator.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=160,
        required=False,
        help_text=_("Leave it empty if you work on your own."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    sector = forms.ChoiceField(
        label=_("Your field of work"),
        choices=sectors,
        error_messages={
            "required": _("Choose your field of work: so that the tables are mixed."),
            "invalid_choice": _("Choose from the list."),
        },
        widget=KeptSelect,
    )

    def person(self, language: str, *, email: str = "") -> Person:
        """Who it is, from what is valid."""
        data = self.cleaned_data
        return Person(
            name=data["name"],
            email=data.get("email", email),
            language=language,
            role=data["role"],
            sector=data["sector"],
            organisation=data["organisation"],
        )


class AddressForm(forms.Form):
    """The mail address, which is asked once."""

    email = forms.EmailField(
        label=_("Work e-mail"),
        max_length=254,
        error_messages={
            "required": _("Write your e-mail address, for example name@service.be"),
            "invalid": _("Write your e-mail address, for example name@service.be"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        """In lower case, as it is stored."""
        return str(self.cleaned_data["email"]).lower()


class WishesForm(forms.Form):
    """What somebody says of one meeting; what the meeting does not have is not asked."""

    motivation = forms.CharField(
        label=_("What brings you here?"), required=False, max_length=TEXT_AT_MOST, widget=_area(2)
    )
    expectations = forms.CharField(
        label=_("What do you expect of the meeting?"), required=False, max_length=TEXT_AT_MOST, widget=_area(2)
    )
    meal = forms.ChoiceField(
        label=_("Meal"),
        choices=[("", _("Choose…")), *Meal.choices],
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
        widget=KeptSelect,
    )
    access_needs = forms.CharField(
        label=_("What helps you take part?"),
        required=False,
        max_length=TEXT_AT_MOST,
        help_text=_("Wheelchair access, an interpreter, a diet: only the team reads it, and it is erased afterwards."),
        widget=_area(2),
    )
    at_distance = forms.BooleanField(label=_("I take part at a distance"), required=False)

    def shape(self, meeting: Meeting) -> None:
        """Leave out what the meeting does not have."""
        if not meeting.meal_offered:
            del self.fields["meal"]
        if not meeting.online_url:
            del self.fields["at_distance"]

    def wishes(self) -> Wishes:
        """What was said, from what is valid."""
        data = self.cleaned_data
        return Wishes(
            motivation=data["motivation"],
            expectations=data["expectations"],
            meal=data.get("meal", ""),
            access_needs=data["access_needs"],
            at_distance=data.get("at_distance", False),
        )


class RegisterForm(WishesForm, AddressForm, PersonForm):
    """Who comes, and what they say of the meeting."""

    wait = forms.BooleanField(
        label=_("Put me on the waiting list"),
        required=False,
        help_text=_("As soon as a seat comes free we offer it to you by mail."),
    )

    field_order = [
        *("wait", "name", "role", "organisation", "sector", "email"),
        *("at_distance", "meal", "motivation", "expectations", "access_needs"),
    ]

    def __init__(self, *args: Any, meeting: Meeting, is_full: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape(meeting)
        if not is_full:
            del self.fields["wait"]


class ChangeForm(WishesForm, PersonForm):
    """What was said, to be changed by the link in the mail."""

    field_order = [
        *("name", "role", "organisation", "sector"),
        *("at_distance", "meal", "motivation", "expectations", "access_needs"),
    ]

    def __init__(self, data: Any = None, *, row: Registration) -> None:
        said = {name: getattr(row, name) for name in WishesForm.base_fields}
        super().__init__(data, initial=said | known_of(row.participant))
        self.shape(row.meeting)


class ApplyForm(AddressForm, PersonForm):
    """Somebody would like to be a member of a community of practice."""

    motivation = forms.CharField(
        label=_("Why would you like to join?"),
        max_length=TEXT_AT_MOST,
        error_messages={"required": _("Say in a few words why you would like to join.")},
        widget=_area(),
    )
    expectations = forms.CharField(
        label=_("What do you hope to find, and to bring?"), required=False, max_length=TEXT_AT_MOST, widget=_area()
    )
    wants_to_moderate = forms.BooleanField(
        label=_("I would like to lead the group, together with somebody else"), required=False
    )

    field_order = [
        *("name", "role", "organisation", "sector", "email"),
        *("motivation", "expectations", "wants_to_moderate"),
    ]


class DoorForm(forms.Form):
    """The one line at the door."""

    who = forms.CharField(
        label=_("Your e-mail address, or the reference of your registration"),
        max_length=254,
        error_messages={"required": _("Write the address you registered with, or the reference in your mail.")},
        widget=forms.TextInput(attrs={"autocomplete": "email", "autocapitalize": "off", "spellcheck": "false"}),
    )


def known_of(participant: Participant) -> dict[str, str]:
    """What a form is filled with, of somebody who is known."""
    return {name: getattr(participant, name) for name in PersonForm.base_fields}


def prefilled(user: Any) -> dict[str, str]:
    """The same of somebody who is signed in."""
    return {"name": user.name, "email": user.email} if user.is_authenticated else {}
