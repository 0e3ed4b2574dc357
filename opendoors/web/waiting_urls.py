"""Addresses of what the mails about scarce seats lead to, under a basin's slug."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from opendoors.web import waiting

PUBLIC_URLS = {"confirm_address", "offer", "waiting", "leave_waiting"}

urlpatterns = [
    path(_("open-doors/booked/<str:token>/confirm/"), waiting.confirm_address, name="confirm_address"),
    path(_("open-doors/booked/<str:token>/offer/<uuid:wish>/"), waiting.offer, name="offer"),
    path(_("open-doors/waiting/<str:token>/"), waiting.waiting, name="waiting"),
    path(_("open-doors/waiting/<str:token>/leave/"), waiting.leave_waiting, name="leave_waiting"),
]
