"""Widgets of our own say what the library's say."""

from __future__ import annotations

import pytest
from django import forms
from django.test.html import parse_html

from core.widgets import PlainSelect

CHOICES = [("", "Choose…"), ("a", "A & <b>"), ("b", "B")]


@pytest.mark.parametrize("value", ["", "b", "other", None])
def test_a_plain_select_is_the_library_s_select(value: str | None) -> None:
    attrs = {"id": "id_x", "required": True, "aria-invalid": "true"}

    ours = PlainSelect(choices=CHOICES).render("x", value, attrs)
    theirs = forms.Select(choices=CHOICES).render("x", value, attrs)

    assert parse_html(ours) == parse_html(theirs)
