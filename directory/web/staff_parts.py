"""How a record's form is laid out: parts that open and close, their lines, and the state of each text in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.utils.html import format_html_join, strip_tags
from django.utils.safestring import SafeString

from directory.enums import TextState
from directory.web.staff_rows import RowSet

A_LINE = 120  # characters of what a closed part says of itself


@dataclass(frozen=True, slots=True)
class Cell:
    """A field with the state of its text; ``column`` names it where the other language changed since."""

    field: BoundField
    state: TextState | None
    column: str
    label: str  # without its language

    @property
    def is_outdated(self) -> bool:
        return self.state == TextState.OUTDATED

    @property
    def is_missing(self) -> bool:
        return self.state == TextState.MISSING


@dataclass(slots=True)
class Line:
    """A text in both languages, a long list that starts folded (``chosen`` counts its ticks), or short fields."""

    heading: Any
    cells: list[Cell]
    is_folded: bool = False
    chosen: int = 0
    is_text: bool = False

    @property
    def is_short(self) -> bool:
        """Further short fields may stand beside it."""
        return not self.is_folded and not self.is_text


@dataclass(slots=True)
class Part:
    """A part of the form that opens and closes. ``inside``: what it asks for; ``filled`` of ``number`` are."""

    key: str
    label: Any
    lines: list[Line]
    rows: RowSet | None = None
    is_open: bool = False

    @property
    def inside(self) -> str:
        """What it asks for, or what its rows say: whole words, as many as a line holds."""
        if self.rows is not None:
            return _fitting(self.rows.summary(), " · ")
        return _fitting(list(dict.fromkeys(cell.label for line in self.lines for cell in line.cells)), ", ")

    @property
    def filled(self) -> int:
        return len(self.rows.summary()) if self.rows else sum(_is_filled(each) for each in self._fields)

    @property
    def number(self) -> int:
        return 0 if self.rows else len(self._fields)

    @property
    def to_look_at(self) -> int:
        """Texts that are missing or out of date in one language."""
        return sum(cell.is_missing or cell.is_outdated for line in self.lines for cell in line.cells)

    @property
    def _fields(self) -> list[BoundField]:
        return [cell.field for line in self.lines for cell in line.cells]


def _fitting(said: Sequence[str], between: str) -> SafeString:
    """The first of them, and an ellipsis for the rest."""
    room, kept = A_LINE, list[str]()
    for words in said:
        room -= len(strip_tags(words)) + len(between)
        if room < 0 and kept:
            kept.append("…")
            break
        kept.append(words)
    return format_html_join(between, "{}", ((words,) for words in kept))


def _is_filled(field: BoundField) -> bool:
    return field.value() not in (None, "", [], False)
