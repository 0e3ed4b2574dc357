"""Back office of earlier editions: what was counted of weeks that ran before this platform did."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from basins.backoffice import ScopedAdmin, as_data, two_languages
from basins.rights import Right
from basins.web.reader import signed_in
from opendoors.models import PastEdition
from opendoors.rules import past
from opendoors.rules.past import PastEditionData

# Empty where nobody counted.
COUNTED = ("hosts", "visits", "seats", "visitors", "made")


@admin.register(PastEdition)
class PastEditionAdmin(ScopedAdmin[PastEdition]):
    """An empty count means that nobody counted; zero means that there was none."""

    right = Right.MANAGE_OPEN_DOORS
    settled = ("basin",)
    list_display = ["name", "basin", "starts_on", "hosts", "visits", "seats", "visitors", "made"]
    list_select_related = ["basin"]
    list_filter = ["basin"]
    search_fields = ["name_fr", "name_nl"]
    date_hierarchy = "starts_on"
    fields = [
        *two_languages(PastEdition, "basin", "name"),
        ("starts_on", "ends_on"),
        COUNTED[:3],
        COUNTED[3:],
        "source",
    ]

    def save_with_rule(self, request: HttpRequest, obj: PastEdition, form: Any, *, change: bool) -> None:
        data = as_data(PastEditionData, obj, may_be_nothing=COUNTED)
        row = PastEdition.objects.get(pk=obj.pk) if change else None
        obj.pk = past.keep(basin=obj.basin, data=data, by=signed_in(request), row=row).pk

    def delete_with_rule(self, request: HttpRequest, obj: PastEdition) -> None:
        past.remove(row=obj, by=signed_in(request))
