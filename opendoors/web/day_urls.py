"""Addresses of the day itself: by the host's link, by the code at the door, by the visitor's link."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from opendoors.web import day

PUBLIC_URLS = {"sheet", "sheet_paper", "here", "certificate"}

urlpatterns = [
    path(_("open-doors/host/<str:token>/who-comes/<uuid:visit>/"), day.sheet, name="sheet"),
    path(_("open-doors/host/<str:token>/who-comes/<uuid:visit>/on-paper/"), day.sheet_paper, name="sheet_paper"),
    path(_("open-doors/here/<str:token>/"), day.here, name="here"),
    path(_("open-doors/booked/<str:token>/certificate/"), day.certificate, name="certificate"),
]
