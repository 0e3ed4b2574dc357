"""``Idempotency-Key``: a creating call that is sent again gets the answer it got.

After draft-ietf-httpapi-idempotency-key-header; the choices are in docs/decisions/idempotency.md.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.problems import Unreadable
from core.api.throttling import caller
from core.errors import RuleError
from core.models import IdempotencyRecord

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 200
KEPT_HEADERS = ("Content-Type", "Content-Language", "Location", "ETag")
# Answers that say nothing of the call itself: who calls, how often, or that we failed.
_NOT_KEPT = frozenset({401, 403, 429})

Handler = Callable[..., Response]


class BadKey(Unreadable):
    """A key that is empty, too long or holds what no header should."""

    default_code = "bad_idempotency_key"
    default_detail = _("An idempotency key has 1 to 200 visible characters.")


class KeyReused(RuleError):
    """The same key with another request: one of the two is a mistake of the caller's program."""

    code = "idempotency-key-reused"
    status = 422
    title = _("This idempotency key was used for another request")


def idempotent(handler: Handler) -> Callable[..., HttpResponse]:
    """Keep the answer of a view's method under the caller's key, in the transaction of its writes.

    The record is inserted first: its unique index makes a twin that comes meanwhile wait until the
    first is committed, and then find its answer. The handler runs in a savepoint, so that a refusal
    (409, 422 …) is kept as well, without anything it wrote.
    """

    @functools.wraps(handler)
    def wrapper(view: APIView, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, *args, **kwargs)
        key = _read(key)
        fingerprint = _fingerprint(request)
        with transaction.atomic():
            record, is_new = _claim(caller(request), key, fingerprint)
            if not is_new:
                if record.fingerprint != fingerprint:
                    raise KeyReused(_("Use a new key for each new request, and the same key only to send one again."))
                return _replay(record)
            response = _answer(handler, view, request, *args, **kwargs)
            if response.status_code >= 500 or response.status_code in _NOT_KEPT:
                transaction.set_rollback(True)
                return response
            record.status = response.status_code
            record.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            record.body = response.content
            record.save(update_fields=["status", "headers", "body"])
        return response

    wrapper.is_idempotent = True  # type: ignore[attr-defined]  # core.api.schema describes the header from it
    return wrapper


def forget_expired() -> int:
    """Delete what is older than a day; returns how many there were."""
    return IdempotencyRecord.objects.filter(created__lte=timezone.now() - KEPT_FOR).delete()[0]


def _read(key: str) -> str:
    """The key itself; the draft writes it as a quoted string, many clients leave the quotes out."""
    key = key.strip()
    if len(key) >= 2 and key.startswith('"') and key.endswith('"'):
        key = key[1:-1]
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise BadKey
    return key


def _fingerprint(request: Request) -> str:
    digest = sha256(f"{request.method} {request.get_full_path()}\n".encode())
    digest.update(request.body)
    return digest.hexdigest()


def _claim(owner: str, key: str, fingerprint: str) -> tuple[IdempotencyRecord, bool]:
    expired = timezone.now() - KEPT_FOR
    IdempotencyRecord.objects.filter(owner=owner, key=key, created__lte=expired).delete()
    return IdempotencyRecord.objects.get_or_create(owner=owner, key=key, defaults={"fingerprint": fingerprint})


def _answer(handler: Handler, view: APIView, request: Request, *args: Any, **kwargs: Any) -> Response:
    try:
        with transaction.atomic():
            response = handler(view, request, *args, **kwargs)
    except Exception as error:  # noqa: BLE001 - the view's own handler decides, and raises again what it does not know
        response = view.handle_exception(error)
    response = view.finalize_response(request, response, *args, **kwargs)
    response.render()
    return response


def _replay(record: IdempotencyRecord) -> HttpResponse:
    response = HttpResponse(bytes(record.body), status=record.status, headers=record.headers)
    response["Idempotency-Replayed"] = "true"
    return response
