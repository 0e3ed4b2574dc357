"""Numbers of all records, bit by bit: adding and sorting them gives what adding and sorting one by one gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from directory.search.planes import best, bits_of, patched, places_of, planes_of, points_of, summed

numbers = st.lists(st.integers(0, 2**20), max_size=60)
places = st.sets(st.integers(0, 20_000), max_size=80)


def values_of(planes: tuple[int, ...], size: int) -> list[int]:
    return [sum((plane >> place & 1) << bit for bit, plane in enumerate(planes)) for place in range(size)]


@given(places, st.integers(0, 90), st.integers(0, 90))
def test_places_come_in_their_order_from_anywhere(chosen: set[int], skip: int, number: int) -> None:
    assert places_of(bits_of(chosen), skip, number) == sorted(chosen)[skip : skip + number]


@given(numbers)
def test_planes_hold_the_numbers(values: list[int]) -> None:
    assert values_of(planes_of(values), len(values)) == values


@given(numbers, st.dictionaries(st.integers(0, 59), st.integers(0, 2**22), max_size=10))
def test_some_numbers_can_be_replaced(values: list[int], changed: dict[int, int]) -> None:
    expected = [changed.get(place, value) for place, value in enumerate([*values, *[0] * (60 - len(values))])]
    assert values_of(patched(planes_of(values), changed), 60) == expected


@given(st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 600)), max_size=60), st.integers(0, 17))
def test_numbers_are_added(pairs: list[tuple[int, int]], shift: int) -> None:
    one, other = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    expected = [first + (second << shift) for first, second in pairs]
    assert values_of(summed(planes_of(one), planes_of(other), shift), len(pairs)) == expected


@given(st.lists(st.tuples(st.sets(st.integers(0, 30)), st.integers(0, 30)), max_size=8))
def test_each_set_gives_its_points(given_points: list[tuple[set[int], int]]) -> None:
    expected = [sum(points for chosen, points in given_points if place in chosen) for place in range(31)]
    assert values_of(points_of((bits_of(chosen), points) for chosen, points in given_points), 31) == expected


@given(st.lists(st.integers(0, 12), max_size=60), st.sets(st.integers(0, 59)), st.integers(0, 60), st.integers(1, 20))
def test_the_best_come_first_and_equals_by_their_place(
    values: list[int], chosen: set[int], skip: int, number: int
) -> None:
    among = [place for place in chosen if place < len(values)]
    expected = sorted(among, key=lambda place: (-values[place], place))[skip : skip + number]
    assert best(bits_of(among), planes_of(values), skip, number) == expected
