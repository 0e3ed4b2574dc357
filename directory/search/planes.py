"""One number for each record, kept bit by bit, so that all of them are added up and compared at once.

A set of records is a whole number with a bit per record (:data:`Bits`). A number per record is a row of such sets, the
least significant bit first (:data:`Planes`). Adding to 100,000 numbers takes a handful of operations per bit, and the
best twenty are found by halving, wherever the page begins: nothing is sorted, and a page far behind costs what the
first costs.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import TypeAlias

Bits: TypeAlias = int
Planes: TypeAlias = tuple[Bits, ...]

CHUNK = 512  # bytes looked at together on the way to a bit far behind
# For each bit of a byte: "1" where it is set, "0" where not.
_DIGITS = [bytes(ord("1") if value >> bit & 1 else ord("0") for value in range(256)) for bit in range(8)]


def bits_of(places: Iterable[int]) -> Bits:
    """The set of these places."""
    listed = list(places)
    if not listed:
        return 0
    table = bytearray(max(listed) // 8 + 1)
    for place in listed:
        table[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(table, "little")


def places_of(bits: Bits, skip: int, number: int) -> list[int]:
    """``number`` places of a set in their order, after the first ``skip``."""
    table = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    found: list[int] = []
    for start in range(0, len(table), CHUNK):
        chunk = int.from_bytes(table[start : start + CHUNK], "little")
        count = chunk.bit_count()
        if count <= skip:
            skip -= count
            continue
        while chunk and len(found) < number:
            lowest = chunk & -chunk
            chunk ^= lowest
            if skip:
                skip -= 1
            else:
                found.append(start * 8 + lowest.bit_length() - 1)
        if len(found) == number:
            break
    return found


def planes_of(values: Sequence[int]) -> Planes:
    """The planes of a number below 2³² for each place."""
    table = array("I", values)
    if sys.byteorder == "big":
        table.byteswap()
    data, size = table.tobytes(), table.itemsize
    width = max(values, default=0).bit_length()
    return tuple(int(data[bit // 8 :: size].translate(_DIGITS[bit % 8])[::-1], 2) for bit in range(width))


def patched(planes: Planes, changed: Mapping[int, int]) -> Planes:
    """The planes with other numbers at some places."""
    keep = ~bits_of(changed)
    width = max(len(planes), max(changed.values(), default=0).bit_length())
    return tuple(
        plane & keep | bits_of(place for place, value in changed.items() if value >> bit & 1)
        for plane, bit in zip_longest(planes, range(width), fillvalue=0)
    )


def summed(one: Sequence[Bits], other: Sequence[Bits], shift: int = 0) -> Planes:
    """``one + other * 2**shift``, for each place."""
    made, carry = [], 0
    for mine, yours in zip_longest(one, (*(0 for _ in range(shift)), *other), fillvalue=0):
        if not yours and not carry:
            made.append(mine)
            continue
        differ = mine ^ yours
        made.append(differ ^ carry)
        carry = mine & yours | differ & carry
    return (*made, carry) if carry else tuple(made)


def points_of(given: Iterable[tuple[Bits, int]]) -> Planes:
    """The sum of points: each set gives its number to those in it."""
    made: Planes = ()
    for bits, points in given:
        if bits:
            made = summed(made, [bits if points >> bit & 1 else 0 for bit in range(points.bit_length())])
    return made


def best(bits: Bits, planes: Planes, skip: int, number: int) -> list[int]:
    """``number`` places of a set by their numbers, the highest first, after the first ``skip``.

    Equal numbers stand in the order of their places.
    """
    found: list[int] = []
    waiting = [(bits, len(planes))]
    while waiting and len(found) < number:
        some, level = waiting.pop()
        count = some.bit_count()
        if count <= skip:
            skip -= count
        elif level and count > 1:
            high = some & planes[level - 1]
            waiting += [(some ^ high, level - 1), (high, level - 1)]
        else:
            found += places_of(some, skip, number - len(found))
            skip = 0
    return found
