"""Entity tags: 304 on reads, 412 on writes. See docs/decisions/etags.md.

A tag is the hash of the body, so it is strong by construction and costs no column. Compressed
answers carry a tag of their own (``…-gz``): Django's gzip middleware would weaken it, and a weak tag
cannot go into ``If-Match``.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

WORTH_COMPRESSING = 200  # bytes; as Django's middleware has it
_GZIPPED = "-gz"
_ACCEPTS_GZIP = re.compile(r"\bgzip\b")


class PreconditionFailed(APIException):
    """``If-Match`` names a state that is gone."""

    status_code = 412
    default_code = "precondition_failed"
    default_detail = _("It was changed since you read it. Read it again, then decide anew.")


def etag_of(body: bytes) -> str:
    """The strong tag of an uncompressed body."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def etag_of_data(data: Any) -> str:
    """The tag a GET would give for serialized ``data``."""
    return etag_of(JSONRenderer().render(data))


def require_match(request: Request, current: Callable[[], Any]) -> None:
    """Refuse a write whose ``If-Match`` does not name what ``current()`` serializes to.

    Call it in the transaction of the write, with the row locked. Without the header everything may
    pass: a caller who does not ask for protection gets none. Raises ``PreconditionFailed``.
    """
    header = request.headers.get("If-Match")
    if header is None:
        return
    tags = parse_etags(header)
    if tags == ["*"]:
        return
    tag = etag_of_data(current())
    if tag not in tags and _compressed(tag) not in tags:
        raise PreconditionFailed


def conditional(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Tag the answer to a read, compress it, and make it 304 where the reader has it already.

    The answer to a write comes with the tag its handler gave it; it is compressed here as well, so
    that nothing weakens the tag on the way out.
    """
    if not isinstance(response, HttpResponse):
        return response
    reads = request.method in {"GET", "HEAD"} and response.status_code == 200
    if reads:
        response["ETag"] = etag_of(response.content)
    if "ETag" in response:
        _compress(request, response)
    if not reads:
        return response
    known = [tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))]
    if response["ETag"] not in known and known != ["*"]:
        return response
    unchanged = HttpResponseNotModified()
    for name, value in response.items():
        if not name.lower().startswith("content-"):
            unchanged[name] = value
    return unchanged


def _compress(request: HttpRequest, response: HttpResponse) -> None:
    if len(response.content) < WORTH_COMPRESSING:
        return
    patch_vary_headers(response, ["Accept-Encoding"])
    if _ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", "")):
        response.content = gzip.compress(response.content, compresslevel=6, mtime=0)
        response["Content-Encoding"] = "gzip"
        response["ETag"] = _compressed(response["ETag"])


def _compressed(tag: str) -> str:
    return f'{tag[:-1]}{_GZIPPED}"'
