"""Small counts are not published: whoever knows the field could tell who they are.

A count under the limit is hidden, zero included. Where the total is known, one hidden count could be
worked out from the others, so more are hidden until what is missing is at least two counts that make
the limit together. All that is hidden looks alike: nobody can tell which of them was the small one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")

LIMIT = 5  # a count under this is hidden


def shown(count: int | None, *, limit: int = LIMIT) -> int | None:
    """A count that stands alone: itself, or None where it is too small (or unknown)."""
    return None if count is None or count < limit else count


def without_small(counts: Mapping[K, int], *, limit: int = LIMIT) -> dict[K, int | None]:
    """The parts of a whole whose total is known as well: each itself, or None where it is hidden.

    Beyond the small ones the next smallest are hidden too, see above; of equals, the one named first.
    """
    hidden = {key for key, count in counts.items() if count < limit}
    rest = sorted((key for key in counts if key not in hidden), key=lambda key: counts[key])
    while hidden and rest and (len(hidden) < 2 or sum(counts[key] for key in hidden) < limit):
        hidden.add(rest.pop(0))
    return {key: None if key in hidden else count for key, count in counts.items()}
