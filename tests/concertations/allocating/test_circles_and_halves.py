"""Pair rounds and swapping halves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concertations.allocating.circles import Circles, pair_up, rounds_at_most
from concertations.allocating.guests import Guest
from concertations.allocating.halves import halve
from tests.concertations.allocating.guest_tools import crowd, guest_lists

seeds = st.integers(0, 2**31)


def all_rounds(guests: list[Guest], seed: int) -> Circles:
    return pair_up(guests, rounds=rounds_at_most(len(guests)), seed=seed)


@given(guest_lists, seeds)
def test_everybody_stands_once_in_each_round(guests: list[Guest], seed: int) -> None:
    keys = sorted(guest.key for guest in guests)
    for turn in all_rounds(guests, seed).rounds:
        assert sorted(key for pair in turn for key in pair if key) == keys


@given(guest_lists, seeds)
def test_nobody_meets_the_same_person_twice_nor_rests_twice(guests: list[Guest], seed: int) -> None:
    met = [frozenset(pair) for turn in all_rounds(guests, seed).rounds for pair in turn]
    assert len(set(met)) == len(met)


@given(guest_lists, seeds)
def test_the_outer_circle_moves_on_by_one_place(guests: list[Guest], seed: int) -> None:
    circles = all_rounds(guests, seed)
    for number, turn in enumerate(circles.rounds):
        moved = circles.outer[-number:] + circles.outer[:-number] if number else circles.outer
        assert turn == tuple(zip(circles.inner, moved, strict=True))


@given(guest_lists, seeds)
def test_the_same_seed_gives_the_same_pairs(guests: list[Guest], seed: int) -> None:
    assert all_rounds(guests[::-1], seed) == all_rounds(guests, seed)


def test_colleagues_are_kept_apart_by_standing_in_one_circle() -> None:
    guests = [Guest(f"g{n}", "social", f"org{n // 3}") for n in range(12)]
    assert all_rounds(guests, 1).alike == 0


def test_more_rounds_than_people_to_meet_are_refused() -> None:
    with pytest.raises(ValueError, match="More rounds"):
        pair_up(crowd(4), rounds=3, seed=1)


@given(guest_lists, st.integers(2, 6), seeds)
def test_each_half_has_everybody_once_and_half_of_all(guests: list[Guest], size: int, seed: int) -> None:
    halves = halve(guests, size=size, seed=seed)
    first, second = ([key for table in half for key in table] for half in (halves.first, halves.second))
    assert sorted([*first, *second]) == sorted(guest.key for guest in guests)
    assert abs(len(first) - len(second)) in {0, 1}


def test_both_halves_are_mixed_alike() -> None:
    guests = crowd(40)
    halves = halve(guests, size=4, seed=3)
    first = {key for table in halves.first for key in table}
    for sector in {guest.sector for guest in guests}:
        keys = {guest.key for guest in guests if guest.sector == sector}
        assert abs(len(keys & first) - len(keys - first)) <= 2
