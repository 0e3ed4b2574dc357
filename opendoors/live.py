"""The week as it is at this moment: its edition and the seats of all its visits, in one query.

What changes seldom (the edition's row, the visits with their hosts) is kept in the process under the version of
the programme; what changes with each booking is read for each request. docs/decisions/grid.md has the figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from opendoors.enums import PUBLIC_STATES, VisitState, WishState
from opendoors.models import Edition, Visit
from opendoors.queries import Reader, editions_for, kept_edition

KEPT_AT_MOST = 64


class Seats(NamedTuple):
    """The live part of a visit."""

    seats: int
    left: int
    cancelled: bool
    held: int = 0  # of those that are not left: on offer to the waiting list
    waiting: int = 0  # how many requests stand in line where it is full

    def fit(self, number: int) -> bool:
        """Whether ``number`` people can book now."""
        return self.left >= number and not self.cancelled


@dataclass(frozen=True, slots=True)
class Week:
    """An edition with the seats of its visits, as they were read for one request."""

    edition: Edition
    seats: dict[UUID, Seats]

    def visits(self, identifiers: Iterable[UUID]) -> dict[UUID, Visit]:
        """These visits as they were read, with their host, without asking again; those of other weeks are left out."""
        kept = _kept_visits(self.edition)
        return {key: self._now(kept[key], self.seats[key]) for key in identifiers if key in kept and key in self.seats}

    def learn(self, visits: Iterable[Visit]) -> None:
        """Take over what a rule has read since, under lock: the page shows what it refused for."""
        for visit in visits:
            before = self.seats.get(visit.uuid)
            self.seats[visit.uuid] = Seats(
                visit.seats, visit.seats_left, visit.is_cancelled, visit.seats_held, before.waiting if before else 0
            )

    def _now(self, kept: Visit, now: Seats) -> Visit:
        visit = copy(kept)
        visit.edition = self.edition
        visit.seats, visit.seats_taken, visit.seats_held = now.seats, now.seats - now.left - now.held, now.held
        visit.state = VisitState.CANCELLED if now.cancelled else VisitState.PLANNED
        return visit


# The edition's stand and the seats of its visits as one row: a list of rows costs a rush six times as much.
_READ = """
SELECT edition.id, edition.programme_version, edition.modified::text, basin.modified::text, (
    SELECT json_agg(json_build_array(
        visit.uuid, visit.seats, visit.seats_taken, visit.seats_held, visit.state = %(cancelled)s,
        CASE WHEN visit.state = %(planned)s AND visit.seats <= visit.seats_taken + visit.seats_held THEN (
            SELECT count(*) FROM opendoors_wish wish WHERE wish.visit_id = visit.id AND wish.state = %(waiting)s
        ) ELSE 0 END
    ))
    FROM opendoors_visit visit WHERE visit.edition_id = edition.id AND visit.state <> %(proposed)s
)
FROM opendoors_edition edition JOIN basins_basin basin ON basin.id = edition.basin_id
"""
_STATES = {
    "cancelled": VisitState.CANCELLED.value,
    "planned": VisitState.PLANNED.value,
    "proposed": VisitState.PROPOSED.value,
    "waiting": WishState.WAITING.value,
}


def week_for(user: Reader, basin: str, slug: str) -> Week:
    """A week by its address. One query, and one more where the edition is not published.

    Raises ``Edition.DoesNotExist`` for what the reader may not see.
    """
    row = _read("WHERE basin.code = %(basin)s AND edition.slug = %(slug)s", basin=basin, slug=slug)
    if row is None:
        raise Edition.DoesNotExist
    pk, *stand, visits = row
    edition = kept_edition(pk, tuple(stand))
    if edition.state not in PUBLIC_STATES and not editions_for(user, basin).filter(pk=pk).exists():
        raise Edition.DoesNotExist
    return Week(edition, _seats(visits))


def live_seats(edition: Edition) -> dict[UUID, Seats]:
    """Seats of all visits of the edition, read now. One query."""
    row = _read("WHERE edition.id = %(pk)s", pk=edition.pk)
    return _seats(row[-1]) if row else {}


def _read(where: str, **values: str | int) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(_READ + where, {**values, **_STATES})
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def _seats(visits: list[list[Any]] | None) -> dict[UUID, Seats]:
    return {
        UUID(uuid): Seats(seats, seats - taken - held, cancelled, held, waiting)
        for uuid, seats, taken, held, cancelled, waiting in visits or ()
    }


_VISITS: dict[tuple[int, int], dict[UUID, Visit]] = {}


def _kept_visits(edition: Edition) -> dict[UUID, Visit]:
    key = (edition.pk, edition.programme_version)
    kept = _VISITS.get(key)
    if kept is None:
        visits = Visit.objects.filter(edition=edition).exclude(state=VisitState.PROPOSED).select_related("host")
        kept = {visit.uuid: visit for visit in visits}
        while len(_VISITS) >= KEPT_AT_MOST:
            _VISITS.pop(next(iter(_VISITS)), None)
        _VISITS[key] = kept
    return kept
