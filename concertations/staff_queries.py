"""What a team reads of its series and meetings: drafts and closed groups included, other basins' never."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from basins.models import User
from concertations import queries
from concertations.enums import MeetingState, Presence, RegistrationState
from concertations.models import Meeting, Series

COMING = 8


def series_kept_by(user: User, basin: str | None) -> QuerySet[Series]:
    """The series of a basin (``None``: of the Region) that the person keeps."""
    of_basin = Series.objects.filter(basin__code=basin) if basin else Series.objects.filter(basin=None)
    return of_basin.filter(queries.kept_by(user)).select_related("basin", "theme")


def with_counts(series: QuerySet[Series]) -> QuerySet[Series]:
    """The series, each with its numbers of meetings ``held``, and the ``next_at`` of those ahead (drafts too)."""
    ahead = Q(meetings__ends_at__gt=timezone.now()) & ~Q(meetings__state=MeetingState.CANCELLED)
    return series.annotate(
        held=Count("meetings", filter=Q(meetings__state=MeetingState.HELD)),
        next_at=Min("meetings__starts_at", filter=ahead),
    )


def meetings_kept_by(user: User, basin: str | None, slug: str) -> QuerySet[Meeting]:
    """The meetings of such a series, drafts included."""
    kept = Meeting.objects.filter(series__in=series_kept_by(user, basin).filter(slug=slug))
    return kept.select_related("series__basin", "series__theme", "municipality")


def coming(user: User, basin: str | None) -> QuerySet[Meeting]:
    """What comes next of all the series a person keeps in a basin, drafts included."""
    kept = Meeting.objects.filter(series__in=series_kept_by(user, basin), ends_at__gt=timezone.now())
    return kept.exclude(state=MeetingState.CANCELLED).select_related("series__basin", "municipality")[:COMING]


def dates_kept_by(user: User, basin: str | None, first: dt.date, last: dt.date) -> QuerySet[Meeting]:
    """Announced meetings from ``first`` to ``last``, both included, for a list to send round."""
    kept = Meeting.objects.filter(series__in=series_kept_by(user, basin), state=MeetingState.ANNOUNCED)
    between = kept.filter(starts_at__date__gte=first, starts_at__date__lte=last)
    return between.select_related("series__basin", "municipality")


def near(user: User, first: dt.datetime, last: dt.datetime) -> QuerySet[Meeting]:
    """Meetings of all the series a person keeps that begin in that time, each with its ``item_count``."""
    kept = Meeting.objects.filter(series__in=Series.objects.filter(queries.kept_by(user)))
    coming = kept.filter(state__in=[MeetingState.DRAFT, MeetingState.ANNOUNCED], starts_at__range=(first, last))
    return coming.select_related("series__basin").annotate(item_count=Count("items"))


@dataclass(frozen=True, slots=True)
class RegistrationFigures:
    """How many are registered, wait, came; what the caterer and the team need to know."""

    confirmed: int
    waiting: int
    present: int
    meals: int
    needs: int


def registration_figures(meeting: Meeting) -> RegistrationFigures:
    """The numbers of :class:`RegistrationFigures`, in one query."""
    sure = Q(state=RegistrationState.CONFIRMED)
    counted = meeting.registrations.aggregate(
        confirmed=Count("pk", filter=sure),
        waiting=Count("pk", filter=Q(state__in=[RegistrationState.WAITING, RegistrationState.OFFERED])),
        present=Count("pk", filter=Q(presence=Presence.PRESENT)),
        meals=Count("pk", filter=sure & ~Q(meal="") & ~Q(meal="none")),
        needs=Count("pk", filter=sure & ~Q(access_needs="")),
    )
    return RegistrationFigures(**counted)
