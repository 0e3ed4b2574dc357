"""Back office of earlier editions: what was counted of weeks that ran before this platform did."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from basins.backoffice import ScopedAdmin, two_languages
from basins.rights import Right
from basins.web.reader import signed_in
from opendoors.models import PastEdition
from opendoors.rules import past
from opendoors.rules.past import PastEditionData


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
        ("hosts", "visits", "seats"),
        ("visitors", "made"),
        "source",
    ]

    def save_with_rule(self, request: HttpRequest, obj: PastEdition, form: Any, *, change: bool) -> None:
        values: dict[str, Any] = {name: getattr(obj, name) for name in PastEditionData.__dataclass_fields__}
        data = PastEditionData(**values | {name: values[name] or "" for name in ("name_fr", "name_nl", "source")})
        row = PastEdition.objects.get(pk=obj.pk) if change else None
        obj.pk = past.keep(basin=obj.basin, data=data, by=signed_in(request), row=row).pk

    def delete_with_rule(self, request: HttpRequest, obj: PastEdition) -> None:
        past.remove(row=obj, by=signed_in(request))
