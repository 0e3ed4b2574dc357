"""Bar charts as data: positions are worked out here, ``components/figure.html`` only draws.

Widths are percentages and heights pixels, so that text stays sharp at any width without a script.
They leave here as strings, for a template would write them with the reader's decimal comma.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ROW_HEIGHT = 46
BAR_ROOM = 72  # per cent of the width for the longest bar; the rest is for the number beside it


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. ``value`` None is a figure nobody gave: drawn as a dashed outline with words, never as zero."""

    label: str
    value: float | None
    words: str = ""  # what stands beside the bar; the plain value when empty


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A row with its place: y of the label, top of the bar, y of the number; width in per cent."""

    label: str
    words: str
    missing: bool
    width: str
    label_y: int
    bar_y: int
    words_y: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: ``finding`` is its title, ``measure`` says what was counted, ``alt`` says it all in a sentence."""

    finding: str
    measure: str
    alt: str
    label_heading: str
    value_heading: str
    bars: Sequence[Bar]

    @property
    def height(self) -> int:
        """Pixels the drawing takes."""
        return len(self.bars) * ROW_HEIGHT

    @property
    def drawn(self) -> list[DrawnBar]:
        """The rows with their places."""
        top = max((bar.value or 0 for bar in self.bars), default=0) or 1
        rows = []
        for index, bar in enumerate(self.bars):
            share = BAR_ROOM * 0.3 if bar.value is None else BAR_ROOM * bar.value / top
            y = index * ROW_HEIGHT
            words = bar.words or ("" if bar.value is None else f"{bar.value:g}")
            rows.append(DrawnBar(bar.label, words, bar.value is None, f"{share:.1f}%", y + 14, y + 20, y + 32))
        return rows
