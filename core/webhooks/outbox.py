"""Rows on their way: written in the transaction of the change, put back by staff, forgotten in time."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.bell import ring_for_hooks
from core.models import WebhookDelivery, WebhookEndpoint
from core.webhooks.errors import WebhookDisabled
from core.webhooks.kinds import TEST, kind_of

LARGEST = 20_000  # bytes, as the specification advises
State = WebhookDelivery.State


@transaction.atomic
def post(kind: str, *, owner: str, data: dict[str, Any], at: dt.datetime | None = None) -> int:
    """Tell the owner's endpoints that want to know, in the caller's transaction; returns how many there are.

    ``data`` are primitives: identifiers and states, nothing that only its reader should have. ``at``: when it happened.
    Locks the endpoints, so that none is removed meanwhile. Two statements; one where the owner has no endpoint.
    """
    kind_of(kind)
    known = WebhookEndpoint.objects.select_for_update(no_key=True)
    endpoints = known.filter(owner=owner, types__contains=[kind], disabled_at=None)
    return len(_write(list(endpoints.order_by("pk")), kind, data, at))


@transaction.atomic
def send_test(endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Send something that says nothing, so that its owner can try. Raises ``WebhookDisabled``."""
    if endpoint.disabled_at is not None:
        raise WebhookDisabled
    return _write([endpoint], TEST, {"webhook": str(endpoint.uuid)}, None)[0]


def _write(
    endpoints: list[WebhookEndpoint], kind: str, data: dict[str, Any], at: dt.datetime | None
) -> list[WebhookDelivery]:
    body = as_json({"type": kind, "timestamp": (at or timezone.now()).astimezone(dt.UTC).isoformat(), "data": data})
    if len(body.encode()) > LARGEST:
        raise ValueError(f"{kind} is larger than {LARGEST} bytes: send identifiers, not contents.")
    rows = WebhookDelivery.objects.bulk_create(
        WebhookDelivery(endpoint=endpoint, type=kind, body=body) for endpoint in endpoints
    )
    ring_for_hooks([row.pk for row in rows])
    return rows


def as_json(value: dict[str, Any]) -> str:
    """JSON without a space too many."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@transaction.atomic
def send_again(delivery: WebhookDelivery) -> bool:
    """Try what was given up or waits again now, with the full number of attempts. False: it arrived before."""
    row = WebhookDelivery.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery.pk)
    if row.state == State.SENT:
        return False
    row.state, row.attempts, row.next_attempt_at = State.QUEUED, 0, timezone.now()
    row.save(update_fields=["state", "attempts", "next_attempt_at", "modified"])
    ring_for_hooks([row.pk])
    return True


def forget_before(limit: dt.datetime) -> int:
    """Delete what was over before ``limit``, and what waited until then for an endpoint that is stopped."""
    is_over = ~Q(state=State.QUEUED) | Q(endpoint__disabled_at__isnull=False)
    return WebhookDelivery.objects.filter(is_over, modified__lt=limit).delete()[0]
