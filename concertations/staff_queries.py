"""What a team reads of its series and meetings: drafts and closed groups included, other basins' never."""

from __future__ import annotations

from django.db.models import QuerySet

from basins.models import User
from concertations import queries
from concertations.models import Meeting, Series


def series_kept_by(user: User, basin: str | None) -> QuerySet[Series]:
    """The series of a basin (``None``: of the Region) that the person keeps."""
    of_basin = Series.objects.filter(basin__code=basin) if basin else Series.objects.filter(basin=None)
    return of_basin.filter(queries.kept_by(user)).select_related("basin", "theme")


def meetings_kept_by(user: User, basin: str | None, slug: str) -> QuerySet[Meeting]:
    """The meetings of such a series, drafts included."""
    kept = Meeting.objects.filter(series__in=series_kept_by(user, basin).filter(slug=slug))
    return kept.select_related("series__basin", "series__theme", "municipality")
