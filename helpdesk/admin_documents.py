"""Back office of documents asked for: that they were, and that they came. The file is taken at the desk alone."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from basins.backoffice import ScopedAdmin
from basins.rights import Right
from helpdesk.models import AskedDocument


@admin.register(AskedDocument)
class AskedDocumentAdmin(ScopedAdmin[AskedDocument]):
    """Which requests there were; neither their words nor the file are shown."""

    right = Right.MANAGE_HELPDESK
    basin_path = "ticket__basin__code"
    may_add = may_change = may_delete = False
    list_display = ["__str__", "asked_by", "received_at", "taken_back_at", "kind", "size"]
    list_select_related = ["ticket__basin", "asked_by"]
    search_fields = ["ticket__code"]
    date_hierarchy = "asked_at"
    fields = ["asked_by", "asked_at", "received_at", "taken_back_at", "kind", "size"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AskedDocument]:
        return super().get_queryset(request).defer("file")
