"""Results, or the places of a record, as pins on a street map: with the numbers they have in the list.

The map adds nothing that the list does not say, and there is none where no tiles are configured.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from basins.access import Reader
from core.bilingual import Text, text
from core.tiles import Tiles, tiles
from directory import access
from directory.enums import LocationKind
from directory.models import Location
from directory.web.cards import Card, PlaceView, address_of

Numbered = tuple[int, Text, str, Location]  # its number in the list, its name, where it leads, where it is


@dataclass(frozen=True, slots=True)
class StreetMap:
    """``pins``: for the script, as JSON; what is at the same spot shares a pin."""

    tiles: Tiles
    pins: str


def map_of_cards(cards: Sequence[Card], first: int, user: Reader) -> StreetMap | None:
    """The places of a page of results, numbered from ``first`` on; ``None`` where there is nothing to draw."""
    return _map(
        (
            (number, text(card.service, "name"), card.url, row.location)
            for number, card in enumerate(cards, start=first)
            for row in card.service.at_locations.all()
        ),
        user,
    )


def map_of_places(places: Sequence[PlaceView], name: Text, user: Reader) -> StreetMap | None:
    """The places of one record, numbered as on its page."""
    return _map(((number, name, "", place.location) for number, place in enumerate(places, start=1)), user)


def _map(rows: Iterable[Numbered], user: Reader) -> StreetMap | None:
    known = tiles()
    if known is None:
        return None
    pins: dict[tuple[float, float], dict[str, Any]] = {}
    for number, name, url, place in rows:
        if place.latitude is None or place.longitude is None or place.kind != LocationKind.PHYSICAL:
            continue
        if not access.may_see_address(user, place):
            continue
        at = (place.latitude, place.longitude)
        pin = pins.setdefault(at, {"at": at, "address": address_of(place), "rows": []})
        pin["rows"].append(
            {"number": number, "name": str(name), "lang": name.language if name.is_fallback else "", "url": url}
        )
    return StreetMap(known, json.dumps(list(pins.values()), ensure_ascii=False)) if pins else None
