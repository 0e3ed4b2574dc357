"""The week as a grid: days down, bands across, a card per visit.

What does not change between two visits to the page (names, times, languages, the whole structure) is
rendered once per programme version and language and kept; a request reads the seats with one query
and fills them in. `docs/decisions/grid.md` has the figures.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from core import spoken
from core.bilingual import current_language, text
from opendoors.enums import VisitState
from opendoors.live import Seats, live_seats
from opendoors.models import Edition, Visit
from opendoors.queries import visit_url
from opendoors.records import organization_urls

KEPT_AT_MOST = 64
# A record separator cannot come from anybody's text: forms and imports refuse control characters.
MARK = "\x1e"
_SLOT = re.compile(f"{MARK}([a-z]+):([0-9a-f-]{{36}}){MARK}")
_SATURDAY = 5


class Slot(NamedTuple):
    """A place in the kept page that each request fills anew: a ``part`` of the card of one visit."""

    part: str
    visit: UUID
    key: str  # the visit as it stands in the page


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows of a visit; the ``*_slot`` values stand for what is filled in later."""

    visit: Visit
    hours: str
    directory_url: str = ""

    @property
    def town(self) -> str:
        """The municipality, in the reader's language; "" where nobody said."""
        municipality = self.visit.place.municipality
        return str(text(municipality, "name")) if municipality else ""

    @property
    def url(self) -> str:
        return visit_url(self.visit)

    def _slot(self, part: str) -> SafeString:
        return mark_safe(f"{MARK}{part}:{self.visit.uuid}{MARK}")  # noqa: S308 - a UUID and a fixed word

    @property
    def class_slot(self) -> SafeString:
        return self._slot("class")

    @property
    def input_slot(self) -> SafeString:
        return self._slot("input")

    @property
    def seats_slot(self) -> SafeString:
        return self._slot("seats")

    @property
    def start_key(self) -> int:
        """The beginning in minutes, for the page's script to see what overlaps."""
        return int(self.visit.starts_at.timestamp()) // 60

    @property
    def end_key(self) -> int:
        return int(self.visit.ends_at.timestamp()) // 60


@dataclass(slots=True)
class BandOfDay:
    """The visits of one band of one day; ``begins`` and ``ends`` are wall-clock times."""

    begins: dt.time
    ends: dt.time
    cards: list[Card] = field(default_factory=list)

    @property
    def label(self) -> str:
        return spoken.hours(self.begins, self.ends)


@dataclass(slots=True)
class Day:
    """One day of the edition with its bands."""

    date: dt.date
    bands: list[BandOfDay]

    @property
    def has_visits(self) -> bool:
        return any(band.cards for band in self.bands)


def days_of(edition: Edition) -> list[Day]:
    """The programme in the order of the grid: working days, and others that have visits.

    A visit stands in the last band that begins no later than it does.
    """
    spans = [(dt.time.fromisoformat(begins), dt.time.fromisoformat(ends)) for begins, ends in edition.bands]
    dates = [edition.starts_on + dt.timedelta(n) for n in range((edition.ends_on - edition.starts_on).days + 1)]
    days = {date: Day(date, [BandOfDay(*span) for span in spans]) for date in dates}
    visits = (
        Visit.objects.filter(edition=edition)
        .exclude(state=VisitState.PROPOSED)
        .select_related("host", "place__municipality", "edition__basin")
        .order_by("starts_at", "host__search_name")
    )
    in_directory = organization_urls({visit.host_id for visit in visits}, edition.basin.code)
    for visit in visits:
        starts, ends = timezone.localtime(visit.starts_at), timezone.localtime(visit.ends_at)
        bands = days[starts.date()].bands
        band = next((band for band in reversed(bands) if band.begins <= starts.time()), bands[0])
        differs = (starts.time(), ends.time()) != (band.begins, band.ends)
        hours = spoken.hours(starts, ends) if differs else ""
        band.cards.append(Card(visit, hours, in_directory.get(visit.host_id, "")))
    return [day for day in days.values() if day.date.weekday() < _SATURDAY or day.has_visits]


@dataclass(frozen=True, slots=True)
class Ticks:
    """What is ticked in the grid: visits to book, visits to wait for, those that clash; and for how many people."""

    chosen: Collection[UUID] = ()
    waits: Collection[UUID] = ()
    clashing: Collection[UUID] = ()
    seats: int = 1
    own: Collection[UUID] = ()  # held already: to be kept or given back, however full


def render_grid(
    edition: Edition,
    *,
    bookable: bool,
    ticks: Ticks | None = None,
    may_wait: bool = True,
    may_untick: bool = False,
    seats: Mapping[UUID, Seats] | None = None,
) -> SafeString:
    """The grid's HTML with the seats of this moment, or with ``seats`` as the request has read them already.

    A card with seats for all is sent as ``visits``, one without as ``waits``: the waiting list, where
    ``may_wait``. One that is chosen can always be unticked. Without ``bookable`` nothing can be ticked;
    ``may_untick`` leaves the way out of what is chosen.
    """
    language = current_language()
    ticks = ticks or Ticks()
    chosen, waits, clashing, number = ticks.chosen, ticks.waits, ticks.clashing, ticks.seats
    may_wait = may_wait and bookable
    seats = live_seats(edition) if seats is None else seats
    gone = Seats(0, 0, cancelled=True)
    out: list[str] = []
    for piece in _kept(edition, language).pieces:
        if isinstance(piece, str):
            out.append(piece)
            continue
        part, visit, key = piece
        now = seats.get(visit, gone)
        if part == "seats":
            out.append(seats_html(now, language, may_wait))
        elif part == "class":
            out.append("" if now.fit(number) else " full")
            out.append("" if bookable else " shut")
            out.append(" clashing" if visit in clashing else "")
        elif visit in chosen and (bookable or may_untick):
            out.append(f' name="visits" value="{key}" checked')
        elif bookable and (now.fit(number) or visit in ticks.own):
            out.append(f' name="visits" value="{key}"')
        elif may_wait and not now.cancelled:
            out.append(f' name="waits" value="{key}"{" checked" if visit in waits else ""}')
        else:
            out.append(f' name="visits" value="{key}" disabled')
    return mark_safe("".join(out))  # noqa: S308 - every piece comes out of an escaping template


@lru_cache(maxsize=4096)
def seats_html(now: Seats, language: str, may_wait: bool = False) -> str:
    """The level and its words, e.g. "9 seats", in the active language, which ``language`` must name."""
    context = {
        "left": now.left,
        "seats": now.seats,
        "cancelled": now.cancelled,
        "may_wait": may_wait,
        "waiting": now.waiting,
    }
    return render_to_string("opendoors/_seats.html", context).strip()


@dataclass(frozen=True, slots=True)
class ProgrammeFigures:
    """What stands under the title: visits that are on, their hosts and seats."""

    visits: int
    hosts: int
    seats: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of one version of a programme in one language: the page cut at its slots, the figures."""

    pieces: tuple[str | Slot, ...]
    figures: ProgrammeFigures


_KEPT: dict[tuple[int, int, str], _Kept] = {}


def programme_figures(edition: Edition) -> ProgrammeFigures:
    """The figures of the programme as it stands."""
    return _kept(edition, current_language()).figures


def _kept(edition: Edition, language: str) -> _Kept:
    """Kept in the process itself: as Python objects, for unpickling them would cost as much as the rest."""
    key = (edition.pk, edition.programme_version, language)
    kept = _KEPT.get(key)
    if kept is None:
        days = days_of(edition)
        bands = [band.label for band in days[0].bands] if days else []
        first = next((number for number, day in enumerate(days) if day.has_visits), 0)
        html = render_to_string("opendoors/_grid.html", {"days": days, "bands": bands, "first": first})
        visits = [
            card.visit for day in days for band in day.bands for card in band.cards if not card.visit.is_cancelled
        ]
        hosts = {visit.host_id for visit in visits}
        figures = ProgrammeFigures(len(visits), len(hosts), sum(visit.seats for visit in visits))
        kept = _Kept(tuple(_cut(html)), figures)
        while len(_KEPT) >= KEPT_AT_MOST:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = kept
    return kept


def _cut(html: str) -> Iterator[str | Slot]:
    end = 0
    for found in _SLOT.finditer(html):
        yield html[end : found.start()]
        yield Slot(found[1], UUID(found[2]), found[2])
        end = found.end()
    yield html[end:]
