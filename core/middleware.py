"""What every request passes through: an id for the logs, clean input, and GETs that cannot write."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import BadRequest
from django.db import connection
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

NO_REQUEST = "-"
# In the worker: the request that called for the task, or the task's own id (core.tasks).
current_request_id: ContextVar[str] = ContextVar("current_request_id", default=NO_REQUEST)
_writing_allowed: ContextVar[bool] = ContextVar("writing_allowed", default=False)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
# A session is written when a page is shown (a second factor being set up, a message read).
_ALWAYS_WRITABLE = frozenset({"django_session"})


class RequestIdMiddleware:
    """Gives each request an id, taken from the proxy where it sends one, and returns it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if re.fullmatch(r"[\w-]{8,64}", given) else uuid.uuid4().hex
        token = current_request_id.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            current_request_id.reset(token)
        response["X-Request-ID"] = request_id
        return response


class RequestIdFilter(logging.Filter):
    """Puts the request's (or the task's) id on each log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True


class PlainInputMiddleware:
    """Refuses NUL bytes in addresses: PostgreSQL cannot take them, nobody types them.

    In forms and JSON the fields refuse them (``ProhibitNullCharactersValidator`` of Django's and
    REST framework's ``CharField``), with a sentence next to the field.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL byte in the address")
        return self.get_response(request)


class WriteOnGet(RuntimeError):
    """A page that is only looked at tried to change something: link scanners follow links."""


@contextmanager
def writing_allowed() -> Iterator[None]:
    """Let a GET write after all; for bookkeeping nobody asked for, such as a key's last use."""
    token = _writing_allowed.set(True)
    try:
        yield
    finally:
        _writing_allowed.reset(token)


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    found = _WRITES.match(sql)
    if found and not _writing_allowed.get() and found[1] not in _ALWAYS_WRITABLE:
        raise WriteOnGet(sql[:120])
    return execute(sql, params, many, context)


class ReadOnlyGetMiddleware:
    """A GET cannot write: the innermost middleware, so that it sees what views do and nothing else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as stack:
            if request.method in SAFE_METHODS:
                stack.enter_context(connection.execute_wrapper(_refuse_writes))
            return self.get_response(request)
