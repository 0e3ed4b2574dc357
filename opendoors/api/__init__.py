"""The open-door weeks for programs: reads are public, booking needs a partner's key for the basin."""

from __future__ import annotations

from rest_framework.routers import BaseRouter

from opendoors.api.attendance import AttendanceViewSet
from opendoors.api.bookings import BookingViewSet
from opendoors.api.programme import EditionViewSet, VisitViewSet
from opendoors.api.waiting import WaitingViewSet


def register(router: BaseRouter) -> None:
    """Called by ``config.api_urls``."""
    router.register("opendoors/editions", EditionViewSet, basename="opendoors-edition")
    router.register("opendoors/visits", VisitViewSet, basename="opendoors-visit")
    router.register("opendoors/bookings", BookingViewSet, basename="opendoors-booking")
    router.register("opendoors/attendance", AttendanceViewSet, basename="opendoors-attendance")
    router.register("opendoors/waiting", WaitingViewSet, basename="opendoors-waiting")
