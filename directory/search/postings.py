"""Which records have the things asked for, read from the index once and kept on the board.

Worth it for what many records have: of a broad search the words of names are most of the work. What is kept follows
the index: of a thing that is asked for again only the entries written since are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, TypeAlias

from django.db import connection

from directory.search.board import Board, Posting
from directory.search.planes import Bits, bits_of
from directory.search.reading import Thing, lexeme, title_of


@dataclass(frozen=True, slots=True)
class Title:
    """All of what was typed, as a record may be called."""

    words: str

    def anywhere(self) -> str:
        return lexeme(f"|{self.words}")


Asked: TypeAlias = Thing | Title
ANYWHERE, OWN, ALIKE, ORGANIZATION = 1, 2, 3, 4


def asked_of(things: Sequence[Thing]) -> list[Asked]:
    """What has to be known of the index for an answer."""
    return [*things, Title(title_of(things))] if things else []


def of(board: Board, asked: Sequence[Asked]) -> dict[Asked, Posting]:
    """Who has each of them. One query where some are not known, or not of this revision."""
    held = {each: board.postings.get(each) for each in asked}
    now = board.revision.entries
    stale = {each: kept for each, kept in held.items() if kept is None or kept.entries < now}
    found = {each: kept for each, kept in held.items() if kept is not None and each not in stale}
    if stale:
        levels = _read({each: kept.entries if kept else None for each, kept in stale.items()})
        for place, (each, kept) in enumerate(stale.items()):
            found[each] = _renewed(board, kept, levels[place])
    for each, posting in found.items():
        board.keep(each, posting)
    return found


def having(postings: Sequence[Posting], at_least: int) -> Bits:
    """Who has at least so many of the things."""
    found = 0
    for some in combinations(postings, at_least):
        all_of_it = some[0].anywhere
        for posting in some[1:]:
            all_of_it &= posting.anywhere
        found |= all_of_it
    return found


def _renewed(board: Board, old: Posting | None, levels: dict[int, list[int]]) -> Posting:
    """Of the old one and what was written since, or of everything."""
    places = board.places
    read = {level: bits_of(places[key] for key in keys if key in places) for level, keys in levels.items()}
    has = {level: read.get(level, 0) for level in (ANYWHERE, OWN, ALIKE, ORGANIZATION)}
    anywhere = has[ANYWHERE] | has[OWN] | has[ALIKE] | has[ORGANIZATION]
    if old is not None:
        keep = ~(anywhere | read.get(0, 0))
        anywhere |= old.anywhere & keep
        has[OWN] |= old.own & keep
        has[ALIKE] |= old.alike & keep
        has[ORGANIZATION] |= old.organization & keep
    return Posting(board.revision.entries, anywhere, has[OWN], has[ALIKE], has[ORGANIZATION])


def _read(wanted: dict[Asked, int | None]) -> dict[int, dict[int, list[int]]]:
    """By the place among the wanted: the keys of records by level; 0 for those written since that do not have it."""
    parts, params = [], list[Any]()
    for place, (asked, after) in enumerate(wanted.items()):
        levels = [(level, "e.names @@ %s::tsquery", query) for level, query in _names(asked)]
        if after is not None:
            levels.insert(0, (0, "NOT e.words @@ %s::tsquery", asked.anywhere()))
        whens = " ".join(f"WHEN {condition} THEN {level}" for level, condition, _query in levels)
        level_of = f"CASE {whens} ELSE {ANYWHERE} END" if whens else str(ANYWHERE)
        where = "e.words @@ %s::tsquery" if after is None else "e.revision > %s"
        parts.append(
            f"SELECT {place} AS place, {level_of} AS level, e.service_id FROM directory_searchentry e WHERE {where}"  # noqa: S608 - our own pieces
        )
        params += [*(query for _level, _condition, query in levels), asked.anywhere() if after is None else after]
    sql = " UNION ALL ".join(parts)
    found: dict[int, dict[int, list[int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT place, level, array_agg(service_id) FROM ({sql}) AS told GROUP BY 1, 2", params)  # noqa: S608 - see above
        for place, level, keys in cursor.fetchall():
            found[place][level] = keys
    return found


def _names(asked: Asked) -> list[tuple[int, str]]:
    """What names are asked for, as the statement does: the first that fits counts."""
    if isinstance(asked, Title) or asked.is_turn:
        return []
    levels = ((OWN, asked.typed("A")), (ALIKE, asked.alike("A")), (ORGANIZATION, asked.typed("B")))
    return [(level, query) for level, query in levels if query]
