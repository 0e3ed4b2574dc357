"""Mixed tables: sectors and organisations as different as possible, and other people than last time.

Begins with a deal (alike people go to different tables), then swaps two people as long as that makes the seating
lighter, then shakes it a little and swaps again, a fixed number of times. So no better swap is left at the end, and
nothing hangs on the speed of the machine.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from concertations.allocating.guests import Account, Guest, Pair, account, check, pair_cost

SHAKES_AT_MOST = 200
WORK = 150_000  # of pairs looked at while shaking: some 30 shakes for 70 people
SWAPS_PER_SHAKE = 3
EMPTY_CHAIRS_TOGETHER = 10_000  # outweighs everything else: no table stays half empty beside full ones

Matrix = list[list[int]]


@dataclass(frozen=True, slots=True)
class Tables:
    """The keys of who sits at each table, and how good that is."""

    tables: tuple[tuple[str, ...], ...]
    account: Account


def table_count(people: int, size: int) -> int:
    """As few tables as do for tables of at most ``size``."""
    return -(-people // size)


def mix(guests: Iterable[Guest], *, size: int, seed: int, met: Collection[Pair] = frozenset()) -> Tables:
    """Seat everybody at tables of at most ``size``, whose sizes differ by one at most.

    ``met``: pairs who sat together last time. ``ValueError`` for a size below two or a guest named twice.
    """
    if size < 2:
        raise ValueError("A table has two seats at least.")
    guests = sorted(guests, key=lambda guest: guest.key)
    return seat(guests, tables=table_count(len(guests), size), seed=seed, met=met)


def seat(guests: Iterable[Guest], *, tables: int, seed: int, met: Collection[Pair] = frozenset()) -> Tables:
    """Seat everybody at so many tables, as evenly filled as can be; nothing hangs on the order people are named in."""
    guests = sorted(guests, key=lambda guest: guest.key)
    check(guests)
    if not guests or tables < 1:
        return Tables((), account([]))
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be unguessable
    cost = _matrix(guests, tables, met)
    best = _deal(guests, len(cost), tables, chance)
    _settle(cost, best, tables)
    weight = _weight(cost, best)
    for _ in range(min(SHAKES_AT_MOST, max(4, WORK // len(cost) ** 2))):
        if not weight:
            break
        tried = best.copy()
        for _ in range(SWAPS_PER_SHAKE):
            one, other = chance.randrange(len(cost)), chance.randrange(len(cost))
            tried[one], tried[other] = tried[other], tried[one]
        _settle(cost, tried, tables)
        if (now := _weight(cost, tried)) <= weight:
            best, weight = tried, now
    return _result(guests, best, tables, met)


def place(guest: Guest, tables: Sequence[Sequence[Guest]], *, size: int, met: Collection[Pair] = frozenset()) -> int:
    """At which table somebody who comes late sits best: where there is a seat, else at one of the smallest.

    Gives the index of the table. ``ValueError`` where there is none.
    """
    if not tables:
        raise ValueError("There is no table.")
    free = [index for index, table in enumerate(tables) if len(table) < size]
    smallest = min(len(table) for table in tables)
    candidates = free or [index for index, table in enumerate(tables) if len(table) == smallest]
    return min(
        candidates, key=lambda index: (sum(pair_cost(guest, each, met) for each in tables[index]), len(tables[index]))
    )


def _matrix(guests: Sequence[Guest], tables: int, met: Collection[Pair]) -> Matrix:
    """What each pair weighs. Empty chairs are guests too, so that moving to one is a swap like any other."""
    number = len(guests)
    chairs = tables * table_count(number, tables)
    cost = [[0] * chairs for _ in range(chairs)]
    for i in range(chairs):
        for j in range(i):
            if i < number:
                cost[i][j] = cost[j][i] = pair_cost(guests[i], guests[j], met)
            elif j >= number:
                cost[i][j] = cost[j][i] = EMPTY_CHAIRS_TOGETHER
    return cost


def _deal(guests: Sequence[Guest], chairs: int, tables: int, chance: random.Random) -> list[int]:
    """Like cards: sorted by likeness and dealt table by table, so that colleagues part."""
    order = list(range(len(guests)))
    chance.shuffle(order)
    order.sort(key=lambda index: (guests[index].sector, guests[index].organisation))
    table_of = [0] * chairs
    for turn, index in enumerate([*order, *range(len(guests), chairs)]):
        table_of[index] = turn % tables
    return table_of


def _settle(cost: Matrix, table_of: list[int], tables: int) -> None:
    """Swap two people of different tables while that makes the seating lighter; until no such two are left."""
    number = len(cost)
    load = [[0] * tables for _ in range(number)]  # what each would weigh at each table
    for i in range(number):
        for j, weight in enumerate(cost[i]):
            load[i][table_of[j]] += weight
    is_better = True
    while is_better:
        is_better = False
        for i in range(number):
            for j in range(i + 1, number):
                a, b = table_of[i], table_of[j]
                if a == b or load[i][a] + load[j][b] + 2 * cost[i][j] <= load[i][b] + load[j][a]:
                    continue
                table_of[i], table_of[j] = b, a
                for k in range(number):
                    change = cost[k][j] - cost[k][i]
                    load[k][a] += change
                    load[k][b] -= change
                is_better = True


def _weight(cost: Matrix, table_of: Sequence[int]) -> int:
    return sum(cost[i][j] for i, a in enumerate(table_of) for j, b in enumerate(table_of[:i]) if a == b)


def _result(guests: Sequence[Guest], table_of: Sequence[int], tables: int, met: Collection[Pair]) -> Tables:
    """In a fixed order: tables by their first guest, so that equal seatings look equal."""
    seated: list[list[Guest]] = [[] for _ in range(tables)]
    for guest, table in zip(guests, table_of, strict=False):  # the rest are empty chairs
        seated[table].append(guest)
    seated.sort(key=lambda table: table[0].key if table else "~")
    return Tables(tuple(tuple(guest.key for guest in table) for table in seated), account(seated, met))
