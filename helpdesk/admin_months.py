"""Back office of the months: which are public, who made them, and how many questions they say. None is changed."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from basins.backoffice import ScopedAdmin
from basins.rights import Right
from core.small_counts import LIMIT
from helpdesk.models import MonthReport


@admin.register(MonthReport)
class MonthReportAdmin(ScopedAdmin[MonthReport]):
    """A month that is public stays as it was: counted anew it would say something else."""

    right = Right.MANAGE_HELPDESK
    may_add = may_change = may_delete = False
    list_display = ["__str__", "basin", "month", "questions", "made_at", "made_by"]
    list_select_related = ["basin", "made_by"]
    list_filter = [("basin", admin.RelatedOnlyFieldListFilter)]
    date_hierarchy = "month"
    fields = ["basin", "month", "questions", "made_at", "made_by", "paper"]
    readonly_fields = ["questions", "paper"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MonthReport]:
        return super().get_queryset(request).defer("pdf")

    @admin.display(description=_("Questions"))
    def questions(self, row: MonthReport) -> str:
        """As it is public: where there were too few nobody learns how many."""
        number = row.figures["number"]
        return f"< {LIMIT}" if number is None else str(number)

    @admin.display(description=_("On paper"))
    def paper(self, row: MonthReport) -> str:
        month = f"{row.month:%Y-%m}"
        url = reverse("helpdesk:public_figures_pdf", kwargs={"basin": row.basin.code, "month": month})
        return format_html('<a href="{}">PDF {}</a>', url, month)
