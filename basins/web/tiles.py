"""The tile map as something to choose from: one link per basin, one tile per municipality.

The same places as in ``components/tile_map.html``, which only shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from basins.enums import BasinCode
from basins.web.context import BasinLink

HALF, ROW, HEIGHT = 26, 45, 30  # half a tile's width, from row to row, from the top to the label


@dataclass(frozen=True, slots=True)
class Tile:
    """A hexagon: its label, and the middle of it."""

    postcode: str
    x: int
    y: int

    @property
    def outline(self) -> str:
        return f"M{self.x} {self.y - HEIGHT}l26 15v30l-26 15-26-15v-30z"


# Rows from north to south; the number of half tiles from the left.
PLACES: dict[BasinCode, tuple[tuple[str, int, int], ...]] = {
    BasinCode.NORD: (
        ("1083", 2, 0), ("1090", 4, 0), ("1120", 6, 0), ("1082", 1, 1), ("1081", 3, 1), ("1020", 5, 1),
    ),
    BasinCode.NORD_EST: (("1140", 8, 0), ("1030", 7, 1), ("1210", 6, 2)),
    BasinCode.CENTRE_OUEST: (("1080", 2, 2), ("1000", 4, 2), ("1070", 1, 3)),
    BasinCode.SUD: (("1060", 3, 3), ("1050", 5, 3), ("1190", 2, 4), ("1180", 4, 4), ("1170", 6, 4)),
    BasinCode.SUD_EST: (("1200", 8, 2), ("1040", 7, 3), ("1150", 9, 3), ("1160", 8, 4)),
}  # fmt: skip


def tiles(basins: Iterable[BasinLink]) -> list[tuple[BasinLink, list[Tile]]]:
    """Each basin with its tiles."""
    return [
        (
            basin,
            [Tile(postcode, half * HALF, row * ROW + HEIGHT) for postcode, half, row in PLACES[BasinCode(basin.code)]],
        )
        for basin in basins
    ]
