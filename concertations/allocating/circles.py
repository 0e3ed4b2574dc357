"""Pair rounds for the ice-breaker: two circles face each other, the outer one moves on by a place every two minutes.

Those of one circle never meet, so colleagues stand in the same one as far as the circles go.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from concertations.allocating.guests import Guest, Pair, check, pair_cost

TRIES = 40


@dataclass(frozen=True, slots=True)
class Circles:
    """``inner[i]`` and ``outer[i]`` face each other first; each round ``outer`` moves by one place.

    Where the number is odd one place inside is empty (``""``): whoever stands before it takes a break.
    ``rounds``: the pairs of each round, place by place. ``alike``: how many of these pairs are colleagues.
    """

    inner: tuple[str, ...]
    outer: tuple[str, ...]
    rounds: tuple[tuple[tuple[str, str], ...], ...]
    alike: int


def rounds_at_most(people: int) -> int:
    """After so many rounds everybody of a circle has met everybody of the other one."""
    return -(-people // 2)


def pair_up(guests: Iterable[Guest], *, rounds: int, seed: int, met: Collection[Pair] = frozenset()) -> Circles:
    """Pairs of different people in each of ``rounds`` rounds, nobody twice with the same.

    ``ValueError`` for more rounds than :func:`rounds_at_most`, or a guest named twice.
    """
    guests = sorted(guests, key=lambda guest: guest.key)
    check(guests)
    if rounds > rounds_at_most(len(guests)):
        raise ValueError("More rounds than people to meet.")
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be unguessable
    by_key = {guest.key: guest for guest in guests}
    outer, inner = _circles(guests, chance)
    best: tuple[int, list[list[tuple[str, str]]], list[str], list[str]] | None = None
    for _ in range(TRIES):
        chance.shuffle(outer)
        chance.shuffle(inner)
        turns = [_turn(inner, outer, number) for number in range(rounds)]
        weight = sum(
            pair_cost(by_key[one], by_key[other], met) for turn in turns for one, other in turn if one and other
        )
        if best is None or weight < best[0]:
            best = weight, turns, inner.copy(), outer.copy()
        if not weight:
            break
    assert best is not None  # noqa: S101 - TRIES is not zero
    _, turns, inner, outer = best
    alike = sum(
        by_key[one].organisation == by_key[other].organisation != ""
        for turn in turns
        for one, other in turn
        if one and other
    )
    return Circles(tuple(inner), tuple(outer), tuple(tuple(turn) for turn in turns), alike)


def _turn(inner: Sequence[str], outer: Sequence[str], number: int) -> list[tuple[str, str]]:
    return [(one, outer[(place - number) % len(outer)]) for place, one in enumerate(inner)]


def _circles(guests: Sequence[Guest], chance: random.Random) -> tuple[list[str], list[str]]:
    """Two circles of equal size (an empty place inside where the number is odd): organisation by organisation, the
    largest first, each to the circle with more room; the last one is cut where it must be."""
    by_organisation: dict[str, list[str]] = defaultdict(list)
    for guest in guests:
        by_organisation[guest.organisation or f"\0{guest.key}"].append(guest.key)
    groups = list(by_organisation.values())
    chance.shuffle(groups)
    groups.sort(key=len, reverse=True)
    places = rounds_at_most(len(guests))
    circles: tuple[list[str], list[str]] = ([], [])
    room = [places, len(guests) - places]
    for group in groups:
        wider = 0 if room[0] >= room[1] else 1
        for key in group:
            here = wider if room[wider] else 1 - wider
            circles[here].append(key)
            room[here] -= 1
    circles[1].extend([""] * (places - len(circles[1])))
    return circles
