"""How well a text answers what was typed: the same measure for all missions, so that hits compare.

Accents, capitals and word order do not matter; each word typed must begin some word of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import override

from core.bilingual import LANGUAGE_CODES
from core.text import fold

EXCERPT = 180
_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """The folded words of a text: ``"L’Équipe 2"`` → ``["l", "equipe", "2"]``."""
    return _WORD.findall(fold(text))


def in_both(words: str) -> list[str]:
    """A message of the catalogue in French and in Dutch: whoever searches may type either."""
    found = []
    for language in LANGUAGE_CODES:
        with override(language):
            found.append(_(words))
    return found


def is_postcode(query: str) -> bool:
    """Whether four digits were typed and nothing else."""
    return re.fullmatch(r"\s*[0-9]{4}\s*", query) is not None


def score(query: str, titles: Iterable[str], bodies: Iterable[str] = ()) -> float:
    """0 (no answer) to 1: a title that is what was typed; then whole words of a title before beginnings
    of them, then titles and texts together.

    ``titles`` are all the names something goes by (both languages, former names), ``bodies`` the rest.
    """
    wanted = words_of(query)
    if not wanted:
        return 0.0
    named = [words_of(title) for title in titles]
    if wanted in named:
        return 1.0
    if any(set(wanted) <= set(words) for words in named):
        return 0.8
    best = max((_share(wanted, words) for words in named), default=0.0)
    if best == 1.0:
        return 0.75
    everything = [word for words in (*named, *(words_of(body) for body in bodies)) for word in words]
    return 0.4 + 0.3 * best if _share(wanted, everything) == 1.0 else 0.0


def _share(wanted: list[str], words: list[str]) -> float:
    """The share of ``wanted`` that begins a word among ``words``."""
    found = sum(any(word.startswith(start) for word in words) for start in wanted)
    return found / len(wanted)


def excerpt(text: str) -> str:
    """The beginning of a text, cut between two words."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT].rsplit(' ', 1)[0]} …"
