"""Everything at once, one row per line, however many there are: in constant memory.

A cursor of the database's own, inside a transaction that only reads: so all rows are of one moment, and the
server keeps no copy of them. Somebody who reads slowly holds a connection; who stands still is let go.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, TextField, When
from django.http import HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import parse_etags
from rest_framework.request import Request

from core.bilingual import current_language
from directory.api.fetching import Writer
from directory.api.pages import last_change
from directory.hsds.pieces import packed
from directory.hsds.profile import SHAPE
from directory.models import Service

NDJSON = "application/x-ndjson"
ROWS_AT_ONCE = 500
COPIES_AT_ONCE = 250
STANDS_STILL = "60s"


def tag_of(request: Request) -> str:
    """An entity tag known before a line is written: what was asked, the last change there is, and the day.

    Weak, for the lines were not compared. With the day, for what was said of places fades by itself.
    """
    asked = [request.get_full_path(), current_language(), last_change(), timezone.localdate().isoformat(), SHAPE]
    return f'W/"{hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:32]}"'


def unchanged(request: Request) -> HttpResponseNotModified | None:
    """304 for who has it all already, without reading a row."""
    tag = tag_of(request)
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return HttpResponseNotModified(headers={"ETag": tag}) if tag in known or known == ["*"] else None


def stream(rows: QuerySet[Any], write: Writer, language: str, *, tag: str) -> StreamingHttpResponse:
    """The rows as lines of JSON."""
    return _response(_lines(rows, write, language), language, tag)


def stream_copies(rows: QuerySet[Service], kind: str, write: Writer, language: str, *, tag: str) -> HttpResponseBase:
    """Services as the clock has written them; those that have no copy that counts are written here."""
    return _response(_copied_lines(rows, f"{kind}_{language}", write, language), language, tag)


def _response(lines: Iterator[bytes], language: str, tag: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=NDJSON)
    response["Content-Language"] = language
    response["ETag"] = tag
    response["X-Accel-Buffering"] = "no"
    return response


def _lines(rows: QuerySet[Any], write: Writer, language: str) -> Iterator[bytes]:
    with reading_transaction():
        # What is prefetched belongs to the writers: a plain cursor over the rows alone.
        found = rows.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE)
        while some := list(islice(found, ROWS_AT_ONCE)):
            yield "".join(f"{packed(each)}\n" for each in write(some, language)).encode()


def _copied_lines(rows: QuerySet[Service], column: str, write: Writer, language: str) -> Iterator[bytes]:
    counts = Q(
        hsds_copy__changed_seq=F("changed_seq"),
        hsds_copy__shape=SHAPE,
        hsds_copy__good_until__gt=timezone.localdate(),
    )
    copy = Case(When(counts, then=F(f"hsds_copy__{column}")), output_field=TextField())
    with reading_transaction():
        found = rows.select_related(None).order_by("pk").values_list("pk", copy).iterator(chunk_size=COPIES_AT_ONCE)
        while some := list(islice(found, COPIES_AT_ONCE)):
            missing = [pk for pk, text in some if text is None]
            if missing:
                fresh = Service.objects.filter(pk__in=missing).select_related("organization").order_by("pk")
                written = iter([packed(each) for each in write(list(fresh), language)])
                some = [(pk, next(written) if text is None else text) for pk, text in some]
            yield "".join([f"{text}\n" for _pk, text in some]).encode()


@contextmanager
def reading_transaction() -> Iterator[None]:
    """One moment of the database; the connection is taken back from who stands still in the middle of it."""
    is_inner = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            if not is_inner:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{STANDS_STILL}'")
        yield
