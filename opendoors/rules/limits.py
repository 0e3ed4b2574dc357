"""What an edition allows to one person and to one organisation, so that there is something for everybody.

Asked with the visitor's row locked (visits of a person) and the visits' rows (seats of an
organisation). Organisations are compared folded; who named none is not limited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from core.text import fold
from opendoors.enums import BookedState, WishState
from opendoors.errors import OrganisationLimit, VisitLimit
from opendoors.models import BookedVisit, Edition, Visit, Wish


class OrganisationSeats:
    """Seats that each organisation has in some visits, booked or on offer; read once, counted on."""

    def __init__(self, edition: Edition, visits: Iterable[Visit]) -> None:
        """Two queries where the edition has a limit, none otherwise. The visits are locked."""
        self.limit = edition.seats_per_organisation
        self._used: Counter[tuple[int, str]] = Counter()
        if self.limit is None:
            return
        keys = [visit.pk for visit in visits]
        booked = BookedVisit.objects.filter(visit__in=keys, state=BookedState.CONFIRMED)
        offered = Wish.objects.filter(visit__in=keys, state=WishState.OFFERED)
        for key, organisation, seats in [
            *booked.values_list("visit_id", "booking__organisation", "seats"),
            *offered.values_list("visit_id", "request__organisation", "request__seats"),
        ]:
            self.add(key, organisation, seats)

    def add(self, visit_id: int, organisation: str, seats: int) -> None:
        self._used[visit_id, fold(organisation)] += seats

    def left(self, visit_id: int, organisation: str) -> int | None:
        """Seats that the organisation may still have in the visit; ``None``: no limit."""
        folded = fold(organisation)
        if self.limit is None or not folded:
            return None
        return max(self.limit - self._used[visit_id, folded], 0)

    def fits(self, visit_id: int, organisation: str, seats: int) -> bool:
        left = self.left(visit_id, organisation)
        return left is None or seats <= left


def refuse_too_many_visits(edition: Edition, number: int) -> None:
    """Raise ``VisitLimit`` where one person would have ``number`` visits and the edition allows fewer."""
    if edition.visits_per_visitor is not None and number > edition.visits_per_visitor:
        raise VisitLimit(edition.visits_per_visitor)


def refuse_organisation_over(
    edition: Edition, visits: Sequence[Visit], organisation: str, more: int | Mapping[int, int]
) -> None:
    """Raise ``OrganisationLimit`` naming the visits in which the organisation would have too many seats.

    ``more``: the seats asked for in each visit, or by the visit's key.
    """
    if edition.seats_per_organisation is None or not visits or not fold(organisation):
        return
    used = OrganisationSeats(edition, visits)
    over = [
        (visit, used.left(visit.pk, organisation) or 0)
        for visit in visits
        if not used.fits(visit.pk, organisation, more if isinstance(more, int) else more.get(visit.pk, 0))
    ]
    if over:
        raise OrganisationLimit(edition.seats_per_organisation, over)
