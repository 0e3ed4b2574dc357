"""Addresses of the team's pages of minutes and actions; each view asks who is there."""

from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from concertations.web import staff_minutes as pages
from concertations.web import staff_minutes_entries as entries

of_minutes = [
    path("", pages.minutes, name="staff_minutes"),
    path("pdf/", pages.pdf, name="staff_minutes_pdf"),
    path(_("begin/"), pages.begin, name="staff_minutes_begin"),
    path(_("send/"), pages.send, name="staff_minutes_send"),
    path(_("take-back/"), pages.take_back, name="staff_minutes_take_back"),
    path(_("approve/"), pages.approve, name="staff_minutes_approve"),
    path(_("headings/"), pages.headings, name="staff_minutes_headings"),
    path(_("headings/new/"), pages.heading_new, name="staff_minutes_heading_new"),
    path(_("headings/<uuid:section>/remove/"), pages.heading_remove, name="staff_minutes_heading_remove"),
    path(_("headings/<uuid:section>/<slug:kind>/new/"), entries.entry_new, name="staff_minutes_entry_new"),
    path("<slug:kind>/<uuid:entry>/", entries.entry, name="staff_minutes_entry"),
    path(_("need/<uuid:entry>/list/"), entries.need_list, name="staff_minutes_need_list"),
    path(_("news/<uuid:entry>/publish/"), entries.news_publish, name="staff_minutes_news_publish"),
    path(_("action/<uuid:entry>/state/"), entries.action_state, name="staff_action_state"),
]

urlpatterns = [
    path(_("team/concertations/<slug:slug>/actions/"), entries.actions_list, name="staff_actions"),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/minutes/"), include(of_minutes)),
]
