"""What was typed, read: words together where they name something, each with what else says the same.

``"kiné à domicile etterbeek"`` is three things asked for. A record answers when it has each of them: the
words themselves in any form, a term that means them, or that term's other names in either language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from directory.search.stems import Stems
from directory.search.thesaurus import LONGEST_PHRASE, Concept, Thesaurus

MOST_THINGS = 8  # asked for at once; more words are rather a letter than a question
SHORTEST_BEGINNING, SHORTEST_STEM_TO_BEGIN = 3, 5


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing asked for, by one word or several. The strings are parts of a ``tsquery``."""

    words: tuple[Stems, ...]  # without small ones
    concepts: tuple[Concept, ...]
    is_turn: bool = False  # one word of a turn such as "aan huis": alone it says something else

    @property
    def tags(self) -> list[int]:
        """What records carry that are about it."""
        return sorted({number for concept in self.concepts for number in concept.tags})

    @property
    def wider(self) -> list[int]:
        """What records carry that answer it, too."""
        return sorted({number for concept in self.concepts for number in concept.wider})

    def typed(self, weight: str = "") -> str:
        """The words themselves, in any of their forms."""
        return _all(_any(lexeme(form, weight) for form in sorted(word.forms)) for word in self.words)

    def alike(self, weight: str = "") -> str:
        """Words that begin as typed, and the other names of what is meant; "" where there are none."""
        own = {tuple(word.fr for word in self.words), tuple(word.nl for word in self.words)}
        phrases = sorted({phrase for concept in self.concepts for phrase in concept.phrases} - own)
        beginnings = [_beginnings(word) for word in self.words]
        alternatives = [_all(lexeme(stem, weight) for stem in phrase) for phrase in phrases]
        if all(beginnings):
            alternatives.insert(0, _all(_any(lexeme(each, f"*{weight}") for each in every) for every in beginnings))
        return _any(alternatives)

    def anywhere(self) -> str:
        """All of it, and records that carry a term for it."""
        return _any(
            filter(None, [self.typed(), self.alike(), *(lexeme(f"#{number}") for number in (*self.tags, *self.wider))])
        )


def things_in(words: Sequence[Stems], thesaurus: Thesaurus) -> list[Thing]:
    """The things asked for, in their order: the longest name first, other small words left out."""
    return list(dict.fromkeys(thing for thing, _place in placed_things(words, thesaurus)))


def every_thing_in(words: Sequence[Stems], thesaurus: Thesaurus) -> list[Thing]:
    """The same of a longer text, each thing once, however many there are."""
    return list(dict.fromkeys(thing for thing, _place in placed_things(words, thesaurus, at_most=len(words))))


def placed_things(
    words: Sequence[Stems], thesaurus: Thesaurus, *, at_most: int = MOST_THINGS
) -> list[tuple[Thing, range]]:
    """The things asked for, each with the places of its words in what was typed, small words of it included."""
    if words and all(word.is_small for word in words):
        # Who types small words alone means them: a name such as "Chez nous".
        return [
            (Thing((Stems(word.word, word.fr or word.word, word.nl or word.word),), ()), range(place, place + 1))
            for place, word in enumerate(words)
        ][:at_most]
    found: list[tuple[Thing, range]] = []
    start = 0
    while start < len(words) and len(found) < at_most:
        thing, length = _longest_from(words[start : start + LONGEST_PHRASE], thesaurus)
        if thing is not None:
            found.append((thing, range(start, start + length)))
        start += length
    return found


def _longest_from(words: Sequence[Stems], thesaurus: Thesaurus) -> tuple[Thing | None, int]:
    """The longest name that begins here, or the first word alone; and how many words that is."""
    for length in range(len(words), 0, -1):
        span = words[:length]
        telling = tuple(word for word in span if not word.is_small)
        if telling and not span[-1].is_small:
            concepts = thesaurus.meant_by(span)
            if concepts:
                return Thing(telling, tuple(concepts), is_turn=len(telling) == 1 < length), length
    return (None if words[0].is_small else Thing((words[0],), ())), 1


def query_for(things: Sequence[Thing], at_least: int) -> str:
    """The ``tsquery`` for records that have at least so many of the things."""
    if at_least >= len(things):
        return _all(thing.anywhere() for thing in things)
    return _any(_all(thing.anywhere() for thing in some) for some in combinations(things, at_least))


def title_of(things: Sequence[Thing]) -> str:
    """The name that a record would have if it were called as all of it was typed."""
    return " ".join(word.word for thing in things for word in thing.words)


def _beginnings(word: Stems) -> list[str]:
    """What a word of the index may begin with: Dutch puts *huisarts* at the head of other words."""
    stems = {stem for stem in (word.fr, word.nl) if len(stem) >= SHORTEST_STEM_TO_BEGIN}
    own = {word.word} if len(word.word) >= SHORTEST_BEGINNING else set()
    return sorted(stems | own)


def lexeme(word: str, flags: str = "") -> str:
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':{flags}" if flags else f"'{quoted}'"


def _all(parts: object) -> str:
    return _joined(parts, " & ")


def _any(parts: object) -> str:
    return _joined(parts, " | ")


def _joined(parts: object, sign: str) -> str:
    listed = list(parts)  # type: ignore[call-overload]
    return listed[0] if len(listed) == 1 else f"({sign.join(listed)})" if listed else ""
