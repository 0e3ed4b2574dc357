"""Groups A and B that swap subjects: two halves, alike in their mixture, each at mixed tables of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from concertations.allocating.guests import Account, Guest, Pair, account
from concertations.allocating.tables import mix, seat


@dataclass(frozen=True, slots=True)
class Halves:
    """The tables of A, then those of B; everybody keeps the table while the subjects change."""

    first: tuple[tuple[str, ...], ...]
    second: tuple[tuple[str, ...], ...]
    account: Account


def halve(guests: Iterable[Guest], *, size: int, seed: int, met: Collection[Pair] = frozenset()) -> Halves:
    """Split everybody in two, then each half into tables of at most ``size``. ``ValueError`` as ``tables.mix``."""
    by_key = {guest.key: guest for guest in guests}
    parts = seat(by_key.values(), tables=2, seed=seed).tables
    tables = [mix((by_key[key] for key in part), size=size, seed=seed, met=met).tables for part in parts]
    first, second = tables or ((), ())
    whole = account(([by_key[key] for key in table] for table in (*first, *second)), met)
    return Halves(first, second, whole)
