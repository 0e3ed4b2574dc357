"""What is read of the concertations, limited to what the reader may see."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Min, Q, QuerySet
from django.urls import NoReverseMatch
from django.utils import timezone

from basins.models import User
from basins.rights import Right
from concertations import access
from concertations.enums import PUBLIC_STATES, DocumentAudience, MeetingState, SeriesKind
from concertations.links import meeting_page
from concertations.models import Document, Meeting, Series

Reader = User | AnonymousUser
COMING = 6


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
    public = _public()
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


def _public() -> Q:
    return Q(state__in=PUBLIC_STATES) & ~Q(series__kind=SeriesKind.COMMUNITY)


def public_meetings() -> QuerySet[Meeting]:
    """What everybody may see, whoever asks: for feeds, the API and the common pages."""
    return Meeting.objects.filter(_public()).select_related("series__basin", "series__theme", "municipality")


def coming(basin: str | None) -> QuerySet[Meeting]:
    """The next meetings of a basin, or (``None``) of the Region's own series, that take place."""
    found = public_meetings().filter(state=MeetingState.ANNOUNCED, ends_at__gt=timezone.now())
    found = found.filter(series__basin__code=basin) if basin else found.filter(series__basin=None)
    return found[:COMING]


def with_next(series: QuerySet[Series]) -> QuerySet[Series]:
    """The series, each with the ``next_at`` of its next public meeting, if any."""
    ahead = Q(meetings__state=MeetingState.ANNOUNCED, meetings__ends_at__gt=timezone.now())
    return series.annotate(next_at=Min("meetings__starts_at", filter=ahead & ~Q(kind=SeriesKind.COMMUNITY)))


def documents_for(user: Reader, series: Series, meeting: Meeting | None = None) -> QuerySet[Document]:
    """Papers of a meeting that belong to no item of its agenda, or (``None``) of the series as a whole."""
    found = Document.objects.filter(series=series, meeting=meeting, item=None).select_related("series__basin")
    if access.may_manage_series(user, series):
        return found
    if series.is_closed_group:
        return found.none()
    audiences = {DocumentAudience.PUBLIC}
    if access.takes_part(user, series, meeting):
        audiences.add(DocumentAudience.PARTICIPANTS)
    return found.filter(audience__in=audiences)


def register_url(meeting: Meeting) -> str:
    """The page where one registers for a meeting; "" while there is none."""
    try:
        return meeting_page(meeting, "register")
    except NoReverseMatch:
        return ""
