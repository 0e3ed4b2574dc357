"""Addresses of the team's desk: records, organisations, history, what organisations want changed."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from directory.web import staff_history, staff_organizations, staff_proposals, staff_records

urlpatterns = [
    path(_("team/directory/"), staff_records.records_list, name="staff_records"),
    path(_("team/directory/record/<uuid:record>/"), staff_records.record, name="staff_record"),
    path(_("team/directory/record/<uuid:record>/change/"), staff_records.record_edit, name="staff_record_edit"),
    path(_("team/directory/record/<uuid:record>/checked/"), staff_records.record_checked, name="staff_record_checked"),
    path(_("team/directory/record/<uuid:record>/fits/"), staff_records.record_keep_text, name="staff_record_keep"),
    path(_("team/directory/record/<uuid:record>/take-out/"), staff_records.record_remove, name="staff_record_remove"),
    path(_("team/directory/record/<uuid:record>/move/"), staff_records.record_move, name="staff_record_move"),
    path(_("team/directory/history/<uuid:record>/"), staff_history.history, name="staff_history"),
    path(_("team/directory/undo/<uuid:change>/"), staff_history.undo, name="staff_undo"),
    path(_("team/directory/organisations/"), staff_organizations.organizations, name="staff_organizations"),
    path(_("team/directory/organisations/new/"), staff_organizations.organization_new, name="staff_organization_new"),
    path(
        _("team/directory/organisations/<uuid:organization>/"),
        staff_organizations.organization,
        name="staff_organization",
    ),
    path(
        _("team/directory/organisations/<uuid:organization>/change/"),
        staff_organizations.organization_edit,
        name="staff_organization_edit",
    ),
    path(
        _("team/directory/organisations/<uuid:organization>/checked/"),
        staff_organizations.organization_checked,
        name="staff_organization_checked",
    ),
    path(
        _("team/directory/organisations/<uuid:organization>/asked/"),
        staff_organizations.organization_asked,
        name="staff_organization_asked",
    ),
    path(
        _("team/directory/organisations/<uuid:organization>/new-record/"),
        staff_records.record_new,
        name="staff_record_new",
    ),
    path(
        _("team/directory/organisations/<uuid:organization>/new-place/"),
        staff_organizations.location_new,
        name="staff_location_new",
    ),
    path(_("team/directory/places/<uuid:location>/"), staff_organizations.location_edit, name="staff_location_edit"),
    path(_("team/directory/proposals/"), staff_proposals.proposals, name="staff_proposals"),
    path(_("team/directory/proposals/<uuid:proposal>/"), staff_proposals.settle, name="staff_proposal"),
]
