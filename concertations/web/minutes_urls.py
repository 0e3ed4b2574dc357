"""Addresses of minutes, actions and consultations, for everybody and for the holders of a link."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from concertations.web import consultations, minutes

PUBLIC_URLS = {"minutes", "minutes_pdf", "minutes_sent", "action"} | {
    "consultations",
    "consultation",
    "consultation_part",
}

urlpatterns = [
    path(_("concertations/<slug:slug>/<uuid:meeting>/minutes/"), minutes.minutes, name="minutes"),
    path(_("concertations/<slug:slug>/<uuid:meeting>/minutes/pdf/"), minutes.minutes_pdf, name="minutes_pdf"),
    path(_("concertations-link/minutes/<str:token>/"), minutes.minutes_sent, name="minutes_sent"),
    path(_("consultations/"), consultations.index, name="consultations"),
    path(_("consultations/<slug:slug>/"), consultations.consultation, name="consultation"),
    path(_("consultations/<slug:slug>/<slug:kind>/<int:number>/"), consultations.part, name="consultation_part"),
    path(_("concertations-link/action/<str:token>/"), minutes.action, name="action"),
]
