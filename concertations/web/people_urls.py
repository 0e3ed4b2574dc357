"""Addresses around people: registering, the link in one's mail, the door, communities of practice."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from concertations.web import door, groups, registering

PUBLIC_URLS = {
    *("register", "mine", "confirm", "change", "give_back", "offer", "calendar", "paper", "certificate", "here"),
    *("apply", "commit", "leave", "add_paper"),
}

urlpatterns = [
    path(_("concertations/mine/<str:token>/"), registering.mine, name="mine"),
    path(_("concertations/mine/<str:token>/confirm/"), registering.confirm, name="confirm"),
    path(_("concertations/mine/<str:token>/calendar.ics"), registering.calendar, name="calendar"),
    path(_("concertations/mine/<str:token>/certificate/"), registering.certificate, name="certificate"),
    path(_("concertations/mine/<str:token>/papers/new/"), groups.add_paper, name="add_paper"),
    path(_("concertations/mine/<str:token>/papers/<uuid:document>/"), registering.paper, name="paper"),
    path(_("concertations/mine/<str:token>/commit/<uuid:cycle>/"), groups.commit, name="commit"),
    path(_("concertations/mine/<str:token>/leave/<uuid:cycle>/"), groups.leave, name="leave"),
    path(_("concertations/mine/<str:token>/<str:reference>/change/"), registering.change, name="change"),
    path(_("concertations/mine/<str:token>/<str:reference>/give-back/"), registering.give_back, name="give_back"),
    path(_("concertations/mine/<str:token>/<str:reference>/offer/"), registering.offer, name="offer"),
    path(_("concertations/door/<str:token>/"), door.here, name="here"),
    path(_("concertations/<slug:slug>/apply/<uuid:cycle>/"), groups.apply, name="apply"),
    path(_("concertations/<slug:slug>/<uuid:meeting>/register/"), registering.register, name="register"),
]
