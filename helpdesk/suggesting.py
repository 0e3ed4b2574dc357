"""Records of the directory that may answer a text already, while it is being written."""

from __future__ import annotations

from dataclasses import dataclass, field

from basins.access import Reader
from directory import access, public_queries
from directory.models import Service
from directory.search.finder import find, telling_words
from directory.search.places import places
from directory.search.questions import Question

MOST = 4
SHORTEST = 12  # characters: before that nothing is said


@dataclass(frozen=True, slots=True)
class Suggested:
    """``words`` are those of the text that were searched for."""

    words: str = ""
    services: list[Service] = field(default_factory=list)


def suggest(text: str, *, postcode: str, basin: str | None, user: Reader, at_most: int = MOST) -> Suggested:
    """What the directory has on a text: by the words it has terms for, nearest to the place; nothing is counted."""
    words = telling_words(text) if len(text.strip()) >= SHORTEST else ""
    if not words:
        return Suggested()
    question = Question(
        words=words,
        near=postcode if postcode in places().by_postcode else "",
        home_basin=basin,
        visible=access.visible_to(user),
        per_page=at_most,
    )
    found = find(question)
    return Suggested(words, public_queries.cards([hit.service for hit in found.hits], user))
