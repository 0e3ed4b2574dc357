"""What is counted of a programme: one count for the team's page and for the figures of all missions."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from opendoors.enums import BookedState, VisitState
from opendoors.models import BookedVisit, Visit


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
