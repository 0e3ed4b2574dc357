"""All records as bits, for looking around without words: the page, the totals and the counts in milliseconds.

For each tag one whole number, in which each record is a bit: filtering is ``&``, counting is ``bit_count``. A
process keeps them under the revision of the index and takes up what changed since; it costs some two
megabytes for 100,000 records. The answer is the same as that of the SQL statement
(`tests/directory/test_board.py`), which remains for words and distances.
"""

from __future__ import annotations

import datetime as dt
import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db import connection

from directory.enums import Flag
from directory.search.openings import slot_of
from directory.search.questions import Order, Question
from directory.search.statement import DAYS_FRESH, SERVES_HOME, Filter

Bits: TypeAlias = int
Raw: TypeAlias = tuple[list[list[Any]], list[list[Any]], list[list[Any]]]
NEVER = 0  # the ordinal of no day


@dataclass(frozen=True, slots=True)
class Revision:
    """What the index is at: the number of the last change of a record, and of the last entry written."""

    changes: int
    entries: int


@dataclass(slots=True)
class Board:
    """The records, each at a place of its own. Places of records that went stay empty."""

    revision: Revision
    keys: array[int] = field(default_factory=lambda: array("q"))
    places: dict[int, int] = field(default_factory=dict)
    tags: dict[int, Bits] = field(default_factory=dict)
    visible: dict[str, Bits] = field(default_factory=dict)
    fresh: array[int] = field(default_factory=lambda: array("l"))
    quality: array[int] = field(default_factory=lambda: array("B"))
    has_places_until: array[int] = field(default_factory=lambda: array("l"))
    open_weeks: list[bytes | None] = field(default_factory=list)
    _orders: dict[Any, list[int]] = field(default_factory=dict)
    _moments: dict[Any, Bits] = field(default_factory=dict)

    def answer(self, question: Question, filters: Sequence[Filter], home: Sequence[int]) -> Raw:
        """Page, totals and counts in the form in which the SQL statement gives them."""
        shown = self._any(self.visible, map(str, question.visible))
        has_places, is_open = (self.moment(flag, question.now) for flag in (Flag.HAS_PLACES, Flag.OPEN_NOW))
        moments = {Flag.HAS_PLACES.name.lower(): has_places, Flag.OPEN_NOW.name.lower(): is_open}
        passes = [moments[each.key] if each.condition else self._any(self.tags, each.tags) for each in filters]
        groups = {0: self._all(shown, passes)}
        for place, own in enumerate(passes):
            others = passes[:place] + passes[place + 1 :]
            groups[1 << place] = self._all(shown, others) & ~own
        totals = [
            [fails, bits.bit_count(), (bits & has_places).bit_count(), (bits & is_open).bit_count()]
            for fails, bits in groups.items()
        ]
        totals.append([-1, shown.bit_count() - sum(number for _fails, number, *_rest in totals), 0, 0])
        counts = [
            [fails, tag, number]
            for fails, bits in groups.items()
            if bits
            for tag, mask in self.tags.items()
            if (number := (bits & mask).bit_count())
        ]
        return self._page(question, groups[0], self._any(self.tags, home)), totals, counts

    def moment(self, flag: Flag, now: dt.datetime) -> Bits:
        """Who is open in this half hour, or has places on this day."""
        key = slot_of(now) if flag == Flag.OPEN_NOW else now.date()
        kept = self._moments.get(key)
        if kept is None:
            if isinstance(key, int):
                byte, bit = key // 8, 1 << (key % 8)
                kept = _bits(
                    place for place, week in enumerate(self.open_weeks) if week is not None and week[byte] & bit
                )
            else:
                today = key.toordinal()
                kept = _bits(place for place, until in enumerate(self.has_places_until) if until > today)
            self._moments[key] = kept
        return kept

    def _page(self, question: Question, hits: Bits, home: Bits) -> list[list[Any]]:
        first = (question.page - 1) * question.per_page
        table = hits.to_bytes(len(self.keys) // 8 + 1, "little")
        found: list[int] = []
        for place in self._order(question, home):
            if table[place >> 3] >> (place & 7) & 1:
                found.append(place)
                if len(found) == first + question.per_page:
                    break
        return [[self.keys[place], None] for place in found[first:]]

    def _order(self, question: Question, home: Bits) -> list[int]:
        """All places, the best first: as `statement` scores them where nothing was typed."""
        today = question.now.date()
        key = (question.order == Order.FRESH, question.home_basin, today)
        kept = self._orders.get(key)
        if kept is None:
            ordinal = today.toordinal()
            at_home = home.to_bytes(len(self.keys) // 8 + 1, "little")
            scores = [
                (SERVES_HOME if at_home[place >> 3] >> (place & 7) & 1 else 0)
                + (max(0.0, 1 - (ordinal - day) / DAYS_FRESH) if day else 0.0)
                + quality / 100
                for place, (day, quality) in enumerate(zip(self.fresh, self.quality, strict=True))
            ]
            keys, fresh = self.keys, self.fresh
            if question.order == Order.FRESH:
                kept = sorted(range(len(keys)), key=lambda place: (-fresh[place], -scores[place], keys[place]))
            else:
                kept = sorted(range(len(keys)), key=lambda place: (-scores[place], keys[place]))
            self._orders[key] = kept
        return kept

    @staticmethod
    def _any(masks: dict[Any, Bits], names: Iterable[Any]) -> Bits:
        found = 0
        for name in names:
            found |= masks.get(name, 0)
        return found

    @staticmethod
    def _all(start: Bits, masks: Iterable[Bits]) -> Bits:
        for mask in masks:
            start &= mask
        return start


def board(revision: Revision) -> Board:
    """The board of that revision: the one that is kept, brought up to date where it is older."""
    global _kept  # noqa: PLW0603 - one per process
    held = _kept
    if held is not None and held.revision == revision:
        return held
    with _lock:
        if _kept is None or _kept.revision != revision:
            _kept = _made(_kept, revision)
        return _kept


def forget_board() -> None:
    """For tests, where rows come and go without a number."""
    global _kept  # noqa: PLW0603 - one per process
    with _lock:
        _kept = None


_kept: Board | None = None
_lock = threading.Lock()


def _made(old: Board | None, revision: Revision) -> Board:
    """A new board: of the old one and what changed since, or of all entries. Readers of the old one keep it."""
    if old is None or revision.entries < old.revision.entries:
        return _with(Board(revision), _rows(0))
    rows = list(_rows(old.revision.entries))
    gone = _gone(old) if revision.changes != old.revision.changes else set()
    if len(rows) + len(gone) > len(old.keys) // 20 + 50:
        return _with(Board(revision), _rows(0))
    moved = _bits({old.places[row[0]] for row in rows if row[0] in old.places} | {old.places[key] for key in gone})
    made = Board(
        revision,
        keys=old.keys[:],
        places={key: place for key, place in old.places.items() if key not in gone},
        tags={tag: bits & ~moved for tag, bits in old.tags.items()},
        visible={name: bits & ~moved for name, bits in old.visible.items()},
        fresh=old.fresh[:],
        quality=old.quality[:],
        has_places_until=old.has_places_until[:],
        open_weeks=old.open_weeks[:],
    )
    return _with(made, rows)


def _with(made: Board, rows: Iterable[Sequence[Any]]) -> Board:
    """Put entries on the board; those that are there already have been cleared."""
    tags: dict[int, list[int]] = {}
    visible: dict[str, list[int]] = {}
    weeks: dict[bytes, bytes] = {}  # many keep the same hours
    for key, visibility, own_tags, open_week, until, fresh_on, quality in rows:
        place = made.places.get(key)
        if place is None:
            place = made.places[key] = len(made.keys)
            made.keys.append(key)
            made.fresh.append(NEVER)
            made.quality.append(0)
            made.has_places_until.append(NEVER)
            made.open_weeks.append(None)
        made.fresh[place] = fresh_on.toordinal() if fresh_on else NEVER
        made.quality[place] = quality
        made.has_places_until[place] = until.toordinal() if until else NEVER
        week = bytes(open_week) if open_week is not None else None
        made.open_weeks[place] = weeks.setdefault(week, week) if week is not None else None
        visible.setdefault(visibility, []).append(place)
        for tag in own_tags:
            tags.setdefault(tag, []).append(place)
    for tag, places in tags.items():
        made.tags[tag] = made.tags.get(tag, 0) | _bits(places)
    for name, places in visible.items():
        made.visible[name] = made.visible.get(name, 0) | _bits(places)
    return made


def _rows(after: int) -> Iterator[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, [after])
        yield from cursor.fetchall()


def _gone(old: Board) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(service_id) FROM directory_searchentry")
        (there,) = cursor.fetchone()
    return old.places.keys() - set(there or ())


def _bits(places: Iterable[int]) -> Bits:
    listed = list(places)
    if not listed:
        return 0
    table = bytearray(max(listed) // 8 + 1)
    for place in listed:
        table[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(table, "little")


ENTRIES = """
SELECT service_id, visibility, tags, open_week, has_places_until, fresh_on, quality
FROM directory_searchentry WHERE revision > %s ORDER BY service_id
"""
