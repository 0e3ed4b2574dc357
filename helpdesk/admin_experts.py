"""Back office of the experts: the plain tables to look at. What changes them stands on the desk's pages."""

from __future__ import annotations

from django.contrib import admin

from basins.backoffice import ReadOnlyInline, ScopedAdmin
from basins.rights import Right
from helpdesk.models import Expert, ExpertCall


class Questions(ReadOnlyInline):
    model = ExpertCall
    fields = ["asked_at", "domain", "state", "answered_at", "thanked_at"]
    readonly_fields = ["asked_at"]


@admin.register(Expert)
class ExpertAdmin(ScopedAdmin[Expert]):
    """Experts of the reader's helpdesks. They are written to, and change or leave by their own link."""

    right = Right.ANSWER_TICKETS
    basin_path = "home__code"
    may_add = may_change = may_delete = False
    list_display = ["name", "home", "function", "organisation", "state", "away_until", "at_once", "per_month"]
    list_select_related = ["home"]
    list_filter = ["state", "home"]
    search_fields = ["name", "email", "organisation"]
    inlines = [Questions]


@admin.register(ExpertCall)
class ExpertCallAdmin(ScopedAdmin[ExpertCall]):
    """Questions to experts about the reader's tickets. The words stand in the ticket, where each reading is noted."""

    right = Right.ANSWER_TICKETS
    basin_path = "ticket__basin__code"
    may_add = may_change = may_delete = False
    list_display = ["ticket_code", "expert", "domain", "state", "asked_at", "due_at", "answered_at", "thanked_at"]
    list_select_related = ["expert"]
    list_filter = ["state", "domain"]
    search_fields = ["ticket__code", "expert__name"]
    date_hierarchy = "asked_at"
    fields = [
        *("ticket_code", "expert", "domain", "state", "asked_at", "asked_by", "working_days"),
        *("due_at", "reminded_at", "ended_at", "answered_at", "thanked_at"),
    ]
    readonly_fields = ["ticket_code"]

    @admin.display(description=ExpertCall._meta.get_field("ticket").verbose_name, ordering="ticket__code")
    def ticket_code(self, obj: ExpertCall) -> str:
        return obj.ticket.code
