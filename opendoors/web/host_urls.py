"""Addresses of the call to hosts, and of what a host's own link opens. Included into the mission's own."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from opendoors.web import host_call, host_link

# Nobody who opens a door needs an account: the form is open, the rest is behind the link in the host's mail.
PUBLIC_URLS = {
    *("call", "call_sent", "call_link"),
    *("host", "host_edit", "host_place", "host_visit_new", "host_visit", "host_visit_call_off"),
    *("host_withdraw", "host_again"),
}

urlpatterns = [
    path(_("open-doors/<slug:slug>/call/"), host_call.call, name="call"),
    path(_("open-doors/<slug:slug>/call/sent/"), host_call.call_sent, name="call_sent"),
    path(_("open-doors/<slug:slug>/call/link/"), host_call.call_link, name="call_link"),
    path(_("open-doors/host/<str:token>/"), host_link.host, name="host"),
    path(_("open-doors/host/<str:token>/edit/"), host_link.host_edit, name="host_edit"),
    path(_("open-doors/host/<str:token>/places/<uuid:place>/"), host_link.host_place, name="host_place"),
    path(_("open-doors/host/<str:token>/visits/new/"), host_link.host_visit_new, name="host_visit_new"),
    path(_("open-doors/host/<str:token>/visits/<uuid:visit>/"), host_link.host_visit, name="host_visit"),
    path(
        _("open-doors/host/<str:token>/visits/<uuid:visit>/call-off/"),
        host_link.host_visit_call_off,
        name="host_visit_call_off",
    ),
    path(_("open-doors/host/<str:token>/withdraw/"), host_link.host_withdraw, name="host_withdraw"),
    path(_("open-doors/host/<str:token>/again/"), host_link.host_again, name="host_again"),
]
