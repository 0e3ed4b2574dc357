"""Mail handed in by a call: the raw bytes, signed after Standard Webhooks, so that replays are harmless."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.inbound_settings import key_of
from core.mail.inbound.reading import LIMIT
from core.mail.inbound.taking import take

TOLERANCE = 5 * 60  # seconds between the sender's clock and ours


def signature_of(key: bytes, identifier: str, timestamp: str, body: bytes) -> str:
    """What stands in ``webhook-signature``, without its ``v1,``."""
    mac = hmac.new(key, f"{identifier}.{timestamp}.".encode(), hashlib.sha256)
    mac.update(body)
    return base64.b64encode(mac.digest()).decode()


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """202 once the mail is stored, or was before; the sender tries again after anything else than 4xx.

    The address does not exist (404) where no secret is set. The signature is checked over all of the body, which is
    read only up to the limit.
    """
    keys = [key_of(secret) for secret in settings.INBOUND_WEBHOOK_SECRETS]
    if not keys:
        raise Http404
    identifier, timestamp = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
    if not identifier or not _is_of_now(timestamp):
        return _refused(HTTPStatus.UNAUTHORIZED, "webhook-id and a webhook-timestamp of the last 5 minutes are needed")
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        return _refused(HTTPStatus.LENGTH_REQUIRED, "Content-Length is needed")
    if int(length) > LIMIT:
        return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {LIMIT} bytes")
    raw = request.read(LIMIT + 1)
    if not _is_signed(request.headers.get("webhook-signature", ""), keys, identifier, timestamp, raw):
        return _refused(HTTPStatus.UNAUTHORIZED, "the signature does not fit")
    if not raw:
        return _refused(HTTPStatus.BAD_REQUEST, "no mail in the body")
    take(raw, channel="webhook")
    return HttpResponse(status=HTTPStatus.ACCEPTED)


def _is_of_now(timestamp: str) -> bool:
    if not re.fullmatch(r"\d{1,12}", timestamp, re.ASCII):
        return False
    return abs(timezone.now().timestamp() - int(timestamp)) <= TOLERANCE


def _is_signed(given: str, keys: list[bytes], identifier: str, timestamp: str, body: bytes) -> bool:
    """Whether one of the signatures (there are several while keys are changed) is by one of our keys."""
    found = [each.removeprefix("v1,") for each in given.split()[:10] if each.startswith("v1,")]
    expected = [signature_of(key, identifier, timestamp, body) for key in keys]
    return any(hmac.compare_digest(one.encode(), other.encode()) for one in found for other in expected)


def _refused(status: HTTPStatus, detail: str) -> JsonResponse:
    """For a program, so in English alone, as the API's own problems are typed (RFC 9457)."""
    problem = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail}
    return JsonResponse(problem, status=int(status), content_type="application/problem+json")
