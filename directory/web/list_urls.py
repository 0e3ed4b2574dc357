"""Addresses of leaflets, kept lists, followed searches and guided ways; the same on every site."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from directory.web import kept, leaflets, staff_ways, ways

PUBLIC_URLS = {"leaflet", "leaflet_pdf", "follow", "kept_sent", "kept", "kept_stop", "ways", "way"}

public_patterns = [
    path(_("directory/leaflet/"), leaflets.leaflet, name="leaflet"),
    path(_("directory/leaflet.pdf"), leaflets.leaflet_pdf, name="leaflet_pdf"),
    path(_("directory/follow/"), kept.follow, name="follow"),
    path(_("directory/kept/"), kept.kept_sent, name="kept_sent"),
    path(_("directory/kept/<str:held>/"), kept.kept, name="kept"),
    path(_("directory/kept/<str:held>/stop/"), kept.kept_stop, name="kept_stop"),
    path(_("directory/ways/"), ways.way_list, name="ways"),
    path(_("directory/ways/<slug:problem>/"), ways.way, name="way"),
]
staff_patterns = [
    path(_("team/directory/ways/"), staff_ways.staff_ways, name="staff_ways"),
    path(_("team/directory/ways/new/"), staff_ways.staff_way_new, name="staff_way_new"),
    path(_("team/directory/ways/<uuid:way>/"), staff_ways.staff_way, name="staff_way"),
    path(_("team/directory/ways/<uuid:way>/remove/"), staff_ways.staff_way_remove, name="staff_way_remove"),
    path(_("team/directory/ways/<uuid:way>/checked/"), staff_ways.staff_way_checked, name="staff_way_checked"),
    path(_("team/directory/ways/<uuid:way>/step/"), staff_ways.staff_step_new, name="staff_step_new"),
    path(_("team/directory/ways/<uuid:way>/step/<uuid:step>/"), staff_ways.staff_step, name="staff_step"),
    path(
        _("team/directory/ways/<uuid:way>/step/<uuid:step>/move/"), staff_ways.staff_step_move, name="staff_step_move"
    ),
]
