"""Addresses of the team's pages around people; each view asks who is there."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from concertations.web import staff_groups, staff_people, staff_presence, staff_roster

urlpatterns = [
    path(_("team/concertations/<slug:slug>/roster/"), staff_roster.roster, name="staff_roster"),
    path(_("team/concertations/<slug:slug>/roster.csv"), staff_roster.roster_csv, name="staff_roster_csv"),
    path(_("team/concertations/<slug:slug>/cycles/"), staff_groups.cycles, name="staff_cycles"),
    path(_("team/concertations/<slug:slug>/cycles/new/"), staff_groups.cycle_new, name="staff_cycle_new"),
    path(_("team/concertations/<slug:slug>/cycles/<uuid:cycle>/"), staff_groups.cycle, name="staff_cycle"),
    path(
        _("team/concertations/<slug:slug>/cycles/<uuid:cycle>/edit/"), staff_groups.cycle_edit, name="staff_cycle_edit"
    ),
    path(
        _("team/concertations/<slug:slug>/cycles/<uuid:cycle>/add/"), staff_groups.member_new, name="staff_member_new"
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/registrations/"),
        staff_people.registrations,
        name="staff_registrations",
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/registrations.csv"),
        staff_people.registrations_csv,
        name="staff_registrations_csv",
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/registrations/new/"),
        staff_people.register,
        name="staff_register",
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/registrations/<str:reference>/give-back/"),
        staff_people.give_back,
        name="staff_give_back",
    ),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/invite/"), staff_roster.invite, name="staff_invite"),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/presence/"), staff_presence.presence, name="staff_presence"),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/presence/new/"), staff_presence.at_door, name="staff_at_door"
    ),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/sheet/"), staff_presence.sheet, name="staff_sheet"),
]
