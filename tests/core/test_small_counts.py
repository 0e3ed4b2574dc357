"""Counts under five are hidden, also where one could work them out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.small_counts import LIMIT, shown, without_small

COUNTS = st.dictionaries(st.integers(0, 30), st.integers(0, 40), max_size=12)


@pytest.mark.parametrize(("count", "expected"), [(None, None), (0, None), (1, None), (4, None), (5, 5), (131, 131)])
def test_a_count_alone(count: int | None, expected: int | None) -> None:
    assert shown(count) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, {}),
        ({"a": 5, "b": 9}, {"a": 5, "b": 9}),
        ({"a": 2, "b": 9, "c": 20}, {"a": None, "b": None, "c": 20}),  # 31 - 9 - 20 would tell
        ({"a": 2, "b": 4, "c": 20}, {"a": None, "b": None, "c": 20}),  # together six: which is which stays open
        ({"a": 1, "b": 1, "c": 20, "d": 30}, {"a": None, "b": None, "c": None, "d": 30}),
        ({"a": 0, "b": 0, "c": 7}, {"a": None, "b": None, "c": None}),  # 7 - 7 would say that both are zero
        ({"a": 3}, {"a": None}),
    ],
)
def test_the_parts_of_a_whole(counts: dict[str, int], expected: dict[str, int | None]) -> None:
    assert without_small(counts) == expected


def test_of_equals_the_first_is_hidden() -> None:
    assert without_small({"a": 8, "b": 8, "c": 1}) == {"a": None, "b": 8, "c": None}


@given(COUNTS)
def test_no_small_count_is_ever_shown(counts: dict[int, int]) -> None:
    assert all(count is None or count >= LIMIT for count in without_small(counts).values())


@given(COUNTS)
def test_total_less_what_is_shown_tells_nothing(counts: dict[int, int]) -> None:
    published = without_small(counts)
    hidden = [counts[key] for key, count in published.items() if count is None]

    is_all_hidden = len(hidden) == len(counts)
    assert hidden == [] or is_all_hidden or (len(hidden) >= 2 and sum(hidden) >= LIMIT)


@given(COUNTS)
def test_what_is_shown_is_true(counts: dict[int, int]) -> None:
    assert all(count in {None, counts[key]} for key, count in without_small(counts).items())
