"""What somebody may visit instead, when a host moved a visit or called it off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import F
from django.utils import timezone

from opendoors.enums import VisitState
from opendoors.models import Visit

ALTERNATIVES = 3


def alternatives(
    lost: Visit, *, held: Iterable[Visit] = (), seats: int = 1, at_most: int = ALTERNATIVES
) -> list[Visit]:
    """Visits of the same edition with ``seats`` free seats that overlap nothing ``held``, the best first.

    Nearest in time to ``lost``, then in its municipality, then of its host's sector. Whether one can still
    book at all is for the caller to ask (``rules.booking.why_not_bookable``). One query.
    """
    busy = [(visit.starts_at, visit.ends_at) for visit in held if visit.pk != lost.pk]
    rows = (
        Visit.objects.filter(edition_id=lost.edition_id, state=VisitState.PLANNED, starts_at__gt=timezone.now())
        .filter(seats__gte=F("seats_taken") + F("seats_held") + seats)
        .exclude(pk=lost.pk)
        .select_related("host", "place__municipality", "edition__basin")
    )
    free = [visit for visit in rows if all(ends <= visit.starts_at or visit.ends_at <= starts for starts, ends in busy)]
    return sorted(free, key=lambda visit: _distance(lost, visit))[:at_most]


def _distance(lost: Visit, visit: Visit) -> tuple[dt.timedelta, bool, bool, dt.datetime, int]:
    here = lost.place.municipality_id
    sector = lost.host.sector
    return (
        abs(visit.starts_at - lost.starts_at),
        here is None or visit.place.municipality_id != here,
        not sector or visit.host.sector != sector,
        visit.starts_at,
        visit.pk,
    )
