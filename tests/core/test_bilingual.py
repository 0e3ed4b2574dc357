"""Texts in two languages: which is shown, and whether it is said that it is the other one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils.translation import override

from core.bilingual import Text, both, current_language, other_language, text

FULL = SimpleNamespace(name_fr="Été", name_nl="Zomer")
FRENCH_ONLY = SimpleNamespace(name_fr="Été", name_nl="")
EMPTY = SimpleNamespace(name_fr="", name_nl=None)


@pytest.mark.parametrize(
    ("obj", "language", "expected"),
    [
        (FULL, "fr", Text("Été", "fr", is_fallback=False)),
        (FULL, "nl", Text("Zomer", "nl", is_fallback=False)),
        (FRENCH_ONLY, "nl", Text("Été", "fr", is_fallback=True)),
        (EMPTY, "nl", Text("", "nl", is_fallback=False)),
    ],
)
def test_the_text_in_a_language(obj: SimpleNamespace, language: str, expected: Text) -> None:
    assert text(obj, "name", language) == expected


def test_the_readers_language_is_taken_when_none_is_named() -> None:
    with override("nl"):
        assert str(text(FULL, "name")) == "Zomer"


@pytest.mark.parametrize(("active", "expected"), [("fr", "fr"), ("nl-be", "nl"), ("en", "fr"), (None, "fr")])
def test_who_reads_neither_language_gets_french(active: str | None, expected: str) -> None:
    with override(active):
        assert current_language() == expected


def test_an_empty_text_is_false() -> None:
    assert [bool(text(FULL, "name", "fr")), bool(text(EMPTY, "name", "fr"))] == [True, False]


def test_the_other_language() -> None:
    assert [other_language("fr"), other_language("nl")] == ["nl", "fr"]


def test_both_texts_for_the_api() -> None:
    assert both(EMPTY, "name") == {"fr": "", "nl": ""}


def said(source: str, obj: SimpleNamespace) -> str:
    with override("nl"):
        return Template("{% load bilingual %}" + source).render(Context({"obj": obj}))


def test_a_template_says_the_readers_text() -> None:
    assert said('{% say obj "name" %}', FULL) == "Zomer"


def test_a_template_marks_the_other_language() -> None:
    assert said('{% say obj "name" %}', FRENCH_ONLY) == '<span lang="fr">Été</span>'


@pytest.mark.parametrize("field", ["name_nl", "name_fr"])
def test_markup_in_a_text_is_escaped(field: str) -> None:
    obj = SimpleNamespace(**{"name_fr": "", "name_nl": "", field: "<b>"})
    assert "&lt;b&gt;" in said('{% say obj "name" %}', obj)


def test_a_template_names_the_language_of_a_text() -> None:
    assert said('{% said_in obj "name" %}', FRENCH_ONLY) == "fr"
