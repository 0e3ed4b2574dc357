"""Records of the directory that may answer a text already, while it is being written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from basins.access import Reader
from directory import access, public_queries
from directory.models import Service
from directory.search.finder import Answer, find, telling_words
from directory.search.places import places
from directory.search.questions import Question
from helpdesk import staff_queries

MOST = 4
SHORTEST = 12  # characters: before that nothing is said
OWN_WORDS = 5  # of a text in which nothing is known: so many of its words are looked for
DOORS = "welcome_point"  # the kind of places that receive and orient anybody


@dataclass(frozen=True, slots=True)
class Suggested:
    """``words`` are those of the text that were searched for; ``are_doors``: nothing fits, these receive anybody."""

    words: str = ""
    services: list[Service] = field(default_factory=list)
    are_doors: bool = False


def suggest(
    text: str,
    *,
    postcode: str,
    basin: str | None,
    user: Reader,
    chosen: Mapping[str, tuple[str, ...]] | None = None,
    at_most: int = MOST,
) -> Suggested:
    """What the directory has on a text, nearest to the place; nothing is counted.

    By the words it has terms for; where it knows none by the text's own words, then by what was chosen (``chosen``:
    codes of ``theme`` and ``audience``), at last the places near by that receive anybody. A choice narrows the words
    as long as something is left.
    """
    if len(text.strip()) < SHORTEST:
        return Suggested()
    near = postcode if postcode in places().by_postcode else ""
    plain = Question(near=near, home_basin=basin, visible=access.visible_to(user), per_page=at_most)
    known = telling_words(text)
    for question, are_doors in _questions(text, known, plain, dict(chosen or {})):
        found = find(question)
        if found.hits and (known or _is_close(found)):
            services = public_queries.cards([hit.service for hit in found.hits], user)
            return Suggested(question.words, services, are_doors)
    return Suggested()


def _questions(
    text: str, known: str, plain: Question, chosen: dict[str, tuple[str, ...]]
) -> Iterator[tuple[Question, bool]]:
    """What is asked, one after the other, until something is found."""
    words = known or " ".join(staff_queries.telling_words(text)[:OWN_WORDS])
    if words and chosen:
        yield replace(plain, words=words, chosen=chosen), False
    if words:
        yield replace(plain, words=words), False
    if chosen:
        yield replace(plain, chosen=chosen), False
    if plain.near and not known:
        yield replace(plain, chosen={"kind": (DOORS,)}), True


def _is_close(found: Answer) -> bool:
    """Not what shares a single word of many: words that mean nothing to the directory stand anywhere."""
    number = len(found.asked)
    return number - found.missing >= min(2, number)
