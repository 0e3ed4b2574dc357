"""Back office of the examples: which there are, and who published them. They are written at the desk."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from basins.backoffice import ScopedAdmin, two_languages
from basins.rights import Right
from basins.web.reader import signed_in
from helpdesk.models import Example
from helpdesk.rules import examples


@admin.register(Example)
class ExampleAdmin(ScopedAdmin[Example]):
    """What everybody reads of the helpdesk's cases; whoever answers in the basin takes one back."""

    right = Right.ANSWER_TICKETS
    may_add = may_change = may_delete = False
    list_display = ["__str__", "basin", "theme", "state", "written_by", "published_by", "published_at"]
    list_select_related = ["basin", "theme", "written_by", "published_by"]
    list_filter = ["state", ("basin", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title_fr", "title_nl"]
    fields = two_languages(
        Example,
        *("basin", "theme", "audience", "title", "question", "helped"),
        *("state", "written_by", "published_by", "published_at"),
    )
    actions = ["take_back"]

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.right, None)

    @admin.action(description=_("Take back: show it no more"), permissions=["manage"])
    def take_back(self, request: HttpRequest, rows: QuerySet[Example]) -> None:
        done = sum(examples.take_back(example=row, by=signed_in(request)).published_at is None for row in rows)
        words = ngettext("%(count)d example is public no more.", "%(count)d examples are public no more.", done)
        self.message_user(request, words % {"count": done}, messages.SUCCESS)
