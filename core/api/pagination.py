"""Pages by keyset on (modified, uuid): see docs/decisions/keyset-cursors.md."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import BooleanField, F, Func, Model, QuerySet, UUIDField, Value
from django.db.models.fields import DateTimeField
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from core.api.problems import Unreadable

if TYPE_CHECKING:  # the settings have this module imported while REST framework's views are
    from rest_framework.views import APIView

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


class BadCursor(Unreadable):
    """A cursor that this API did not make."""

    default_code = "bad_cursor"
    default_detail = gettext_lazy("This cursor is not one of ours. Begin again without it.")


class After(Func):
    """``(modified, uuid) > (x, y)`` as one row comparison, which the index on both columns answers."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, modified: datetime, uuid: UUID) -> None:
        super().__init__(
            F("modified"),
            F("uuid"),
            Value(modified, output_field=DateTimeField()),
            Value(uuid, output_field=UUIDField()),
        )

    def as_sql(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # fewer arguments than Func needs
        compiled = [compiler.compile(expression) for expression in self.get_source_expressions()]
        names = [sql for sql, _params in compiled]
        params = [param for _sql, some in compiled for param in some]
        return f"(({names[0]}, {names[1]}) > ({names[2]}, {names[3]}))", params


class KeysetPagination(BasePagination):
    """Every row once, oldest change first, whatever happens between two pages.

    A row that changes moves to the end: a reader who turned its page already meets it again, changed,
    and never misses one. A page costs the same wherever it lies.
    """

    display_page_controls = False
    request: Request
    next_url: str | None

    def paginate_queryset(
        self, queryset: QuerySet[Any, Any] | Any, request: Request, view: APIView | None = None
    ) -> list[Any]:
        limit = page_limit(request.query_params.get("limit"))
        rows = queryset.order_by("modified", "uuid")
        if "cursor" in request.query_params:
            rows = rows.filter(After(*read_cursor(request.query_params["cursor"])))
        page = list(rows[: limit + 1])
        self.next_url = None
        if len(page) > limit:
            page.pop()
            self.next_url = replace_query_param(request.build_absolute_uri(), "cursor", make_cursor(page[-1]))
        return page

    def get_paginated_response(self, data: Any) -> Response:
        headers = {"Link": f'<{self.next_url}>; rel="next"'} if self.next_url else None
        return Response({"results": data, "next": self.next_url}, headers=headers)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "The next page; null on the last one.",
                },
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "limit",
                "in": "query",
                "required": False,
                "description": f"Rows per page; more than {MAX_LIMIT} counts as {MAX_LIMIT}.",
                "schema": {"type": "integer", "minimum": 1, "default": DEFAULT_LIMIT},
            },
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "From `next` of the page before; it says nothing of its own.",
                "schema": {"type": "string"},
            },
        ]


def make_cursor(row: Model) -> str:
    """Where the page after ``row`` begins."""
    place = f"{row.modified.isoformat()}|{row.uuid}"  # type: ignore[attr-defined]  # a core.models.PublicModel
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """What `make_cursor` wrote. Raises ``BadCursor`` for anything else."""
    try:
        place = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        modified, _bar, uuid = place.decode("ascii").partition("|")
        moment = datetime.fromisoformat(modified)
        if moment.tzinfo is None:
            raise BadCursor
        return moment.astimezone(UTC), UUID(uuid)
    except (ValueError, OverflowError, binascii.Error) as error:
        raise BadCursor from error


def page_limit(given: str | None) -> int:
    """Rows per page as asked for in ``limit``. Raises ``ValidationError`` for what is no whole number above 0."""
    if given is None:
        return DEFAULT_LIMIT
    if not (given.isascii() and given.isdigit() and given.strip("0")):
        raise ValidationError({"limit": [ErrorDetail(_("Write a whole number, 1 or more."), "invalid")]})
    return MAX_LIMIT if len(given.lstrip("0")) > 3 else min(int(given), MAX_LIMIT)
