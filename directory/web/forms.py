"""What readers write: what is wrong, and what they did not find."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from basins.web.forms import plain_line
from directory.enums import MissedVerdict


class CorrectionForm(forms.Form):
    """“This is wrong”."""

    words = forms.CharField(
        label=_("What is wrong?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Write nothing about patients or other persons."),
        error_messages={"required": _("Say what is wrong.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_("Only if you want to know what became of it."),
        error_messages={"invalid": _("Write your e-mail address, for example name@service.be")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class MissingForm(forms.Form):
    """What was not found, told to the team of the basin."""

    title = forms.CharField(
        label=_("What is missing?"),
        max_length=200,
        help_text=_("In a few words, for example: psychologist at home, in Dutch"),
        error_messages={"required": _("Say in a few words what is missing.")},
    )
    words = forms.CharField(
        label=_("For whom, and what have you tried?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Write nothing about patients or other persons."),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_("Only if you want to know what became of it."),
        error_messages={"invalid": _("Write your e-mail address, for example name@service.be")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_title(self) -> str:
        return plain_line(self.cleaned_data["title"])


class VerdictForm(forms.Form):
    """What a colleague found out about a search without result."""

    verdict = forms.ChoiceField(
        label=_("Why was it not found?"),
        choices=MissedVerdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say why it was not found.")},
    )
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)
