"""What is written on the pages of leaflets, kept lists and followed searches."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class KeeperForm(forms.Form):
    """The address under which something is kept."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send you a link. Your address serves for this alone; one click erases it."),
        error_messages={
            "required": _("Write your e-mail address, for example name@service.be"),
            "invalid": _("Write your e-mail address, for example name@service.be"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
