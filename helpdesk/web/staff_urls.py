"""Addresses of the desk's pages. Included into the mission's own; each view asks who is there."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from helpdesk.web import (
    staff_answer,
    staff_documents,
    staff_examples,
    staff_figures,
    staff_held,
    staff_inbox,
    staff_steps,
    staff_ticket,
)

urlpatterns = [
    path(_("team/helpdesk/"), staff_inbox.inbox, name="staff_inbox"),
    path(_("team/helpdesk/call/"), staff_inbox.call, name="staff_call"),
    path(_("team/helpdesk/figures/"), staff_figures.figures, name="staff_figures"),
    path(_("team/helpdesk/figures.csv"), staff_figures.figures_csv, name="staff_figures_csv"),
    path(_("team/helpdesk/mails/"), staff_held.held_mails, name="staff_held"),
    path(_("team/helpdesk/mails/machines/"), staff_held.discard_automatic, name="staff_held_automatic"),
    path(_("team/helpdesk/mails/<uuid:held>/"), staff_held.held_mail, name="staff_held_mail"),
    path(_("team/helpdesk/mails/<uuid:held>/ticket/"), staff_held.take_held, name="staff_held_take"),
    path(_("team/helpdesk/mails/<uuid:held>/thread/"), staff_held.thread_held, name="staff_held_thread"),
    path(_("team/helpdesk/mails/<uuid:held>/throw-away/"), staff_held.discard_held, name="staff_held_discard"),
    path(_("team/helpdesk/figures/paper/"), staff_figures.paper, name="staff_figures_paper"),
    path(_("team/helpdesk/access.csv"), staff_figures.access_csv, name="staff_access_csv"),
    path(_("team/helpdesk/examples/"), staff_examples.examples, name="staff_examples"),
    path(_("team/helpdesk/<str:code>/"), staff_ticket.ticket, name="staff_ticket"),
    path(_("team/helpdesk/<str:code>/take/"), staff_ticket.take, name="staff_take"),
    path(_("team/helpdesk/<str:code>/take-back/"), staff_ticket.take_back, name="staff_take_back"),
    path(_("team/helpdesk/<str:code>/assign/"), staff_ticket.assign, name="staff_assign"),
    path(_("team/helpdesk/<str:code>/wait/"), staff_ticket.wait, name="staff_wait"),
    path(_("team/helpdesk/<str:code>/go-on/"), staff_ticket.go_on, name="staff_go_on"),
    path(_("team/helpdesk/<str:code>/write/"), staff_ticket.write, name="staff_write"),
    path(_("team/helpdesk/<str:code>/answer/begin/"), staff_ticket.begin_answer, name="staff_answer_begin"),
    path(_("team/helpdesk/<str:code>/answer/stop/"), staff_ticket.stop_answer, name="staff_answer_stop"),
    path(_("team/helpdesk/<str:code>/answer/"), staff_answer.answer, name="staff_answer"),
    path(_("team/helpdesk/<str:code>/complete/"), staff_steps.complete, name="staff_complete"),
    path(_("team/helpdesk/<str:code>/place/"), staff_steps.reroute, name="staff_reroute"),
    path(_("team/helpdesk/<str:code>/hand-over/"), staff_steps.hand_over, name="staff_hand_over"),
    path(_("team/helpdesk/<str:code>/close/"), staff_steps.close, name="staff_close"),
    path(_("team/helpdesk/<str:code>/merge/"), staff_steps.merge, name="staff_merge"),
    path(_("team/helpdesk/<str:code>/example/"), staff_examples.write, name="staff_example"),
    path(_("team/helpdesk/<str:code>/example/look/"), staff_examples.look, name="staff_example_look"),
    path(_("team/helpdesk/<str:code>/example/take-back/"), staff_examples.take_back, name="staff_example_take_back"),
    path(_("team/helpdesk/<str:code>/document/"), staff_documents.ask, name="staff_document_ask"),
    path(_("team/helpdesk/<str:code>/document/<uuid:document>/"), staff_documents.download, name="staff_document"),
    path(
        _("team/helpdesk/<str:code>/document/<uuid:document>/take-back/"),
        staff_documents.take_back,
        name="staff_document_take_back",
    ),
    path(_("team/helpdesk/<str:code>/mask/"), staff_steps.mask, name="staff_mask"),
]
