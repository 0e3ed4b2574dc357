"""Addresses of the team's pages. Each view asks who is there."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from directory.web import desk_urls, import_urls, staff_views

urlpatterns = [
    *desk_urls.urlpatterns,
    *import_urls.urlpatterns,
    path(_("team/directory/not-found/"), staff_views.missed_searches, name="staff_missed"),
    path(_("team/directory/not-found/<uuid:missed>/"), staff_views.missed_search, name="staff_missed_one"),
    path(_("team/directory/not-found/<uuid:missed>/need/"), staff_views.raise_need, name="staff_missed_need"),
    path(_("team/directory/corrections/"), staff_views.corrections, name="staff_corrections"),
    path(_("team/directory/corrections/<uuid:correction>/"), staff_views.settle_correction, name="staff_correction"),
]
