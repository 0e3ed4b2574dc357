"""How many people came: a team is noted as one, with how many of it came.

Everything that counts attendance counts by this module, so that the parts always add up to the seats taken.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, IntegerField, QuerySet, Sum
from django.db.models.functions import Coalesce

from opendoors.enums import Attendance
from opendoors.models import BookedVisit


def missing(path: str = "") -> Coalesce:
    """Of a team that came: how many stayed away; 0 for everybody else. ``path`` leads to the booked visit."""
    # ``came`` is set of teams that are present and not whole, and of nobody else: see its constraint.
    return Coalesce(F(f"{path}seats") - F(f"{path}came"), 0, output_field=IntegerField())


def people(rows: QuerySet[BookedVisit], by: str) -> Iterator[tuple[int, str, int]]:
    """How many people by ``by`` (a field that leads to a key) and by what was said of them. One query.

    Who stayed away from a team that came counts as absent: the same key and word may come twice.
    """
    counted = rows.order_by().values_list(by, "attendance").annotate(number=Sum("seats"), away=Sum(missing()))
    for key, word, number, away in counted:
        yield key, word, number - away
        if away:
            yield key, Attendance.ABSENT, away


def present(rows: QuerySet[BookedVisit]) -> int:
    """How many people of these rows were seen. One query."""
    seen = rows.filter(attendance=Attendance.PRESENT)
    return int(seen.aggregate(number=Sum(F("seats") - missing(), default=0))["number"])
