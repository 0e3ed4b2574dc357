"""Addresses of the team's pages of the days. Included into the team's own; each view asks who is there."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from opendoors.web import staff_day

urlpatterns = [
    path(_("team/open-doors/<slug:slug>/who-came/"), staff_day.day, name="staff_day"),
    path(_("team/open-doors/<slug:slug>/who-came/on-paper/"), staff_day.day_paper, name="staff_day_paper"),
    path(_("team/open-doors/<slug:slug>/who-came/<uuid:visit>/"), staff_day.day_visit, name="staff_day_visit"),
]
