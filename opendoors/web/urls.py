"""Addresses of the open-door weeks, under a basin's slug."""

from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from opendoors.web import day_urls, figures_urls, host_urls, views, waiting_urls

# The programme, and what the link in one's own mail leads to.
PUBLIC_URLS = {"editions", "week", "seats", "visit", "booked", "change", "cancel", "booked_calendar"}
PUBLIC_URLS |= host_urls.PUBLIC_URLS
PUBLIC_URLS |= figures_urls.PUBLIC_URLS
PUBLIC_URLS |= waiting_urls.PUBLIC_URLS
PUBLIC_URLS |= day_urls.PUBLIC_URLS

urlpatterns = [
    path(_("open-doors/"), views.editions, name="editions"),
    path("", include("opendoors.web.figures_urls")),
    path(_("open-doors/<slug:slug>/"), views.week, name="week"),
    path(_("open-doors/<slug:slug>/seats/"), views.seats, name="seats"),
    path(_("open-doors/<slug:slug>/visit/<uuid:visit>/"), views.visit, name="visit"),
    path(_("open-doors/booked/<str:token>/"), views.booked, name="booked"),
    path(_("open-doors/booked/<str:token>/change/"), views.change, name="change"),
    path(_("open-doors/booked/<str:token>/cancel/"), views.cancel, name="cancel"),
    path(_("open-doors/booked/<str:token>/calendar.ics"), views.booked_calendar, name="booked_calendar"),
    path("", include("opendoors.web.waiting_urls")),
    path("", include("opendoors.web.host_urls")),
    path("", include("opendoors.web.day_urls")),
    path("", include("opendoors.web.staff_day_urls")),
    path("", include("opendoors.web.staff_urls")),
]
