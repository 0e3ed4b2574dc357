"""What is read of the concertations, limited to what the reader may see."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from basins.models import User
from basins.rights import Right
from concertations.enums import PUBLIC_STATES, SeriesKind
from concertations.models import Meeting, Series

Reader = User | AnonymousUser


def kept_by(user: Reader) -> Q:
    """Series whose basin the reader keeps; those of the Region by who may keep every basin's."""
    if not isinstance(user, User):
        return Q(pk__in=())
    mine = Q(basin__code__in=user.basins_with(Right.MANAGE_CONCERTATIONS))
    return mine | Q(basin__isnull=True) if user.has_right(Right.MANAGE_CONCERTATIONS, None) else mine


def series_for(user: Reader) -> QuerySet[Series]:
    """Every open series; a closed group shows itself, its meetings are its members' affair."""
    return Series.objects.select_related("basin", "theme")


def meetings_for(user: Reader) -> QuerySet[Meeting]:
    """What was announced, closed groups apart; for the team also its drafts and its closed groups."""
    public = Q(state__in=PUBLIC_STATES) & ~Q(series__kind=SeriesKind.COMMUNITY)
    mine = Q(series__in=Series.objects.filter(kept_by(user)))
    return Meeting.objects.filter(public | mine).select_related("series__basin", "series__theme", "municipality")


def series_of(user: Reader, basin: str | None) -> QuerySet[Series]:
    """The series of one basin, or (``None``) the Region's own."""
    found = series_for(user)
    return found.filter(basin__code=basin) if basin else found.filter(basin=None)


def meetings_of(user: Reader, basin: str | None, slug: str) -> QuerySet[Meeting]:
    """The meetings of one series that the reader may see."""
    found = meetings_for(user).filter(series__slug=slug)
    return found.filter(series__basin__code=basin) if basin else found.filter(series__basin=None)
