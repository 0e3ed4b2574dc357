"""Addresses of the team's pages on series and meetings; each view asks who is there."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from concertations.web import staff_meetings, staff_series

urlpatterns = [
    path(_("team/concertations/"), staff_series.index, name="staff_index"),
    path(_("team/concertations/<slug:slug>/"), staff_series.series, name="staff_series"),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/"), staff_meetings.meeting, name="staff_meeting"),
]
