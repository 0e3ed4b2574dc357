"""Addresses of the concertations: under a basin's slug, and (``region_urls``) the same ones under the Region.

So each view takes ``basin: str | None = None``, and pages link by ``concertations.links``.
"""

from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from concertations.web import minutes_urls, pages, people_urls, room_urls

# Series and meetings, and what the link in one's own mail leads to.
PUBLIC_URLS = {"index", "series", "series_calendar", "document", "meeting", "meeting_calendar", "agenda_pdf"}
PUBLIC_URLS |= people_urls.PUBLIC_URLS

# Series and meetings, and what the link in one's own mail leads to.
PUBLIC_URLS |= room_urls.PUBLIC_URLS

# Series and meetings, and what the link in one's own mail leads to.
PUBLIC_URLS |= minutes_urls.PUBLIC_URLS

urlpatterns = [
    path(_("concertations/"), pages.index, name="index"),
    path("", include("concertations.web.staff_urls")),
    path("", include("concertations.web.staff_people_urls")),
    path("", include("concertations.web.people_urls")),
    path("", include("concertations.web.room_urls")),
    path("", include("concertations.web.staff_minutes_urls")),
    path("", include("concertations.web.minutes_urls")),
    # What is named by a word comes before, for a series may be called anything.
    path(_("concertations/<slug:slug>/"), pages.series, name="series"),
    path(_("concertations/<slug:slug>/calendar.ics"), pages.series_calendar, name="series_calendar"),
    path(_("concertations/<slug:slug>/documents/<uuid:document>/"), pages.document, name="document"),
    path(_("concertations/<slug:slug>/<uuid:meeting>/"), pages.meeting, name="meeting"),
    path(_("concertations/<slug:slug>/<uuid:meeting>/calendar.ics"), pages.meeting_calendar, name="meeting_calendar"),
    path(_("concertations/<slug:slug>/<uuid:meeting>/agenda.pdf"), pages.agenda_pdf, name="agenda_pdf"),
]
