"""Workshops by choice: what always holds, and that nothing better exists."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concertations.allocating.rounds import NotEnoughSeats, Rounds, by_choice, choice_cost

WORKSHOPS = ("a", "b", "c", "d")
seeds = st.integers(0, 2**31)
choice_lists = st.lists(st.permutations(WORKSHOPS).flatmap(lambda order: st.integers(0, 3).map(lambda n: order[:n])))


@st.composite
def rooms(draw: st.DrawFn, *, people_at_most: int = 40) -> tuple[dict[str, list[str]], dict[str, int]]:
    """People with their choices, and four workshops with seats enough for all, some of them scarce."""
    chosen = draw(choice_lists)[:people_at_most]
    people = {f"p{number:02}": choices for number, choices in enumerate(chosen)}
    seats = {name: draw(st.integers(1, 12)) for name in WORKSHOPS}
    # Three of four for everybody: no workshop can give more seats than there are people.
    while sum(min(3 * number, len(people)) for number in seats.values()) < 3 * len(people):
        seats[min(seats, key=lambda name: seats[name])] += 1
    return people, seats


def seated(people: dict[str, list[str]], seats: dict[str, int], seed: int = 1) -> Rounds:
    return by_choice(people, seats=seats, rounds=3, seed=seed)


@given(rooms(), seeds)
def test_everybody_is_in_three_different_workshops(
    room: tuple[dict[str, list[str]], dict[str, int]], seed: int
) -> None:
    people, seats = room
    result = seated(people, seats, seed)
    assert {person: len(set(turns)) for person, turns in result.seats.items()} == dict.fromkeys(people, 3)


@given(rooms(), seeds)
def test_seats_are_respected_in_each_round_and_filled_alike(
    room: tuple[dict[str, list[str]], dict[str, int]], seed: int
) -> None:
    people, seats = room
    result = seated(people, seats, seed)
    for workshop in WORKSHOPS:
        filled = [len(result.of(workshop, turn)) for turn in range(3)]
        assert max(filled) <= seats[workshop]
        assert max(filled) - min(filled) in {0, 1}


@given(rooms(people_at_most=4), seeds)
def test_nothing_better_exists_on_small_cases(room: tuple[dict[str, list[str]], dict[str, int]], seed: int) -> None:
    people, seats = room
    result = seated(people, {name: min(number, 2) for name, number in seats.items()}, seed)
    assert result.cost == _least_cost(people, {name: min(number, 2) for name, number in seats.items()})


def _least_cost(people: dict[str, list[str]], seats: dict[str, int]) -> int:
    """Over all ways in which each person leaves one workshop out, those that the rooms can hold."""
    costs = []
    for ways in product(list(combinations(WORKSHOPS, 3)), repeat=len(people)):
        full = Counter(workshop for way in ways for workshop in way)
        if all(full[name] <= 3 * number for name, number in seats.items()):
            chosen = zip(people.values(), ways, strict=True)
            costs.append(sum(choice_cost(choices, name) for choices, way in chosen for name in way))
    return min(costs)


@given(rooms(), seeds)
def test_the_same_seed_gives_the_same_seats(room: tuple[dict[str, list[str]], dict[str, int]], seed: int) -> None:
    people, seats = room
    turned = dict(reversed(people.items()))
    assert seated(turned, seats, seed) == seated(people, seats, seed)


@given(rooms(), seeds)
def test_what_was_missed_is_counted(room: tuple[dict[str, list[str]], dict[str, int]], seed: int) -> None:
    people, seats = room
    result = seated(people, seats, seed)
    assert sum(result.missed.values()) == sum(1 for choices in people.values() if choices)
    missing = sum(set(choices) - set(result.seats[person]) != set() for person, choices in people.items())
    assert sum(number for missed, number in result.missed.items() if missed) == missing


def test_where_all_fits_everybody_has_the_best_three() -> None:
    people = {f"p{n:02}": list(WORKSHOPS[n % 4 :] + WORKSHOPS[: n % 4])[:3] for n in range(70)}
    result = seated(people, dict.fromkeys(WORKSHOPS, 18))
    assert result.missed == {0: 70}


def test_people_without_a_choice_spread() -> None:
    result = seated({f"p{n}": [] for n in range(8)}, dict.fromkeys(WORKSHOPS, 8))
    assert [len(result.of(workshop, turn)) for workshop in WORKSHOPS for turn in range(3)] == [2] * 12


def test_the_last_choice_gives_way_first() -> None:
    people = {"early": ["a", "b", "c"], "late": ["b", "c", "a"], "last": ["b", "a", "c"], "more": ["b", "c", "a"]}
    result = seated(people, {"a": 1, "b": 2, "c": 2, "d": 2})
    without_a = [person for person, turns in result.seats.items() if "a" not in turns]
    assert (len(without_a), set(without_a) <= {"late", "more"}) == (1, True)


def test_too_few_seats_are_said() -> None:
    with pytest.raises(NotEnoughSeats):
        seated({f"p{n}": [] for n in range(9)}, dict.fromkeys(WORKSHOPS, 2))


def test_too_few_workshops_are_said() -> None:
    with pytest.raises(NotEnoughSeats):
        by_choice({"p": []}, seats={"a": 9, "b": 9}, rounds=3, seed=1)


@pytest.mark.parametrize("choices", [["z"], ["a", "a"]])
def test_a_choice_is_a_workshop_named_once(choices: list[str]) -> None:
    with pytest.raises(ValueError, match="'p'"):
        seated({"p": choices}, dict.fromkeys(WORKSHOPS, 2))


def test_more_choices_than_rounds_win_nothing() -> None:
    three, four = (
        choice_cost(["a", "b", "c"], "d"),
        seated({"p": ["a", "b", "c", "d"]}, {"a": 0, "b": 1, "c": 1, "d": 1}),
    )
    assert four.cost == three + choice_cost(["a", "b"], "b") + choice_cost(["a", "b", "c"], "c")
