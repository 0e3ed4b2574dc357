"""Addresses of the team's pages. Included into the mission's own; each view asks who is there."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from opendoors.web import staff_import, staff_programme, staff_views

urlpatterns = [
    path(_("team/open-doors/"), staff_views.editions, name="staff_editions"),
    path(_("team/open-doors/new/"), staff_views.edition_new, name="staff_edition_new"),
    path(_("team/open-doors/<slug:slug>/"), staff_views.edition, name="staff_edition"),
    path(_("team/open-doors/<slug:slug>/edit/"), staff_views.edition_edit, name="staff_edition_edit"),
    path(_("team/open-doors/<slug:slug>/step/"), staff_views.step, name="staff_step"),
    path(_("team/open-doors/<slug:slug>/on-paper/"), staff_views.on_paper, name="staff_on_paper"),
    path(_("team/open-doors/<slug:slug>/bookings/"), staff_views.bookings, name="staff_bookings"),
    path(_("team/open-doors/<slug:slug>/bookings.csv"), staff_views.bookings_csv, name="staff_bookings_csv"),
    path(_("team/open-doors/<slug:slug>/import/"), staff_import.import_programme, name="staff_import"),
    path(_("team/open-doors/<slug:slug>/hosts/new/"), staff_programme.host_new, name="staff_host_new"),
    path(_("team/open-doors/<slug:slug>/hosts/<uuid:host>/"), staff_programme.host, name="staff_host"),
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
        _("team/open-doors/<slug:slug>/visits/<uuid:visit>/call-off/"),
        staff_programme.visit_call_off,
        name="staff_visit_call_off",
    ),
]
