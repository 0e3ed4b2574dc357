"""All records as bits: the page, the totals and the counts of a broad search in milliseconds.

For each tag one whole number, in which each record is a bit: filtering is ``&``, counting is ``bit_count``. What
decides the order is kept bit by bit, too (`planes`), and what many records have of the words (`postings`). A process
keeps it under the revision of the index and takes up what changed since; it costs some four megabytes for 100,000
records. The answer is the same as that of the SQL statement (`tests/directory/test_board.py`), which remains for words
that few records have.
"""

from __future__ import annotations

import datetime as dt
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from math import sqrt
from typing import Any

from django.db import connection

from directory.enums import Flag
from directory.search.openings import slot_of
from directory.search.places import KM_EAST, KM_NORTH, middles
from directory.search.planes import Bits, Planes, bits_of, patched, planes_of
from directory.search.points import STEPS, close_to, nearer, worth_of

NEVER = 0  # the ordinal of no day
NOWHERE = float("nan")
DERIVED_AT_MOST = 64
POSTINGS_AT_MOST = 400  # things; 50 kB each at 100,000 records


class Number(Enum):
    """What is kept of each record as planes, each about something: a day, a half hour, a postcode."""

    WORTH = auto()  # points for freshness on that day and for quality
    FRESH = auto()  # the day it was checked
    CLOSE = auto()  # points for being near that postcode
    NEARER = auto()  # the more, the nearer to that postcode
    HAS_PLACES = auto()  # 1 where there are places on that day
    OPEN = auto()  # 1 where it is open in that half hour


@dataclass(frozen=True, slots=True)
class Revision:
    """What the index is at: the number of the last change of a record, and of the last entry written."""

    changes: int
    entries: int


@dataclass(frozen=True, slots=True)
class Posting:
    """Who has a thing, at a revision of the index: anywhere; in the own name as typed or alike; in its owner's."""

    entries: int
    anywhere: Bits
    own: Bits = 0
    alike: Bits = 0
    organization: Bits = 0


@dataclass(slots=True)
class Board:
    """The records, each at a place of its own, in the order of their keys. Places of records that went stay empty."""

    revision: Revision
    keys: array[int] = field(default_factory=lambda: array("q"))
    places: dict[int, int] = field(default_factory=dict)
    tags: dict[int, Bits] = field(default_factory=dict)
    visible: dict[str, Bits] = field(default_factory=dict)
    fresh: array[int] = field(default_factory=lambda: array("l"))
    quality: array[int] = field(default_factory=lambda: array("B"))
    has_places_until: array[int] = field(default_factory=lambda: array("l"))
    open_weeks: list[bytes | None] = field(default_factory=list)
    latitude: array[float] = field(default_factory=lambda: array("d"))
    longitude: array[float] = field(default_factory=lambda: array("d"))
    # Of the same numbering of places, so one for all boards that follow each other.
    postings: OrderedDict[Hashable, Posting] = field(default_factory=OrderedDict)
    _derived: OrderedDict[tuple[Number, Any], Planes] = field(default_factory=OrderedDict)

    def numbers(self, what: Number, about: Any = None) -> Planes:
        """A number for each record; see :class:`Number`."""
        kept = self._derived.get((what, about))
        if kept is None:
            value = VALUES[what]
            kept = planes_of([value(self, place, about) for place in range(len(self.keys))])
            self._derived[what, about] = kept
            while len(self._derived) > DERIVED_AT_MOST:
                self._derived.popitem(last=False)
        return kept

    def moment(self, flag: Flag, now: dt.datetime) -> Bits:
        """Who is open in this half hour, or has places on this day."""
        if flag == Flag.OPEN_NOW:
            planes = self.numbers(Number.OPEN, slot_of(now))
        else:
            planes = self.numbers(Number.HAS_PLACES, now.date().toordinal())
        return planes[0] if planes else 0

    def distance(self, place: int, postcode: str) -> float | None:
        """Kilometres from the middle of that postcode, as the statement reckons them."""
        latitude, longitude = middles()[postcode]
        north, east = (self.latitude[place] - latitude) * KM_NORTH, (self.longitude[place] - longitude) * KM_EAST
        found = sqrt(north**2 + east**2)
        return None if found != found else found  # noqa: PLR0124 - nobody knows where it is

    def keep(self, asked: Hashable, posting: Posting) -> None:
        """Keep who has a thing; what was not asked for the longest goes."""
        self.postings.pop(asked, None)
        self.postings[asked] = posting
        while len(self.postings) > POSTINGS_AT_MOST:
            self.postings.popitem(last=False)

    def patch_from(self, old: Board, touched: Iterable[int]) -> None:
        """Take over what ``old`` derived, with what it is now at the places that were written since."""
        places = sorted(touched)
        for (what, about), planes in list(old._derived.items()):
            value = VALUES[what]
            self._derived[what, about] = patched(planes, {place: value(self, place, about) for place in places})


def _worth(board: Board, place: int, today: int) -> int:
    day = board.fresh[place]
    return worth_of(today - day if day else None, board.quality[place])


def _steps(board: Board, place: int, postcode: str) -> int | None:
    kilometres = board.distance(place, postcode)
    return None if kilometres is None else int(kilometres * STEPS)


def _is_open(board: Board, place: int, slot: int) -> int:
    week = board.open_weeks[place]
    return week[slot // 8] >> slot % 8 & 1 if week is not None else 0


VALUES: dict[Number, Callable[[Board, int, Any], int]] = {
    Number.WORTH: _worth,
    Number.FRESH: lambda board, place, _about: board.fresh[place],
    Number.CLOSE: lambda board, place, postcode: close_to(_steps(board, place, postcode)),
    Number.NEARER: lambda board, place, postcode: nearer(_steps(board, place, postcode)),
    Number.HAS_PLACES: lambda board, place, today: int(board.has_places_until[place] > today),
    Number.OPEN: _is_open,
}


def board(revision: Revision) -> Board:
    """The board of that revision: the one that is kept, brought up to date where it is older.

    Who read the revision just before somebody wrote gets the newer board that another thread has made since.
    """
    global _kept  # noqa: PLW0603 - one per process
    held = _kept
    if held is not None and held.revision == revision:
        return held
    with _lock:
        if _kept is None or (_kept.revision != revision and not _is_newer(_kept.revision, revision)):
            _kept = _made(_kept, revision)
        return _kept


def knows(asked: Iterable[Hashable]) -> bool:
    """Whether the board that is kept has been asked for all of these: then it answers faster than the statement."""
    held = _kept
    return held is not None and all(each in held.postings for each in asked)


def forget_board() -> None:
    """For tests, where rows come and go without a number."""
    global _kept  # noqa: PLW0603 - one per process
    with _lock:
        _kept = None


_kept: Board | None = None
_lock = threading.Lock()


def _is_newer(held: Revision, asked: Revision) -> bool:
    """Not where numbers went back: the entry that was written last is gone, or the database is another."""
    if held.changes < asked.changes or held.entries <= asked.entries:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(revision) FROM directory_searchentry")
        return bool(cursor.fetchone()[0] == held.entries)


def _made(old: Board | None, revision: Revision) -> Board:
    """A new board: of the old one and what changed since, or of all entries. Readers of the old one keep it."""
    if old is None or revision.entries < old.revision.entries:
        return _whole(revision)
    rows = list(_rows(old.revision.entries))
    gone = _gone(old) if revision.changes != old.revision.changes else set()
    new = [row[0] for row in rows if row[0] not in old.places]
    # Records of equal worth stand in the order of their keys, so new ones come behind.
    if len(rows) + len(gone) > len(old.keys) // 20 + 50 or (new and old.keys and new[0] < old.keys[-1]):
        return _whole(revision)
    moved = bits_of({old.places[row[0]] for row in rows if row[0] in old.places} | {old.places[key] for key in gone})
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
        latitude=old.latitude[:],
        longitude=old.longitude[:],
        postings=old.postings,
    )
    made.patch_from(old, _put(made, rows))
    return made


def _whole(revision: Revision) -> Board:
    made = Board(revision)
    _put(made, _rows(0))
    return made


def _put(made: Board, rows: Iterable[Sequence[Any]]) -> set[int]:
    """Put entries on the board, and say where; those that are there already have been cleared."""
    tags: dict[int, list[int]] = {}
    visible: dict[str, list[int]] = {}
    weeks: dict[bytes, bytes] = {}  # many keep the same hours
    touched = set()
    for key, visibility, own_tags, open_week, until, fresh_on, quality, latitude, longitude in rows:
        place = made.places.get(key)
        if place is None:
            place = made.places[key] = len(made.keys)
            made.keys.append(key)
            made.fresh.append(NEVER)
            made.quality.append(0)
            made.has_places_until.append(NEVER)
            made.open_weeks.append(None)
            made.latitude.append(NOWHERE)
            made.longitude.append(NOWHERE)
        touched.add(place)
        made.fresh[place] = fresh_on.toordinal() if fresh_on else NEVER
        made.quality[place] = quality
        made.has_places_until[place] = until.toordinal() if until else NEVER
        week = bytes(open_week) if open_week is not None else None
        made.open_weeks[place] = weeks.setdefault(week, week) if week is not None else None
        made.latitude[place] = NOWHERE if latitude is None else latitude
        made.longitude[place] = NOWHERE if longitude is None else longitude
        visible.setdefault(visibility, []).append(place)
        for tag in own_tags:
            tags.setdefault(tag, []).append(place)
    for tag, places in tags.items():
        made.tags[tag] = made.tags.get(tag, 0) | bits_of(places)
    for name, places in visible.items():
        made.visible[name] = made.visible.get(name, 0) | bits_of(places)
    return touched


def _rows(after: int) -> Iterator[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, [after])
        yield from cursor.fetchall()


def _gone(old: Board) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(service_id) FROM directory_searchentry")
        (there,) = cursor.fetchone()
    return old.places.keys() - set(there or ())


ENTRIES = """
SELECT service_id, visibility, tags, open_week, has_places_until, fresh_on, quality, latitude, longitude
FROM directory_searchentry WHERE revision > %s ORDER BY service_id
"""
