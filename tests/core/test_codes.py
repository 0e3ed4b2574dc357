"""Codes for the phone."""

from __future__ import annotations

from core.codes import ALPHABET, spoken_code


def test_no_character_looks_like_another() -> None:
    assert set("01IO") & set(ALPHABET) == set()
    assert len(set(ALPHABET)) == len(ALPHABET) == 32


def test_a_code_has_the_length_asked_for_and_known_characters() -> None:
    assert [len(spoken_code()), len(spoken_code(12))] == [8, 12]
    assert set(spoken_code(200)) <= set(ALPHABET)


def test_codes_differ() -> None:
    assert len({spoken_code() for _number in range(1000)}) == 1000
