"""The feed of changes: what a partner who keeps a copy reads again, and what it takes out.

Ordered by the one sequence of numbers that every write of the directory draws from behind one lock
(`rules.log`): numbers become visible in their order, so who asks for what comes after a number misses nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import django_filters
from django.db.models import CharField, F, QuerySet, UUIDField, Value
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from core.api.filters import MomentFilter
from core.api.pagination import BadCursor, page_limit
from core.api.views import ApiViewSet
from directory.api import fetching
from directory.api.filters import HsdsFilter
from directory.api.unknown import refuse_unknown
from directory.enums import GoneReason, RecordKind
from directory.models import Tombstone

if TYPE_CHECKING:  # the settings have REST framework's views import pagination
    from rest_framework.views import APIView

LARGEST = 2**63 - 1
PARAMETERS = frozenset({"limit", "cursor", "format"})
COLUMNS = ("what", "which", "number", "moment", "why", "heir")

ADDRESSES = {
    RecordKind.SERVICE: "service",
    RecordKind.ORGANIZATION: "organization",
    RecordKind.SERVICE_AT_LOCATION: "service-at-location",
    RecordKind.TAXONOMY: "taxonomy",
    RecordKind.TERM: "taxonomy-term",
}


@dataclass(frozen=True, slots=True)
class Change:
    """The last thing that happened to a record. ``reason`` is empty where it is there to be read."""

    kind: str
    uuid: UUID
    changed_seq: int
    at: dt.datetime
    reason: str
    replaced_by: UUID | None


class ChangeSerializer(serializers.Serializer[Change]):
    """The last change of one record."""

    kind = serializers.ChoiceField(choices=RecordKind.choices)
    id = serializers.UUIDField(source="uuid")
    change = serializers.SerializerMethodField(help_text="`changed`: read it again. `removed`: take it out.")
    reason = serializers.ChoiceField(
        choices=[("", "it is there"), *GoneReason.choices], help_text="Why it was removed; empty where it was not."
    )
    replaced_by = serializers.UUIDField(allow_null=True, help_text="What it was merged into.")
    at = serializers.DateTimeField()
    url = serializers.SerializerMethodField(help_text="Where it can be read in HSDS; empty where it was removed.")

    def get_change(self, change: Change) -> str:
        return "removed" if change.reason else "changed"

    def get_url(self, change: Change) -> str:
        name = ADDRESSES.get(RecordKind(change.kind))
        if change.reason or name is None:
            return ""
        address = reverse(f"api:hsds-{name}-detail", args=[change.uuid])
        return str(self.context["request"].build_absolute_uri(address))


class ChangeFilter(HsdsFilter):
    kind = django_filters.ChoiceFilter(field_name="what", choices=RecordKind.choices, help_text="Of this kind alone.")
    modified_after = MomentFilter(
        field_name="moment", lookup_expr="gte", help_text="At this moment or later (ISO 8601), to begin with."
    )


class NumberedPages(BasePagination):
    """Pages by the number of the change. A record that changes meanwhile moves to the end, and comes again."""

    display_page_controls = False

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        limit = page_limit(request.query_params.get("limit"))
        after = _read_cursor(request.query_params.get("cursor", "0"))
        page = changes_after(queryset, after, limit + 1)
        self.next_url = None
        if len(page) > limit:
            page.pop()
            self.next_url = replace_query_param(request.build_absolute_uri(), "cursor", str(page[-1].changed_seq))
        self.cursor = str(page[-1].changed_seq if page else after)
        return page

    def get_paginated_response(self, data: Any) -> Response:
        headers = {"Link": f'<{self.next_url}>; rel="next"'} if self.next_url else None
        return Response({"results": data, "next": self.next_url, "cursor": self.cursor}, headers=headers)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        properties = {
            "results": schema,
            "next": {
                "type": ["string", "null"],
                "format": "uri",
                "description": "The next page; null where you have everything there is now.",
            },
            "cursor": {"type": "string", "description": "Keep it, and ask from here the next time."},
        }
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        number = {"type": "integer", "minimum": 1, "default": 50}
        return [
            {
                "name": "limit",
                "in": "query",
                "required": False,
                "description": "Rows per page; more than 200 counts as 200.",
                "schema": number,
            },
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "From `cursor` of the answer before; without it everything from the beginning.",
                "schema": {"type": "string"},
            },
        ]


class ChangeViewSet(ApiViewSet[Any]):
    """What changed in the directory, and what is gone, in the order in which it happened."""

    permission_classes = [AllowAny]
    serializer_class = ChangeSerializer
    pagination_class = NumberedPages
    filterset_class = ChangeFilter
    queryset = Tombstone.objects.none()  # what the description needs to know

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action == "list":  # a method that does not exist is 405, whatever was asked
            refuse_unknown(request, PARAMETERS | ChangeFilter.base_filters.keys())

    def get_queryset(self) -> Any:
        return None

    def filter_queryset(self, queryset: Any) -> Any:
        """The filters hold for each kind of row alike, so they are applied before the rows are put together."""
        return [super(ChangeViewSet, self).filter_queryset(rows) for rows in everything()]

    @extend_schema(tags=["directory"])
    def list(self, request: Request) -> Response:
        """Each record once, by its last change: read it again, or take it out.

        Keep `cursor` and ask from there the next time, as often as you like. What is no longer public counts as
        removed. The services at places of a removed service are gone with it.
        """
        page = self.paginate_queryset(self.filter_queryset(None)) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def everything() -> list[QuerySet[Any, Any]]:
    """What can be read, kind by kind, and the tombstones of what no longer can."""
    there = [
        (RecordKind.SERVICE, fetching.services()),
        (RecordKind.ORGANIZATION, fetching.organizations()),
        (RecordKind.SERVICE_AT_LOCATION, fetching.at_locations()),
        (RecordKind.TAXONOMY, fetching.taxonomies()),
        (RecordKind.TERM, fetching.terms()),
    ]
    none = Value(None, output_field=UUIDField())
    living = [_row(rows.select_related(None), str(kind), F("uuid"), F("modified"), "", none) for kind, rows in there]
    gone = _row(Tombstone.objects.all(), F("record_kind"), F("record_uuid"), F("at"), F("reason"), F("replaced_by"))
    return [*living, gone]


def _row(rows: Any, *values: Any) -> QuerySet[Any, Any]:
    """Each source under the same names."""
    kind, uuid, moment, reason, replaced_by = (
        Value(value, output_field=CharField()) if isinstance(value, str) else value for value in values
    )
    row: QuerySet[Any, Any] = rows.annotate(
        what=kind, which=uuid, number=F("changed_seq"), moment=moment, why=reason, heir=replaced_by
    )
    return row


def changes_after(sources: list[QuerySet[Any, Any]], number: int, limit: int) -> list[Change]:
    """The next changes in their order: each source gives its own next ones from its index."""
    nearest = (
        rows.filter(changed_seq__gt=number).order_by("changed_seq").values_list(*COLUMNS)[:limit] for rows in sources
    )
    found = sorted((Change(*row) for rows in nearest for row in rows), key=lambda change: change.changed_seq)
    return found[:limit]


def _read_cursor(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 20 and int(given) <= LARGEST):
        raise BadCursor
    return int(given)
