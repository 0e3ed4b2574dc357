"""Charts as data: positions are worked out here, ``components/chart.html`` only draws.

What lies along the width is in per cent and what lies along the height in pixels, so that text stays
sharp at any width without a script. Positions leave here as strings, for a template would write them
with the reader's decimal comma. Each chart is also a table, and says itself in words.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

LABEL_HEIGHT = 20  # pixels of a row's label
BAR_HEIGHT = 14
BAR_STEP = 20  # from one bar of a row to the next
ROW_GAP = 6
BAR_ROOM = 72  # per cent of the width for the longest bar; the rest is for the number beside it
MISSING_SHARE = 0.3  # of the longest: an outline that says nothing of the quantity

PLOT_HEIGHT = 150  # pixels of the highest column
PLOT_TOP = 20  # room for the number above it
PLOT_FOOT = 26  # room for the label below
COLUMN_ROOM = 0.8  # of the width of a group


@dataclass(frozen=True, slots=True)
class Bar:
    """One value. None is a figure nobody gave or that is not shown: a dashed outline with words, never a zero."""

    value: float | None
    words: str = ""  # what stands beside it; the plain value when empty

    @property
    def said(self) -> str:
        """The value in words; empty for a missing one that says no more."""
        return self.words or ("" if self.value is None else f"{self.value:g}")


@dataclass(frozen=True, slots=True)
class Row:
    """A label and its values, one per series. ``short`` is the label under a column, ``basin`` a hue of its own."""

    label: str
    bars: Sequence[Bar]
    short: str = ""
    basin: str = ""
    language: str = ""  # of the label, where it is not the reader's


@dataclass(frozen=True, slots=True)
class Shape:
    """A bar or column with its number, placed."""

    bar: Bar
    series: int  # counted from 1
    x: str
    y: str
    width: str
    height: str
    words_x: str
    words_y: str

    @property
    def missing(self) -> bool:
        return self.bar.value is None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row, placed."""

    row: Row
    x: str
    label_y: int
    shapes: Sequence[Shape]


@dataclass(frozen=True, slots=True)
class Chart(ABC):
    """``finding`` is its title, ``measure`` says what was counted, ``series`` heads the columns of its table.

    ``alt`` says it all in a sentence; empty, the rows are read out.
    """

    stands: ClassVar[bool] = False

    finding: str
    measure: str
    label_heading: str
    series: Sequence[str]
    rows: Sequence[Row]
    alt: str = ""

    @property
    def has_legend(self) -> bool:
        return len(self.series) > 1

    @property
    def summary(self) -> str:
        """What a reader who does not see the drawing is told."""
        return self.alt or f"{self.measure}. " + ", ".join(self._read_out())

    def _read_out(self) -> Iterator[str]:
        for row in self.rows:
            said = [bar.said or "–" for bar in row.bars]
            if self.has_legend:
                said = [f"{name} {words}" for name, words in zip(self.series, said, strict=True)]
            yield f"{row.label} ({', '.join(said)})"

    @property
    def top(self) -> float:
        """The highest value; 1 where there is none, for it is divided by."""
        return max((bar.value or 0 for row in self.rows for bar in row.bars), default=0) or 1

    @property
    @abstractmethod
    def height(self) -> int:
        """Pixels the drawing takes."""

    @property
    @abstractmethod
    def drawn(self) -> list[Drawn]:
        """The rows with their places."""


class BarChart(Chart):
    """Bars across, one row under the other: for names, and for few or many rows."""

    __slots__ = ()

    @property
    def row_height(self) -> int:
        return LABEL_HEIGHT + BAR_STEP * max(1, len(self.series)) + ROW_GAP

    @property
    def height(self) -> int:
        return len(self.rows) * self.row_height

    @property
    def drawn(self) -> list[Drawn]:
        return [self._place(row, index * self.row_height) for index, row in enumerate(self.rows)]

    def _place(self, row: Row, y: int) -> Drawn:
        shapes = []
        for index, bar in enumerate(row.bars):
            width = f"{BAR_ROOM * (MISSING_SHARE if bar.value is None else bar.value / self.top):.1f}%"
            top = y + LABEL_HEIGHT + index * BAR_STEP
            shapes.append(
                Shape(bar, index + 1, ".5", str(top), width, str(BAR_HEIGHT), width, str(top + BAR_HEIGHT - 2))
            )
        return Drawn(row, "0", y + 14, shapes)


class ColumnChart(Chart):
    """Columns side by side: for days and hours, of which there are few and whose order says something."""

    __slots__ = ()
    stands: ClassVar[bool] = True

    @property
    def height(self) -> int:
        return PLOT_TOP + PLOT_HEIGHT + PLOT_FOOT

    @property
    def base(self) -> int:
        """The line on which the columns stand."""
        return PLOT_TOP + PLOT_HEIGHT

    @property
    def drawn(self) -> list[Drawn]:
        group = 100 / max(1, len(self.rows))
        return [self._place(row, index * group, group) for index, row in enumerate(self.rows)]

    def _place(self, row: Row, left: float, group: float) -> Drawn:
        width = group * COLUMN_ROOM / max(1, len(row.bars))
        first = left + group * (1 - COLUMN_ROOM) / 2
        shapes = []
        for index, bar in enumerate(row.bars):
            x = first + index * width
            height = PLOT_HEIGHT * (MISSING_SHARE if bar.value is None else bar.value / self.top)
            y = PLOT_TOP + PLOT_HEIGHT - height
            shapes.append(
                Shape(
                    bar,
                    index + 1,
                    f"{x:.2f}%",
                    f"{y:.1f}",
                    f"{width:.2f}%",
                    f"{height:.1f}",
                    f"{x + width / 2:.2f}%",
                    f"{y - 5:.1f}",
                )
            )
        return Drawn(row, f"{left + group / 2:.2f}%", PLOT_TOP + PLOT_HEIGHT + 18, shapes)
