"""Addresses of the team's pages. Included into the mission's own; each view asks who is there."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from opendoors.web import (
    staff_bookings,
    staff_export,
    staff_hosts,
    staff_import,
    staff_links,
    staff_programme,
    staff_views,
)

urlpatterns = [
    path(_("team/open-doors/"), staff_views.editions, name="staff_editions"),
    path(_("team/open-doors/new/"), staff_views.edition_new, name="staff_edition_new"),
    path(_("team/open-doors/<slug:slug>/"), staff_views.edition, name="staff_edition"),
    path(_("team/open-doors/<slug:slug>/edit/"), staff_views.edition_edit, name="staff_edition_edit"),
    path(_("team/open-doors/<slug:slug>/step/"), staff_views.step, name="staff_step"),
    path(_("team/open-doors/<slug:slug>/on-paper/"), staff_views.on_paper, name="staff_on_paper"),
    path(_("team/open-doors/<slug:slug>/bookings/"), staff_bookings.bookings, name="staff_bookings"),
    path(_("team/open-doors/<slug:slug>/bookings.csv"), staff_bookings.bookings_csv, name="staff_bookings_csv"),
    path(_("team/open-doors/<slug:slug>/bookings/new/"), staff_bookings.book, name="staff_book"),
    path(
        _("team/open-doors/<slug:slug>/bookings/<str:reference>/give-back/"),
        staff_bookings.booking_cancel,
        name="staff_booking_cancel",
    ),
    path(_("team/open-doors/<slug:slug>/waiting/"), staff_bookings.waiting, name="staff_waiting"),
    path(
        _("team/open-doors/<slug:slug>/waiting/<str:reference>/<uuid:visit>/"),
        staff_bookings.waiting_leave,
        name="staff_waiting_leave",
    ),
    path(_("team/open-doors/<slug:slug>/export/"), staff_export.export, name="staff_export"),
    path(_("team/open-doors/<slug:slug>/export/all.<str:shape>"), staff_export.export_all, name="staff_export_all"),
    path(
        _("team/open-doors/<slug:slug>/export/<slug:table>.csv"), staff_export.export_table, name="staff_export_table"
    ),
    path(_("team/open-doors/<slug:slug>/import/"), staff_import.import_programme, name="staff_import"),
    path(_("team/open-doors/<slug:slug>/hosts/"), staff_hosts.hosts, name="staff_hosts"),
    path(_("team/open-doors/<slug:slug>/hosts/directory/"), staff_links.links, name="staff_links"),
    path(_("team/open-doors/<slug:slug>/hosts/<uuid:host>/directory/"), staff_links.link, name="staff_link"),
    path(_("team/open-doors/<slug:slug>/hosts/links/"), staff_hosts.hosts_send_links, name="staff_hosts_links"),
    path(_("team/open-doors/<slug:slug>/hosts/new/"), staff_programme.host_new, name="staff_host_new"),
    path(_("team/open-doors/<slug:slug>/hosts/<uuid:host>/"), staff_programme.host, name="staff_host"),
    path(_("team/open-doors/<slug:slug>/hosts/<uuid:host>/decide/"), staff_hosts.host_decide, name="staff_host_decide"),
    path(
        _("team/open-doors/<slug:slug>/hosts/<uuid:host>/withdraw/"),
        staff_hosts.host_withdraw,
        name="staff_host_withdraw",
    ),
    path(_("team/open-doors/<slug:slug>/hosts/<uuid:host>/link/"), staff_hosts.host_send_link, name="staff_host_link"),
    path(_("team/open-doors/<slug:slug>/hosts/<uuid:host>/edit/"), staff_programme.host_edit, name="staff_host_edit"),
    path(
        _("team/open-doors/<slug:slug>/hosts/<uuid:host>/remove/"),
        staff_programme.host_remove,
        name="staff_host_remove",
    ),
    path(
        _("team/open-doors/<slug:slug>/hosts/<uuid:host>/places/new/"),
        staff_programme.place_new,
        name="staff_place_new",
    ),
    path(
        _("team/open-doors/<slug:slug>/hosts/<uuid:host>/places/<uuid:place>/"),
        staff_programme.place_edit,
        name="staff_place_edit",
    ),
    path(
        _("team/open-doors/<slug:slug>/hosts/<uuid:host>/visits/new/"),
        staff_programme.visit_new,
        name="staff_visit_new",
    ),
    path(_("team/open-doors/<slug:slug>/visits/<uuid:visit>/"), staff_programme.visit_edit, name="staff_visit"),
    path(
        _("team/open-doors/<slug:slug>/visits/<uuid:visit>/accept/"),
        staff_hosts.visit_accept,
        name="staff_visit_accept",
    ),
    path(
        _("team/open-doors/<slug:slug>/visits/<uuid:visit>/refuse/"),
        staff_hosts.visit_refuse,
        name="staff_visit_refuse",
    ),
    path(
        _("team/open-doors/<slug:slug>/visits/<uuid:visit>/call-off/"),
        staff_programme.visit_call_off,
        name="staff_visit_call_off",
    ),
]
