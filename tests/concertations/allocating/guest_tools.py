"""Guests for properties, and the best seating found by looking at all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from hypothesis import strategies as st

from concertations.allocating.guests import Guest, Pair, account

SECTORS = ["health", "social", "youth", "housing", ""]
ORGANISATIONS = ["cpas", "maison-medicale", "mutualite", "one", "croix-rouge", ""]

guest_lists = st.lists(st.tuples(st.sampled_from(SECTORS), st.sampled_from(ORGANISATIONS)), max_size=26).map(
    lambda kinds: [Guest(f"g{number:02}", *kind) for number, kind in enumerate(kinds)]
)


@st.composite
def guests_who_met(draw: st.DrawFn, *, at_most: int = 26) -> tuple[list[Guest], set[Pair]]:
    """Some guests, and who of them sat together last time."""
    guests = draw(guest_lists)[:at_most]
    pairs = [frozenset((one.key, other.key)) for one, other in combinations(guests, 2)]
    return guests, set(draw(st.lists(st.sampled_from(pairs), max_size=12))) if pairs else set()


def crowd(number: int) -> list[Guest]:
    """A full room: some large organisations, many small ones, sectors of uneven size."""
    return [
        Guest(f"g{n:03}", SECTORS[n * n % 7 % 5], f"org{n % 3}" if n % 4 == 0 else f"org{n % 31}")
        for n in range(number)
    ]


def seatings(guests: Sequence[Guest], sizes: Sequence[int]) -> Iterator[list[list[Guest]]]:
    """Each way to fill tables of these sizes; the same one may come again with its tables in another order."""
    if not sizes:
        yield []
        return
    first, *others = guests
    for size in sorted(set(sizes)):
        left = list(sizes)
        left.remove(size)
        for mates in combinations(others, size - 1):
            rest = [guest for guest in others if guest not in mates]
            for tables in seatings(rest, left):
                yield [[first, *mates], *tables]


def least_cost(guests: Sequence[Guest], sizes: Sequence[int], met: set[Pair]) -> int:
    """The exact optimum."""
    return min(account(tables, met).cost for tables in seatings(guests, sizes))
