"""Names alike at a postcode: the same are found where few stand and where thousands do, without comparing them all."""

from __future__ import annotations

from typing import Any

import pytest
from rapidfuzz import process

from directory.rules import importing_spots
from directory.rules.importing_spots import COMPARED_AT_MOST, Spot, spots_of

WORDS = "accueil soin ecoute aide sante quartier famille logement droits langue".split()


def spot(size: int) -> Spot:
    """Names of three words and a number, and one that is none of them."""
    made = Spot()
    for number in range(size):
        words = (WORDS[number % 10], WORDS[number // 10 % 10], WORDS[number // 100 % 10])
        made.add(number, [f"{' '.join(words)} {number}"])
    made.add(-1, ["maison medicale du gue"])
    return made


@pytest.mark.parametrize("size", [20, 3000])
@pytest.mark.parametrize(
    "name", ["maison medicale du gue", "du gue maison medicale", "maison medical du gue", "maisson medicale gue"]
)
def test_a_name_alike_is_found_among_few_and_among_thousands(size: int, name: str) -> None:
    assert [key for key, _percent in spot(size).alike(name)] == [-1]


def test_the_same_name_is_found_where_all_begin_alike() -> None:
    made = Spot()
    for number in range(3000):
        made.add(number, [f"service social {number}"])
    assert made.alike("service social 2711")[0] == (2711, 100)


def test_what_is_like_nothing_finds_nothing() -> None:
    assert spot(3000).alike("xyzzy") == []


@pytest.mark.parametrize("size", [1000, 5000])
def test_a_name_is_compared_with_some_hundreds_at_most(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    compared: list[int] = []
    own: Any = process.extract

    def extract(name: str, names: list[str], **options: Any) -> Any:
        compared.append(len(names))
        return own(name, names, **options)

    monkeypatch.setattr(importing_spots.process, "extract", extract)
    made = spot(size)
    for name in ("accueil soin aide", "langue", "maison medicale du gue", "logement 977"):
        made.alike(name)
    assert max(compared) <= COMPARED_AT_MOST


def test_a_record_with_two_places_at_a_postcode_stands_there_once() -> None:
    found = spots_of([(1, "1040"), (1, "1040"), (2, "1050"), (3, "1040")], {1: ["le gue"], 2: ["le gue"]})
    assert {code: (each.names, each.keys) for code, each in found.items()} == {
        "1040": (["le gue"], [1]),
        "1050": (["le gue"], [2]),
    }
