"""The answer from the board in memory: the page, the totals and the counts, as the SQL statement has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from directory.enums import Flag
from directory.search import postings
from directory.search.board import Board, Number, Posting
from directory.search.places import middles
from directory.search.planes import Bits, Planes, best, points_of, summed
from directory.search.points import (
    HALVES,
    ORGANIZATION,
    OTHER_NAME,
    OWN_NAME,
    SERVES_HOME,
    SERVES_PLACE,
    TERM,
    TEXT,
    UNIT,
    WHOLE_TITLE,
)
from directory.search.questions import Order, Question
from directory.search.reading import Thing
from directory.search.statement import Filter

Raw: TypeAlias = tuple[list[list[Any]], list[list[Any]], list[list[Any]]]
BITS_OF_HALF = (UNIT // HALVES).bit_length() - 1  # half a point is so many bits up in a score


def answer_from(
    board: Board,
    question: Question,
    *,
    things: Sequence[Thing],
    at_least: int,
    filters: Sequence[Filter],
    serves: Sequence[int],
    home: Sequence[int],
) -> Raw:
    """Page, totals and counts in the form in which the SQL statement gives them.

    One query where the board does not know yet who has the things, or entries were written since.
    """
    has = postings.of(board, postings.asked_of(things))
    shown = _any(board.visible, map(str, question.visible))
    if things:
        shown &= postings.having([has[thing] for thing in things], at_least)
    has_places, is_open = (board.moment(flag, question.now) for flag in (Flag.HAS_PLACES, Flag.OPEN_NOW))
    moments = {Flag.HAS_PLACES.name.lower(): has_places, Flag.OPEN_NOW.name.lower(): is_open}
    passes = [moments[each.key] if each.condition else _any(board.tags, each.tags) for each in filters]
    groups = {0: _all(shown, passes)}
    for place, own in enumerate(passes):
        others = passes[:place] + passes[place + 1 :]
        groups[1 << place] = _all(shown, others) & ~own
    totals = [
        [fails, bits.bit_count(), (bits & has_places).bit_count(), (bits & is_open).bit_count()]
        for fails, bits in groups.items()
    ]
    totals.append([-1, shown.bit_count() - sum(number for _fails, number, *_rest in totals), 0, 0])
    counts = [
        [fails, tag, number]
        for fails, bits in groups.items()
        if bits
        for tag, mask in board.tags.items()
        if (number := (bits & mask).bit_count())
    ]
    given = [*_territory(board, serves, home), *_words(board, things, has, is_relaxed=at_least < len(things))]
    return _page(board, question, groups[0], given), totals, counts


def _page(board: Board, question: Question, hits: Bits, given: Iterable[tuple[Bits, float]]) -> list[list[Any]]:
    near = question.near if question.near in middles() else ""
    skip = (question.page - 1) * question.per_page
    found = best(hits, _order(board, question, near, given), skip, question.per_page)
    return [[board.keys[place], board.distance(place, near) if near else None] for place in found]


def _order(board: Board, question: Question, near: str, given: Iterable[tuple[Bits, float]]) -> Planes:
    """A number for each record by which they stand, the highest first."""
    worth = board.numbers(Number.WORTH, question.now.date().toordinal())
    score = summed(worth, points_of((bits, int(points * HALVES)) for bits, points in given), BITS_OF_HALF)
    match question.order:
        case Order.FRESH:
            return score + board.numbers(Number.FRESH)
        case Order.DISTANCE:
            return score + (board.numbers(Number.NEARER, near) if near else ())
    return summed(score, board.numbers(Number.CLOSE, near)) if near else score


def _territory(board: Board, serves: Sequence[int], home: Sequence[int]) -> list[tuple[Bits, float]]:
    return [(_any(board.tags, serves), SERVES_PLACE), (_any(board.tags, home), SERVES_HOME)]


def _words(
    board: Board, things: Sequence[Thing], has: Mapping[postings.Asked, Posting], *, is_relaxed: bool
) -> list[tuple[Bits, float]]:
    """Who gets how many points for what was typed."""
    given: list[tuple[Bits, float]] = []
    for thing in things:
        posting = has[thing]
        given += [
            (posting.own, OWN_NAME),
            (posting.alike, OTHER_NAME),
            (posting.organization, ORGANIZATION),
            (_any(board.tags, thing.tags), TERM),
            (posting.anywhere if is_relaxed else 0, TEXT),
        ]
    if things:
        given.append((has[postings.asked_of(things)[-1]].anywhere, WHOLE_TITLE))
    return given


def _any(masks: Mapping[Any, Bits], names: Iterable[Any]) -> Bits:
    found = 0
    for name in names:
        found |= masks.get(name, 0)
    return found


def _all(start: Bits, masks: Iterable[Bits]) -> Bits:
    for mask in masks:
        start &= mask
    return start
