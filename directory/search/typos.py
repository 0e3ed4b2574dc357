"""What was probably meant by a word that stands in no record: the nearest of the words that do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.models import SearchWord
from directory.search.kept import Kept

SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All words of the directory, folded, with the way they are written."""

    spellings: dict[str, str]
    words: tuple[str, ...]

    def knows(self, word: str) -> bool:
        return word in self.spellings

    def nearest(self, word: str) -> str:
        """The word meant, as it is written; ``""`` where none is near enough.

        One slip (a letter too many, too few, wrong, or two swapped) in short words, two in longer ones,
        three in the longest; the same first letter settles a tie.
        """
        if len(word) < SHORTEST or word.isdigit():
            return ""
        slips = 1 if len(word) < 6 else 2 if len(word) < 11 else 3
        near = process.extract(word, self.words, scorer=OSA.distance, score_cutoff=slips, limit=10)
        found = sorted(near, key=lambda each: (each[1], each[0][0] != word[0], abs(len(each[0]) - len(word)), each[0]))
        return self.spellings[found[0][0]] if found else ""


def corrected(words: Iterable[str]) -> dict[str, str]:
    """The words that nobody wrote, each with what was probably meant. One query where the words are kept already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(hashtext(word)::bigint) FROM directory_searchword")
        known = _kept.get(cursor.fetchone())
    found = {word: known.nearest(word) for word in words if not known.knows(word)}
    return {word: meant for word, meant in found.items() if meant}


def _read() -> Lexicon:
    spellings = dict(SearchWord.objects.values_list("word", "spelling"))
    return Lexicon(spellings, tuple(spellings))


_kept: Kept[Lexicon] = Kept(_read)
