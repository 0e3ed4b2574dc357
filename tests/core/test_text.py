"""Folding for search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import fold


@pytest.mark.parametrize(
    ("words", "folded"),
    [
        ("Équipe  Mobile", "equipe mobile"),
        ("L’Amarrage\u00a0asbl", "l'amarrage asbl"),
        ("GROẞE Straße", "grosse strasse"),
        ("  \t\n", ""),
        ("ﬁn", "fin"),
    ],
)
def test_folding(words: str, folded: str) -> None:
    assert fold(words) == folded


@given(st.text())
def test_spaces_and_case_make_no_difference(words: str) -> None:
    assert fold(f"  {words} ") == fold(words)
