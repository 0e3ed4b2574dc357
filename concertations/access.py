"""Who may do what around concertations: one sentence, one function.

What somebody may see is not asked here but fetched: ``queries.meetings_for``, and for the team
``staff_queries.series_kept_by``.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from basins.access import holds
from basins.models import User
from basins.rights import Right
from concertations.models import Series


def keeps_series(user: User | AnonymousUser, basin: str | None) -> bool:
    """Staff of a basin keep its series; those of the Region are kept by who has the right there (``None``)."""
    return holds(user, Right.MANAGE_CONCERTATIONS, basin)


def may_manage_series(user: User | AnonymousUser, series: Series) -> bool:
    """Who keeps the series of a basin keeps its meetings, agendas, registrations and minutes."""
    return keeps_series(user, series.basin.code if series.basin else None)
