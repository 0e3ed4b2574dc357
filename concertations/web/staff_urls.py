"""Addresses of the team's pages on series, meetings, agendas and documents; each view asks who is there."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from concertations.web import staff_agenda, staff_documents, staff_meetings, staff_save_the_date, staff_series

urlpatterns = [
    path(_("team/concertations/"), staff_series.index, name="staff_index"),
    path(_("team/concertations/new/"), staff_series.series_new, name="staff_series_new"),
    path(_("team/concertations/save-the-date/"), staff_save_the_date.save_the_date, name="staff_save_the_date"),
    path(_("team/concertations/save-the-date/slide/"), staff_save_the_date.slide, name="staff_save_the_date_slide"),
    path(_("team/concertations/<slug:slug>/"), staff_series.series, name="staff_series"),
    path(_("team/concertations/<slug:slug>/edit/"), staff_series.series_edit, name="staff_series_edit"),
    path(_("team/concertations/<slug:slug>/remove/"), staff_series.series_remove, name="staff_series_remove"),
    path(_("team/concertations/<slug:slug>/documents/"), staff_documents.of_series, name="staff_series_documents"),
    path(
        _("team/concertations/<slug:slug>/documents/new/"),
        staff_documents.new_of_series,
        name="staff_series_document_new",
    ),
    path(
        _("team/concertations/<slug:slug>/documents/<uuid:document>/"), staff_documents.document, name="staff_document"
    ),
    path(_("team/concertations/<slug:slug>/meetings/new/"), staff_meetings.meeting_new, name="staff_meeting_new"),
    path(_("team/concertations/<slug:slug>/meetings/held/"), staff_meetings.meeting_held, name="staff_meeting_held"),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/"), staff_meetings.meeting, name="staff_meeting"),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/edit/"), staff_meetings.meeting_edit, name="staff_meeting_edit"
    ),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/step/"), staff_meetings.step, name="staff_meeting_step"),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/call-off/"),
        staff_meetings.call_off,
        name="staff_meeting_call_off",
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/remove/"),
        staff_meetings.meeting_remove,
        name="staff_meeting_remove",
    ),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/agenda/"), staff_agenda.agenda, name="staff_agenda"),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/agenda/new/"), staff_agenda.item_new, name="staff_item_new"),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/agenda/usual/"), staff_agenda.usual, name="staff_agenda_usual"
    ),
    path(_("team/concertations/<slug:slug>/<uuid:meeting>/agenda/<uuid:item>/"), staff_agenda.item, name="staff_item"),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/agenda/<uuid:item>/move/"),
        staff_agenda.item_move,
        name="staff_item_move",
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/documents/"),
        staff_documents.of_meeting,
        name="staff_meeting_documents",
    ),
    path(
        _("team/concertations/<slug:slug>/<uuid:meeting>/documents/new/"),
        staff_documents.new_of_meeting,
        name="staff_meeting_document_new",
    ),
]
