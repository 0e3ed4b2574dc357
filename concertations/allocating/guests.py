"""Who is to be seated, and what weighs against seating two people together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

# What one pair at a table weighs. Colleagues see each other every day; who sat together last time has talked already;
# a shared sector is the mildest of the three, and of a third one at the table there are three pairs.
SAME_ORGANISATION, SAT_TOGETHER, SAME_SECTOR = 6, 3, 2

Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Guest:
    """A person to be seated. Empty ``sector`` and ``organisation`` are unknown: they are nobody's likeness."""

    key: str
    sector: str = ""
    organisation: str = ""


def check(guests: Sequence[Guest]) -> None:
    """``ValueError`` where somebody would be seated twice."""
    if len({guest.key for guest in guests}) < len(guests):
        raise ValueError("A guest is named twice.")


def pair_cost(one: Guest, other: Guest, met: Collection[Pair] = frozenset()) -> int:
    """What it weighs to seat these two together; 0 where they share nothing."""
    return (
        SAME_ORGANISATION * (one.organisation == other.organisation != "")
        + SAT_TOGETHER * (frozenset((one.key, other.key)) in met)
        + SAME_SECTOR * (one.sector == other.sector != "")
    )


@dataclass(frozen=True, slots=True)
class Account:
    """How alike those are who sit together: pairs counted, and how few pairs there could be at best.

    The ``…_at_least`` are lower bounds: ``n`` colleagues at ``t`` tables share at least as many as when they are
    spread evenly. No seating goes below; not every one can reach all bounds at once.
    """

    organisation_pairs: int
    organisation_at_least: int
    sector_pairs: int
    sector_at_least: int
    met_pairs: int

    @property
    def cost(self) -> int:
        """The weight of the whole seating."""
        return (
            SAME_ORGANISATION * self.organisation_pairs
            + SAT_TOGETHER * self.met_pairs
            + SAME_SECTOR * self.sector_pairs
        )


def account(tables: Iterable[Sequence[Guest]], met: Collection[Pair] = frozenset()) -> Account:
    """What can be said of this seating, however it came about."""
    tables = [list(table) for table in tables]
    everybody = [guest for table in tables for guest in table]
    pairs = [pair for table in tables for pair in combinations(table, 2)]
    return Account(
        organisation_pairs=sum(one.organisation == other.organisation != "" for one, other in pairs),
        organisation_at_least=_at_least((guest.organisation for guest in everybody), len(tables)),
        sector_pairs=sum(one.sector == other.sector != "" for one, other in pairs),
        sector_at_least=_at_least((guest.sector for guest in everybody), len(tables)),
        met_pairs=sum(frozenset((one.key, other.key)) in met for one, other in pairs),
    )


def _at_least(kinds: Iterable[str], tables: int) -> int:
    """Pairs of one kind that no seating at so many tables avoids: spread evenly there are fewest."""
    pairs = 0
    for kind, number in Counter(kinds).items():
        if kind and tables:
            share, larger = divmod(number, tables)
            pairs += larger * (share + 1) * share // 2 + (tables - larger) * share * (share - 1) // 2
    return pairs
