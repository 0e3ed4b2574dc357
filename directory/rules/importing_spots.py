"""Names at a postcode, and those of them that are spelt alike.

Where few stand, each is compared with each. Where thousands do, that would make an import of a long list into a large
directory grow with the product of both; there a name is compared with those that share the beginning or the end of one
of its words, the rarest first, and never with more than a few hundred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

ALIKE = 90  # of 100, for names at the same postcode, or of the same organisation
MOST_PROPOSED = 3
COMPARED_AT_MOST = 400
ENDS = 4  # letters


@dataclass(slots=True)
class Spot:
    """What stands at one postcode: names as they are compared, and the primary key that each belongs to."""

    names: list[str] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    there: set[int] = field(default_factory=set)
    _by_end: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: int, names: Iterable[str]) -> None:
        for name in names:
            for end in _ends(name):
                self._by_end[end].append(len(self.names))
            self.names.append(name)
            self.keys.append(key)
            self.there.add(key)

    def alike(self, name: str) -> list[tuple[int, int]]:
        """The keys of names spelt alike, with how much of 100, the likeliest first."""
        spots = self._worth_comparing(name)
        found = process.extract(
            name,
            self.names if spots is None else [self.names[spot] for spot in spots],
            scorer=fuzz.token_sort_ratio,
            score_cutoff=ALIKE,
            limit=MOST_PROPOSED,
        )
        return [
            (self.keys[place if spots is None else spots[place]], round(percent)) for _name, percent, place in found
        ]

    def _worth_comparing(self, name: str) -> list[int] | None:
        """Where the names stand that are compared; ``None``: all of them."""
        if len(self.names) <= COMPARED_AT_MOST:
            return None
        listed = sorted((self._by_end[end] for end in _ends(name) if end in self._by_end), key=len)
        found: dict[int, None] = {}
        for spots in listed:
            room = COMPARED_AT_MOST - len(found)
            if room <= 0 or (found and len(spots) > room):
                break
            found |= dict.fromkeys(spots[:room])
        return sorted(found)


def spots_of(places: Iterable[tuple[int, str]], names: Mapping[int, list[str]]) -> dict[str, Spot]:
    """By postcode. ``places``: pairs of key and postcode; a key without ``names`` is left out."""
    found: dict[str, Spot] = defaultdict(Spot)
    for key, postcode in dict.fromkeys(places):
        if key in names:
            found[postcode].add(key, names[key])
    return dict(found)


def _ends(name: str) -> set[str]:
    """How the words of a name begin and end: whoever mistypes one keeps either."""
    return {end for word in name.split() for end in (f"{word[:ENDS]}-", f"-{word[-ENDS:]}")}
