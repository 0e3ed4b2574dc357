"""Addresses of the desk's pages on experts and other helplines; before those of a ticket, whose code is any word."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from helpdesk.web import staff_experts, staff_refer

urlpatterns = [
    path(_("team/helpdesk/experts/"), staff_experts.pool_list, name="staff_experts"),
    path(_("team/helpdesk/experts/add/"), staff_experts.add, name="staff_expert_add"),
    path(_("team/helpdesk/experts/<uuid:expert>/"), staff_experts.expert, name="staff_expert"),
    path(_("team/helpdesk/experts/<uuid:expert>/admit/"), staff_experts.admit, name="staff_expert_admit"),
    path(_("team/helpdesk/experts/<uuid:expert>/refuse/"), staff_experts.refuse, name="staff_expert_refuse"),
    path(_("team/helpdesk/experts/<uuid:expert>/away/"), staff_experts.away, name="staff_expert_away"),
    path(_("team/helpdesk/experts/<uuid:expert>/leave/"), staff_experts.leave, name="staff_expert_leave"),
    path(_("team/helpdesk/<str:code>/expert/"), staff_experts.bring_in, name="staff_bring_in"),
    path(_("team/helpdesk/<str:code>/expert/<uuid:call>/back/"), staff_experts.withdraw, name="staff_call_withdraw"),
    path(_("team/helpdesk/<str:code>/expert/<uuid:call>/thanks/"), staff_experts.thank, name="staff_call_thank"),
    path(_("team/helpdesk/<str:code>/helpline/"), staff_refer.refer, name="staff_refer"),
]
