"""Pages by number, as HSDS wants them, without reading what lies before them.

HSDS asks for ``total_items`` and any page by its number; OFFSET would read and throw away all the pages before.
So the first reader after a change has all primary keys of the list counted once, in one index scan, and where
each page begins is kept beside the number of the last change of the directory. A page then is a keyset read. See
docs/decisions/hsds-pages.md.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import caches
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

if TYPE_CHECKING:  # the settings have REST framework's views import pagination
    from rest_framework.views import APIView

DEFAULT_SIZE = 50
LARGEST_SIZE = 500
EVERYTHING = 1_000_000
PAGE_PARAMETERS = frozenset({"page", "per_page"})
TRUE = frozenset({"true", "1"})
KEPT_SECONDS = 300  # what filters read besides the records (the territory) is newer after that

_LAST_CHANGE = """
SELECT greatest(
    (SELECT max(changed_seq) FROM directory_service),
    (SELECT max(changed_seq) FROM directory_organization),
    (SELECT max(changed_seq) FROM directory_serviceatlocation),
    (SELECT max(changed_seq) FROM directory_taxonomy),
    (SELECT max(changed_seq) FROM directory_taxonomyterm),
    (SELECT max(changed_seq) FROM directory_tombstone)
)
"""


@dataclass(frozen=True, slots=True)
class Contents:
    """How many rows a list has, and the primary keys with which its pages begin."""

    total: int
    starts: tuple[int, ...]


def last_change() -> int:
    """The number of the last change anybody can see; each table answers from its index."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_CHANGE)
        return int(cursor.fetchone()[0] or 0)


def contents_of(rows: QuerySet[Any], size: int, asked: dict[str, str]) -> Contents:
    """The list's contents as of the last change. ``asked`` is what makes the list another one than all."""
    said = json.dumps([rows.model._meta.label, size, sorted(asked.items())])
    key = f"hsds:{last_change()}:{hashlib.sha256(said.encode()).hexdigest()}"
    kept: Contents | None = caches["default"].get(key)
    if kept is None:
        keys = rows.order_by().aggregate(keys=ArrayAgg("pk", order_by="pk", default=[]))["keys"]
        kept = Contents(len(keys), tuple(keys[::size]))
        caches["default"].set(key, kept, KEPT_SECONDS)
    return kept


class HsdsPages(BasePagination):
    """The envelope of HSDS around one page."""

    display_page_controls = False

    @staticmethod
    def asked(request: Request) -> tuple[int, int]:
        """Number and size of the page. Raises ``ValidationError`` for what is no whole number above 0, or too large."""
        asked = request.query_params.dict()
        number = _whole(asked, "page", 1)
        size = _whole(asked, "per_page", DEFAULT_SIZE)
        if size > LARGEST_SIZE:
            # Cut in silence, a page would look like all there is.
            words = _("At most %(number)d rows per page; format=ndjson gives all of them.") % {"number": LARGEST_SIZE}
            raise ValidationError({"per_page": [ErrorDetail(words, "max_value")]})
        is_all = "per_page" not in asked and asked.get("minimal", "").lower() in TRUE
        return number, EVERYTHING if is_all else size

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Any, request: Request, view: APIView | None = None
    ) -> list[Any]:
        self.request = request
        self.number, self.size = self.asked(request)
        asked = request.query_params.dict()
        filters = {name: value for name, value in asked.items() if name not in {"page", "per_page", "format", "full"}}
        self.contents = contents_of(queryset, self.size, filters)
        if self.number > len(self.contents.starts):
            return []
        start = self.contents.starts[self.number - 1]
        return list(queryset.filter(pk__gte=start).order_by("pk")[: self.size])

    def get_paginated_response(self, data: Any) -> Response:
        pages = len(self.contents.starts)
        envelope = {
            "total_items": self.contents.total,
            "total_pages": pages,
            "page_number": self.number,
            "size": len(data),
            "first_page": self.number == 1,
            "last_page": self.number >= pages,
            "empty": not data,
            "contents": data,
        }
        headers = None
        if self.number < pages:
            address = replace_query_param(self.request.build_absolute_uri(), "page", self.number + 1)
            headers = {"Link": f'<{address}>; rel="next"'}
        return Response(envelope, headers=headers)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        count = {"type": "integer", "minimum": 0}
        properties: dict[str, Any] = {
            "total_items": count | {"description": "In all pages together."},
            "total_pages": count,
            "page_number": count,
            "size": count | {"description": "Rows on this page."},
            "first_page": {"type": "boolean"},
            "last_page": {"type": "boolean"},
            "empty": {"type": "boolean"},
            "contents": schema,
        }
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        number = {"type": "integer", "minimum": 1}
        size = f"Rows per page, at most {LARGEST_SIZE}."
        return [
            _parameter("page", "Number of the page.", number | {"default": 1}),
            _parameter("per_page", size, number | {"maximum": LARGEST_SIZE, "default": DEFAULT_SIZE}),
            _parameter(
                "format",
                "`ndjson`: everything at once, one row per line, without pages (`application/x-ndjson`).",
                {"type": "string", "enum": ["json", "ndjson"], "default": "json"},
            ),
        ]


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _whole(asked: dict[str, str], name: str, default: int) -> int:
    given = asked.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and given.strip("0")):
        raise ValidationError({name: [ErrorDetail(_("Write a whole number, 1 or more."), "invalid")]})
    return int(given[:9]) if len(given) > 9 else int(given)
