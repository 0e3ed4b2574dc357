"""Back office of the helpdesk: targets, sentences to reuse, and what is looked at when something went wrong.

Tickets are worked on at the desk (``web/staff_*.py``), where each reading is noted; their words are not shown here.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from basins.backoffice import ScopedAdmin, two_languages
from basins.rights import Right
from basins.web.reader import signed_in
from helpdesk import admin_documents, admin_examples, admin_experts, admin_months  # noqa: F401 - they register their classes
from helpdesk.models import ServiceTarget, Snippet, Ticket, TicketRead
from helpdesk.rules import keeping


@admin.register(ServiceTarget)
class ServiceTargetAdmin(ScopedAdmin[ServiceTarget]):
    """Within how many working hours a basin answers; without a row the usual ones hold."""

    right = Right.MANAGE_HELPDESK
    settled = ("basin",)
    may_delete = False
    list_display = ["basin", "first_answer_hours", "reply_hours"]
    list_select_related = ["basin"]
    fields = ["basin", "first_answer_hours", "reply_hours"]

    def save_with_rule(self, request: HttpRequest, obj: ServiceTarget, form: Any, *, change: bool) -> None:
        keeping.set_target(target=obj, by=signed_in(request))


@admin.register(Snippet)
class SnippetAdmin(ScopedAdmin[Snippet]):
    """Sentences the desk writes again and again. Those without a basin are the Region's, for all five."""

    right = Right.MANAGE_HELPDESK
    list_display = ["__str__", "basin", "position", "is_active"]
    list_select_related = ["basin"]
    list_filter = ["is_active", ("basin", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title_fr", "title_nl", "body_fr", "body_nl"]
    fields = two_languages(Snippet, "basin", "title", "body", "position", "is_active")

    def save_with_rule(self, request: HttpRequest, obj: Snippet, form: Any, *, change: bool) -> None:
        keeping.keep_snippet(snippet=obj, by=signed_in(request))

    def delete_with_rule(self, request: HttpRequest, obj: Snippet) -> None:
        keeping.drop_snippet(snippet=obj, by=signed_in(request))


@admin.register(Ticket)
class TicketAdmin(ScopedAdmin[Ticket]):
    """Which tickets there are and where they stand, without a word of them."""

    right = Right.MANAGE_HELPDESK
    may_add = may_change = may_delete = False
    list_display = ["code", "basin", "state", "channel", "received_at", "due_at", "outcome"]
    list_select_related = ["basin"]
    list_filter = ["state", "channel", "outcome", ("basin", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["code"]
    date_hierarchy = "received_at"
    fields = [
        *("code", "basin", "municipality", "routing", "channel", "kind", "theme", "audience", "state", "assignee"),
        *("received_at", "due_at", "first_answered_at", "closed_at", "outcome", "helped", "anonymised_at"),
    ]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Ticket | None:
        """Its subject is read at the desk, where each reading is noted."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.subject = "•••"
        return row


@admin.register(TicketRead)
class TicketReadAdmin(ScopedAdmin[TicketRead]):
    """Who read what, for the coordinator."""

    right = Right.MANAGE_HELPDESK
    basin_path = "ticket__basin__code"
    may_add = may_change = may_delete = False
    list_display = ["ticket_code", "reader", "read_at", "took_document"]
    list_select_related = ["ticket__basin", "reader"]
    search_fields = ["ticket__code", "reader__name", "reader__email"]
    date_hierarchy = "read_at"
    fields = ["reader", "read_at", "took_document"]

    @admin.display(description="code")
    def ticket_code(self, row: TicketRead) -> str:
        return row.ticket.code
