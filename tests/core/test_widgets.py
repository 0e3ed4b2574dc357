"""Inputs written in one go say what the library's templates say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from core.widgets import PlainRenderer

CHOICES = [("", "Choose…"), ("a", "A & <b>"), ("b", "B"), ("Group <1>", [("c", "C"), ("d", "D")])]
ATTRS = {"id": "id_x", "required": True, "aria-invalid": "true", "data-x": '"<&>"', "disabled": False}
HOSTILE = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.TextInput(), None),
        (forms.TextInput(), HOSTILE),
        (forms.EmailInput(), "a@b.example"),
        (forms.NumberInput(), 3),
        (forms.NumberInput(), 0),
        (forms.HiddenInput(), ""),
        (forms.PasswordInput(), "secret"),
        (forms.CheckboxInput(), True),
        (forms.CheckboxInput(), False),
        (forms.DateInput(), dt.date(2026, 11, 22)),
        (forms.TimeInput(), dt.time(9, 0)),
        (forms.URLInput(), "https://example.org/?a=1&b=2"),
        (forms.Textarea(), HOSTILE),
        (forms.Textarea(), None),
        (forms.Select(choices=CHOICES), ""),
        (forms.Select(choices=CHOICES), "b"),
        (forms.Select(choices=CHOICES), "d"),
        (forms.Select(choices=CHOICES), "other"),
        (forms.Select(choices=CHOICES), None),
        (forms.RadioSelect(choices=CHOICES), "a"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, forms.Widget) else repr(value)[:20],
)
def test_each_widget_is_the_library_s_own(widget: forms.Widget, value: Any) -> None:
    ours = widget.render("x", value, ATTRS, renderer=PlainRenderer())

    theirs = widget.render("x", value, ATTRS, renderer=DjangoTemplates())
    assert parse_html(ours) == parse_html(theirs)
    assert HOSTILE not in ours


def test_it_renders_the_forms_of_the_site() -> None:
    class Form(forms.Form):
        name = forms.CharField()

    assert isinstance(Form().renderer, PlainRenderer)
