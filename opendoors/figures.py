"""What is counted of a week: one count for the team's page, the public page and the figures of all missions.

Seats count people: a team of four that holds a visit counts four, and of who came as many as came. What is
called off or only proposed counts nowhere. All of an edition's figures cost a fixed number of queries, each
limited to the edition through an index, however many editions there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from basins.enums import Language, Sector
from core import spoken
from core.bilingual import text
from core.small_counts import shown, without_small
from opendoors import head_count, queries
from opendoors.enums import Attendance, BookedState, VisitLanguage, VisitState, WaitingState
from opendoors.models import BookedVisit, Booking, Edition, Visit, Visitor

NOT_SAID = ""  # attendance that nobody noted, a sector that nobody gave


@dataclass(frozen=True, slots=True)
class ProgrammeFigures:
    """Hosts, visits and seats of what is planned; ``taken`` seats, by so many ``visitors``."""

    hosts: int
    visits: int
    seats: int
    taken: int
    visitors: int


def count(visits: QuerySet[Visit]) -> ProgrammeFigures:
    """The figures of these visits, without those called off. Counted now, in two queries."""
    planned = visits.filter(state=VisitState.PLANNED)
    programme = planned.aggregate(
        hosts=Count("host", distinct=True),
        visits=Count("pk"),
        seats=Sum("seats", default=0),
        taken=Sum("seats_taken", default=0),
    )
    held = BookedVisit.objects.filter(visit__in=planned, state=BookedState.CONFIRMED)
    visitors = held.aggregate(visitors=Count("booking__visitor", distinct=True))
    return ProgrammeFigures(**programme, **visitors)


def seen_at(visits: QuerySet[Visit]) -> int:
    """People of whom somebody noted that they came. One query."""
    return head_count.present(BookedVisit.objects.filter(visit__in=visits, state=BookedState.CONFIRMED))


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a programme: the visits of a day, an hour, a municipality, a language, a host's field of work.

    ``booked`` and ``present`` are people; None is a count that is not published.
    """

    label: str
    short: str  # where there is little room
    visits: int
    seats: int
    booked: int | None
    present: int | None
    is_known: bool = True  # False: the part of which nobody said what it is


@dataclass(frozen=True, slots=True)
class Share:
    """Part of the people: so many of one field of work, one language, one attendance. None: not published."""

    label: str
    number: int | None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class EditionFigures:
    """All that is counted of one edition. People's counts are None where they are not published."""

    hosts: int
    visits: int
    called_off: int
    seats: int
    booked: int | None  # seats taken
    bookings: int | None
    visitors: int | None
    walk_ins: int | None
    waiting: int | None  # requests on the waiting list, whatever became of them
    by_day: Sequence[Part]
    by_hour: Sequence[Part]
    by_municipality: Sequence[Part]
    by_language: Sequence[Part]
    by_host_sector: Sequence[Part]
    visitors_by_sector: Sequence[Share]
    visitors_by_language: Sequence[Share]
    attendance: Sequence[Share]  # of the seats taken
    waiting_by_state: Sequence[Share]

    @property
    def present(self) -> int | None:
        """People of whom somebody said that they came."""
        return self.attendance[0].number


@dataclass(slots=True)
class _Sums:
    visits: int = 0
    seats: int = 0
    booked: int = 0
    present: int = 0


def of_edition(edition: Edition) -> EditionFigures:
    """Count an edition now, with labels in the reader's language. Five queries."""
    rows = list(
        edition.visits.exclude(state=VisitState.PROPOSED)
        .select_related("host", "place__municipality")
        .order_by("starts_at", "pk")
    )
    visits = [visit for visit in rows if visit.state == VisitState.PLANNED]
    booked = _booked_by_visit(edition)
    attended: dict[str, int] = {}
    for seats in booked.values():
        for attendance, number in seats.items():
            attended[attendance] = attended.get(attendance, 0) + number
    visitors = _visitors(edition)
    waiting = _waiting(edition)

    def parts(key: Callable[[Visit], Any], label: Callable[[Any], tuple[str, str]]) -> list[Part]:
        return _parts(visits, booked, key, label)

    return EditionFigures(
        hosts=len({visit.host_id for visit in visits}),
        visits=len(visits),
        called_off=len(rows) - len(visits),
        seats=sum(visit.seats for visit in visits),
        booked=sum(attended.values()),
        bookings=_bookings(edition),
        visitors=sum(visitors.values()),
        walk_ins=sum(visit.walk_ins for visit in visits),
        waiting=sum(waiting.values()),
        by_day=parts(_day, lambda day: (spoken.weekday_date(day), spoken.weekday_short(day))),
        by_hour=parts(_band_of(edition), lambda band: (spoken.hours(*band), spoken.hour(band[0]))),
        by_municipality=_largest_first(parts(lambda visit: visit.place.municipality, _municipality)),
        by_language=_largest_first(parts(lambda visit: (visit.languages or [NOT_SAID])[0], _visit_language)),
        by_host_sector=_largest_first(parts(lambda visit: visit.host.sector, _sector)),
        visitors_by_sector=_shares(_summed(visitors, 0), [*Sector.values, NOT_SAID], lambda key: _sector(key)[0]),
        visitors_by_language=_shares(_summed(visitors, 1), Language.values, lambda key: str(Language(key).label)),
        attendance=attendance_shares(attended),
        waiting_by_state=[Share(str(state.label), waiting.get(state, 0)) for state in WaitingState],
    )


def attendance_shares(counts: Mapping[str, int]) -> list[Share]:
    """Present, excused, absent, not noted: in this order."""
    return [Share(_attendance(key), counts.get(key, 0), key != NOT_SAID) for key in [*Attendance.values, NOT_SAID]]


# --- For everybody -------------------------------------------------------------------------------


def for_everybody(figures: EditionFigures) -> EditionFigures:
    """The same without the counts of people that are too small to publish, see ``core.small_counts``.

    Hosts, visits and seats stand in the public programme. Who came is published for the week as a
    whole: of a day or a place, those who did not come could be told from those who had booked.
    """
    return replace(
        figures,
        booked=shown(figures.booked),
        bookings=shown(figures.bookings),
        visitors=shown(figures.visitors),
        walk_ins=shown(figures.walk_ins),
        waiting=shown(figures.waiting),
        by_day=_published_parts(figures.by_day),
        by_hour=_published_parts(figures.by_hour),
        by_municipality=_published_parts(figures.by_municipality),
        by_language=_published_parts(figures.by_language),
        by_host_sector=_published_parts(figures.by_host_sector),
        visitors_by_sector=published(figures.visitors_by_sector),
        visitors_by_language=published(figures.visitors_by_language),
        attendance=published(figures.attendance),
        waiting_by_state=published(figures.waiting_by_state),
    )


def published(shares: Sequence[Share]) -> list[Share]:
    """Shares of a whole that may be known, without what is too small."""
    numbers = without_small({index: share.number or 0 for index, share in enumerate(shares)})
    return [replace(share, number=numbers[index]) for index, share in enumerate(shares)]


def _published_parts(parts: Sequence[Part]) -> list[Part]:
    numbers = without_small({index: part.booked or 0 for index, part in enumerate(parts)})
    return [replace(part, booked=numbers[index], present=None) for index, part in enumerate(parts)]


# --- Counting ------------------------------------------------------------------------------------


def _held(edition: Edition) -> QuerySet[BookedVisit]:
    return BookedVisit.objects.filter(
        visit__edition=edition, visit__state=VisitState.PLANNED, state=BookedState.CONFIRMED
    )


def _booked_by_visit(edition: Edition) -> dict[int, dict[str, int]]:
    """Seats taken by visit and by what was said of who came."""
    found: dict[int, dict[str, int]] = {}
    for visit, attendance, number in head_count.people(_held(edition), by="visit"):
        said = found.setdefault(visit, {})
        said[attendance] = said.get(attendance, 0) + number
    return found


def _bookings(edition: Edition) -> int:
    return int(_held(edition).aggregate(number=Count("booking", distinct=True))["number"])


def _visitors(edition: Edition) -> dict[tuple[str, str], int]:
    """People who hold a seat, each once: by the field of work of their newest booking, and by language."""
    newest = (
        Booking.objects.filter(
            visitor=OuterRef("pk"), booked__state=BookedState.CONFIRMED, booked__visit__state=VisitState.PLANNED
        )
        .order_by("-created", "-pk")
        .values("sector")[:1]
    )
    visitors = Visitor.objects.filter(edition=edition).annotate(sector=Subquery(newest)).exclude(sector=None)
    counted = visitors.order_by().values_list("sector", "language").annotate(number=Count("pk"))
    return {(sector, language): number for sector, language, number in counted}


def _waiting(edition: Edition) -> dict[str, int]:
    requests = queries.requests_of_edition(edition).order_by()
    return dict(requests.values_list("state").annotate(number=Count("pk")))


def _summed(counts: Mapping[tuple[str, str], int], place: int) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, number in counts.items():
        sums[key[place]] = sums.get(key[place], 0) + number
    return sums


def _parts(
    visits: Iterable[Visit],
    booked: Mapping[int, Mapping[str, int]],
    key: Callable[[Visit], Any],
    label: Callable[[Any], tuple[str, str]],
) -> list[Part]:
    """The visits by a key, in the order of its values where they have one."""
    sums: dict[Any, _Sums] = {}
    for visit in visits:
        part, seats = sums.setdefault(key(visit), _Sums()), booked.get(visit.pk, {})
        part.visits += 1
        part.seats += visit.seats
        part.booked += sum(seats.values())
        part.present += seats.get(Attendance.PRESENT, 0)
    keys = sorted(sums) if all(isinstance(each, dt.date | tuple) for each in sums) else list(sums)
    return [
        Part(*label(each), one.visits, one.seats, one.booked, one.present, is_known=bool(each))
        for each, one in ((each, sums[each]) for each in keys)
    ]


def _largest_first(parts: list[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: (-part.seats, part.label))


def _shares(counts: Mapping[str, int], keys: Iterable[str], label: Callable[[str], str]) -> list[Share]:
    """All that could have been said, the most frequent first; what nobody said last."""
    shares = [(key, Share(label(key), counts.get(key, 0), key != NOT_SAID)) for key in keys]
    ordered = sorted(shares, key=lambda pair: (pair[0] == NOT_SAID, -(pair[1].number or 0)))
    return [share for _key, share in ordered]


# --- Keys and their words ------------------------------------------------------------------------


def _day(visit: Visit) -> dt.date:
    return timezone.localtime(visit.starts_at).date()


def _band_of(edition: Edition) -> Callable[[Visit], tuple[dt.time, dt.time]]:
    """The band of the day in which a visit stands on the page of the week."""
    bands = [(dt.time.fromisoformat(begins), dt.time.fromisoformat(ends)) for begins, ends in edition.bands]

    def band(visit: Visit) -> tuple[dt.time, dt.time]:
        begins = timezone.localtime(visit.starts_at).time()
        return next((each for each in reversed(bands) if each[0] <= begins), bands[0])

    return band


def _municipality(municipality: Any) -> tuple[str, str]:
    name = str(text(municipality, "name")) if municipality else _("place not known")
    return name, name


def _visit_language(code: str) -> tuple[str, str]:
    name = str(VisitLanguage(code).label) if code else _("language not known")
    return name, code.upper()


def _sector(code: str) -> tuple[str, str]:
    name = str(Sector(code).label) if code else _("not said")
    return name, name


def _attendance(code: str) -> str:
    return str(Attendance(code).label) if code else _("not noted")
