"""What is wrong with a file, by line, and what it says in words that we do not know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

PROBLEMS_LISTED = 200
WORDS_LISTED = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right. Line 1 is the heading; the column may be empty."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = _("Line %(number)d") % {"number": self.line}
        if self.column:
            where = ", ".join([where, _("column “%(name)s”") % {"name": self.column}])
        return _("%(where)s: %(what)s") % {"where": where, "what": self.message}


@dataclass(slots=True)
class Problems:
    """The first ones, and how many there are in all; and the words that no term answers to, counted."""

    listed: list[Problem] = field(default_factory=list)
    total: int = 0
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, line: int, column: str, message: str) -> None:
        self.total += 1
        if len(self.listed) < PROBLEMS_LISTED:
            self.listed.append(Problem(line, column, message))

    def note_word(self, column: str, word: str) -> None:
        """A word that we do not know: the row comes in without it."""
        key = (column, short(word))
        if key in self.unknown or len(self.unknown) < 1000:
            self.unknown[key] += 1


def short(cell: str) -> str:
    """A cell as it is quoted in a message."""
    return cell if len(cell) <= 40 else f"{cell[:39]}…"
