"""Mixed tables: what always holds, and how close to the best they come."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concertations.allocating.guests import Guest, Pair, account, pair_cost
from concertations.allocating.tables import mix, place, seat, table_count
from tests.concertations.allocating.guest_tools import crowd, guest_lists, guests_who_met, least_cost

seeds = st.integers(0, 2**31)
sizes = st.integers(2, 8)


@given(guest_lists, sizes, seeds)
def test_everybody_sits_once(guests: list[Guest], size: int, seed: int) -> None:
    seated = [key for table in mix(guests, size=size, seed=seed).tables for key in table]
    assert sorted(seated) == [guest.key for guest in guests]


@given(guest_lists, sizes, seeds)
def test_no_table_has_more_seats_and_all_are_filled_alike(guests: list[Guest], size: int, seed: int) -> None:
    filled = [len(table) for table in mix(guests, size=size, seed=seed).tables]
    assert len(filled) == table_count(len(guests), size)
    assert max(filled, default=0) <= size
    assert max(filled, default=0) - min(filled, default=0) in {0, 1}


@given(guests_who_met(), sizes, seeds)
def test_no_swap_between_two_tables_is_better(
    guests_and_met: tuple[list[Guest], set[Pair]], size: int, seed: int
) -> None:
    guests, met = guests_and_met
    result = mix(guests, size=size, seed=seed, met=met)
    by_key = {guest.key: guest for guest in guests}
    tables = [[by_key[key] for key in table] for table in result.tables]
    for a, b in product(range(len(tables)), repeat=2):
        if a < b:
            assert _best_swap(tables[a], tables[b], met) >= 0


def _best_swap(one: list[Guest], other: list[Guest], met: set[Pair]) -> int:
    """What the best swap of two people changes, counted from scratch; moving to a free seat is one."""
    before = account([one, other], met).cost
    swaps = [([*(x for x in one if x != p), q], [*(x for x in other if x != q), p]) for p, q in product(one, other)]
    if len(one) > len(other):
        swaps += [([x for x in one if x != p], [*other, p]) for p in one]
    if len(other) > len(one):
        swaps += [([*one, q], [x for x in other if x != q]) for q in other]
    return min(account(swap, met).cost for swap in swaps) - before


@given(guests_who_met(at_most=9), st.integers(2, 4), seeds)
def test_small_rooms_are_seated_as_well_as_can_be(
    guests_and_met: tuple[list[Guest], set[Pair]], size: int, seed: int
) -> None:
    guests, met = guests_and_met
    result = mix(guests, size=size, seed=seed, met=met)
    best = least_cost(guests, [len(table) for table in result.tables], met)
    assert result.account.cost == best


@given(guests_who_met(), sizes, seeds)
def test_the_same_seed_gives_the_same_seats_in_whatever_order_people_come(
    guests_and_met: tuple[list[Guest], set[Pair]], size: int, seed: int
) -> None:
    guests, met = guests_and_met
    once = mix(guests, size=size, seed=seed, met=met)
    assert mix(guests[::-1], size=size, seed=seed, met=met) == once


@given(guests_who_met(), sizes, seeds)
def test_what_is_counted_is_what_can_be_counted_anew(
    guests_and_met: tuple[list[Guest], set[Pair]], size: int, seed: int
) -> None:
    guests, met = guests_and_met
    result = mix(guests, size=size, seed=seed, met=met)
    by_key = {guest.key: guest for guest in guests}
    tables = [[by_key[key] for key in table] for table in result.tables]
    assert result.account.cost == sum(
        pair_cost(one, other, met) for table in tables for n, one in enumerate(table) for other in table[:n]
    )
    assert result.account.organisation_pairs >= result.account.organisation_at_least
    assert result.account.sector_pairs >= result.account.sector_at_least


def test_another_seed_gives_other_seats() -> None:
    seatings = {mix(crowd(40), size=4, seed=seed).tables for seed in range(5)}
    assert len(seatings) == 5


def test_colleagues_of_a_full_room_are_parted() -> None:
    result = mix(crowd(70), size=4, seed=1)
    assert result.account.organisation_pairs == result.account.organisation_at_least == 0


def test_people_sit_with_others_than_last_time() -> None:
    guests = crowd(40)
    last = mix(guests, size=4, seed=1)
    met = {frozenset((one, other)) for table in last.tables for one in table for other in table if one != other}
    assert mix(guests, size=4, seed=1, met=met).account.met_pairs == 0


def test_more_colleagues_than_tables_are_spread_evenly() -> None:
    guests = [Guest(f"g{n}", "social", "cpas") for n in range(5)] + [Guest(f"h{n}") for n in range(4)]
    result = seat(guests, tables=3, seed=7)
    assert (result.account.organisation_pairs, result.account.organisation_at_least) == (2, 2)


def test_nobody_needs_no_table() -> None:
    assert mix([], size=4, seed=1).tables == ()


def test_a_table_for_one_is_none() -> None:
    with pytest.raises(ValueError, match="two seats"):
        mix(crowd(4), size=1, seed=1)


def test_nobody_is_seated_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        mix([Guest("a"), Guest("a")], size=4, seed=1)


def test_who_comes_late_sits_where_nobody_is_alike() -> None:
    colleague, stranger = Guest("a", "social", "cpas"), Guest("b", "health", "clinic")
    assert place(Guest("late", "social", "cpas"), [[colleague], [stranger]], size=4) == 1


def test_who_comes_late_takes_a_free_seat_before_a_better_company() -> None:
    full, free = [Guest("a"), Guest("b")], [Guest("c", "social", "cpas")]
    assert place(Guest("late", "social", "cpas"), [full, free], size=2) == 1


def test_where_all_are_full_the_smallest_table_takes_one_more() -> None:
    assert place(Guest("late"), [[Guest("a"), Guest("b"), Guest("c")], [Guest("d"), Guest("e")]], size=2) == 1


def test_without_tables_nobody_can_be_placed() -> None:
    with pytest.raises(ValueError, match="no table"):
        place(Guest("late"), [], size=4)
