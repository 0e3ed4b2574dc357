"""A value of a facet as one number, so that one array holds all facets of a record."""

from __future__ import annotations

from directory.enums import Price, ServiceKind, TagGroup

ROOM = 10_000_000  # values per facet; terms and territory are far below it
KIND_NUMBERS = {kind: number for number, kind in enumerate(ServiceKind, start=1)}
PRICE_NUMBERS = {price: number for number, price in enumerate(Price, start=1)}


def tag(group: TagGroup, value: int) -> int:
    """The number of a value: a primary key, a postcode, or a number of `KIND_NUMBERS`, `PRICE_NUMBERS`, `Flag`."""
    return group * ROOM + value


def untag(number: int) -> tuple[TagGroup, int]:
    """The facet and the value again."""
    return TagGroup(number // ROOM), number % ROOM


WHOLE_REGION = tag(TagGroup.SERVED_BASIN, 0)
