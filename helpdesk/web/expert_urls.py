"""Addresses of experts: the page of volunteers, and what the links in their own mails lead to."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from helpdesk.web import experts, volunteer

PUBLIC_URLS = {
    *("volunteer", "volunteer_confirm", "expert", "expert_away", "expert_leave"),
    *("expert_call", "expert_accept", "expert_decline", "expert_call_away"),
}

urlpatterns = [
    path(_("helpdesk/experts/"), volunteer.volunteer, name="volunteer"),
    path(_("helpdesk/experts/confirm/<str:token>/"), volunteer.volunteer_confirm, name="volunteer_confirm"),
    path(_("helpdesk/expert/<str:token>/"), volunteer.expert, name="expert"),
    path(_("helpdesk/expert/<str:token>/away/"), volunteer.expert_away, name="expert_away"),
    path(_("helpdesk/expert/<str:token>/leave/"), volunteer.expert_leave, name="expert_leave"),
    path(_("helpdesk/asked/<str:token>/"), experts.expert_call, name="expert_call"),
    path(_("helpdesk/asked/<str:token>/yes/"), experts.expert_accept, name="expert_accept"),
    path(_("helpdesk/asked/<str:token>/no/"), experts.expert_decline, name="expert_decline"),
    path(_("helpdesk/asked/<str:token>/away/"), experts.expert_call_away, name="expert_call_away"),
]
