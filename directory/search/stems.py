"""Words as the index has them: folded, and stemmed by PostgreSQL in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from core.text import fold

_WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 60
SHORTEST_NUMBER = 6
# Beyond PostgreSQL's own lists: what folding makes of small words with an accent, letters that an apostrophe
# leaves behind, and words of asking.
_SMALL_WORDS = frozenset(
    "a ou meme memes ete est etes c d j l m n qu s t y o sans chez vers tout tous toute toutes "
    "cherche chercher recherche trouver zoek zoeken vinden gezocht".split()
)


def tokens(text: str) -> list[str]:
    """The folded words of a text in their order; the longest ones cut."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


def spelled(text: str) -> list[str]:
    """The words of a text as they were typed, one for each of its :func:`tokens`."""
    written, folded = _WORD.findall(text), tokens(text)
    return written if [fold(word)[:LONGEST_WORD] for word in written] == folded else folded


def as_number(text: str) -> str:
    """A phone number however it is written, as one word: ``"+32 (0)2 318 60 58"`` → ``"023186058"``; else ``""``."""
    digits = re.sub(r"\(0\)|[\s./()-]", "", text)
    digits = re.sub(r"^(\+|00)32", "0", digits)
    return digits if digits.isascii() and digits.isdigit() and len(digits) >= SHORTEST_NUMBER else ""


@dataclass(frozen=True, slots=True)
class Stems:
    """A folded word and its stems; ``""`` in a language in which it says nothing by itself."""

    word: str
    fr: str
    nl: str

    @property
    def is_small(self) -> bool:
        """A word like *de*, *van*, *pour*: nobody looks for it."""
        return not self.fr or not self.nl or self.word in _SMALL_WORDS

    @property
    def forms(self) -> frozenset[str]:
        """What the index may hold for it."""
        return frozenset({self.word, self.fr, self.nl} - {""})


def stems_of(words: Iterable[str]) -> dict[str, Stems]:
    """Each folded word with its stems. One query."""
    wanted = sorted(set(words))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [wanted])
        return {word: Stems(word, fr, nl) for word, fr, nl in cursor.fetchall()}


STEMS = """
SELECT word, coalesce((ts_lexize('french_stem', word))[1], ''), coalesce((ts_lexize('dutch_stem', word))[1], '')
FROM unnest(%s::text[]) AS word
"""
