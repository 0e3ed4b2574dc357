"""Rows of an address, for who may see them. ``basin`` is ``None`` on the Region's pages; what is not seen is 404."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from basins.web.reader import signed_in
from concertations import queries, staff_queries
from concertations.models import Meeting, Series


def shown_series(request: HttpRequest, basin: str | None, slug: str) -> Series:
    """The series as everybody sees it."""
    return get_object_or_404(queries.series_of(request.user, basin), slug=slug)


def shown_meeting(request: HttpRequest, basin: str | None, slug: str, meeting: UUID) -> Meeting:
    """A meeting that the reader may see: announced, or kept by them."""
    return get_object_or_404(queries.meetings_of(request.user, basin, slug), uuid=meeting)


def kept_series(request: HttpRequest, basin: str | None, slug: str) -> Series:
    """The series, if the reader keeps it."""
    return get_object_or_404(staff_queries.series_kept_by(signed_in(request), basin), slug=slug)


def kept_meeting(request: HttpRequest, basin: str | None, slug: str, meeting: UUID) -> Meeting:
    """A meeting of a series that the reader keeps, drafts included."""
    return get_object_or_404(staff_queries.meetings_kept_by(signed_in(request), basin, slug), uuid=meeting)
