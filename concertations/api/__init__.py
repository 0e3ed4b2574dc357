"""The concertations for programs: reads are public, registering needs a partner's key for the basin."""

from __future__ import annotations

from rest_framework.routers import BaseRouter

from concertations.api.meetings import MeetingViewSet, SeriesViewSet
from concertations.api.registrations import ConcertationPresenceViewSet, ConcertationRegistrationViewSet
from concertations.api.walls import WallViewSet


def register(router: BaseRouter) -> None:
    """Called by ``config.api_urls``."""
    router.register("concertations/series", SeriesViewSet, basename="concertations-series")
    router.register("concertations/meetings", MeetingViewSet, basename="concertations-meeting")
    router.register(
        "concertations/registrations", ConcertationRegistrationViewSet, basename="concertations-registration"
    )
    router.register("concertations/presence", ConcertationPresenceViewSet, basename="concertations-presence")
    router.register("concertations/walls", WallViewSet, basename="concertations-wall")
