"""The worker's side: sign, call, note what came of it."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import logging
import random
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.models import WebhookDelivery, WebhookEndpoint
from core.webhooks import address, endpoints
from core.webhooks.errors import WebhookInvalid
from core.webhooks.signature import headers

logger = logging.getLogger(__name__)

MINUTE, HOUR = 60, 3600
# Pauses in seconds after the first, second … failed attempt; about four days in all, then it is given up.
PAUSES = (MINUTE, 5 * MINUTE, 30 * MINUTE, *(hours * HOUR for hours in (2, 5, 10, 14, 20, 24, 24)))
JITTER = 0.2  # so that what failed together does not come back together
FAILING_FOR = dt.timedelta(days=3)  # without one good answer: then the endpoint is stopped
State = WebhookDelivery.State


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt: a status, or why there is none."""

    status: int | None = None
    error: str = ""

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def deliver(pk: int) -> str:
    """Send it if it is due, unless another worker has it in hand; gives its state afterwards, "" where it is gone.

    The row stays locked while the receiver answers; a killed worker lets it go at once, and the same is sent again.
    """
    _try(pk)
    return WebhookDelivery.objects.filter(pk=pk).values_list("state", flat=True).first() or ""


def deliver_due(limit: int = 500) -> int:
    """Send what is due, the oldest first; gives how many arrived.

    An endpoint that does not answer well is left alone for the rest of the sweep: it costs one wait, not one per row.
    """
    due = WebhookDelivery.objects.filter(
        state=State.QUEUED, next_attempt_at__lte=timezone.now(), endpoint__disabled_at=None
    )
    arrived, silent = 0, set[int]()
    for pk, endpoint in due.order_by("next_attempt_at", "pk").values_list("pk", "endpoint")[:limit]:
        if endpoint in silent:
            continue
        answer = _try(pk)
        if answer is not None and answer.is_good:
            arrived += 1
        elif answer is not None:
            silent.add(endpoint)
    return arrived


@contextlib.contextmanager
def _claimed(pk: int) -> Iterator[WebhookDelivery | None]:
    with transaction.atomic():
        yield (
            WebhookDelivery.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
            .select_related("endpoint")
            .filter(pk=pk, state=State.QUEUED, next_attempt_at__lte=timezone.now(), endpoint__disabled_at=None)
            .first()
        )


def _try(pk: int) -> Answer | None:
    """One attempt; None where there was nothing for us to do."""
    with _claimed(pk) as row:
        if row is None:
            return None
        answer = send(row)
        row.attempts += 1
        row.last_status, row.last_error = answer.status, answer.error
        if answer.is_good:
            row.state, row.sent_at = State.SENT, timezone.now()
        elif row.attempts > len(PAUSES):
            row.state = State.PARKED
        else:
            pause = PAUSES[row.attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - not a secret
            row.next_attempt_at = timezone.now() + dt.timedelta(seconds=pause)
        row.save()
    _note_health(row.endpoint, answer)  # apart: whoever holds an endpoint may wait for its rows, never the other way
    return answer


def _note_health(endpoint: WebhookEndpoint, answer: Answer) -> None:
    """How the endpoint does; one that is gone, or silent for days, is stopped and its owner told."""
    now = timezone.now()
    rows = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    if answer.is_good:
        rows.exclude(failing_since=None).update(failing_since=None, modified=now)
    elif answer.status == http.client.GONE:
        endpoints.disable(endpoint, WebhookEndpoint.Disabled.GONE)
    else:
        rows.filter(failing_since=None).update(failing_since=now, modified=now)
        if rows.filter(failing_since__lte=now - FAILING_FOR).exists():
            endpoints.disable(endpoint, WebhookEndpoint.Disabled.FAILING)


# The class of what went wrong and what it is called; the first that fits.
_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (WebhookInvalid, "address"),
    (address.AddressRefused, "not-public"),
    (socket.gaierror, "name"),
    (TimeoutError, "timeout"),
    (ssl.SSLError, "certificate"),
    (http.client.HTTPException, "not-http"),
    (OSError, "no-connection"),
)


def send(row: WebhookDelivery) -> Answer:
    """One signed call."""
    body = row.body.encode()
    try:
        target = address.parse(row.endpoint.url)
        signed = headers(
            endpoints.secrets_of(row.endpoint),
            message_id=row.message_id,
            timestamp=int(timezone.now().timestamp()),
            body=body,
        )
        said = {"Content-Type": "application/json", "User-Agent": "Webhooks/1", **signed}
        status = address.call(target, body=body, headers=said)
    except tuple(kind for kind, _code in _FAILURES) as error:
        return Answer(error=next(code for kind, code in _FAILURES if isinstance(error, kind)))
    if 300 <= status < 400:
        return Answer(status, "redirect")
    return Answer(status, "" if 200 <= status < 300 else "status")


_WORDS = {
    "": "",
    "address": gettext_lazy("This is no address that we call."),
    "not-public": gettext_lazy("The server’s name leads to an address that is not of the public internet."),
    "name": gettext_lazy("Nobody knows a server of this name."),
    "timeout": gettext_lazy("No answer within %(seconds)d seconds."),
    "certificate": gettext_lazy("No secure connection: the certificate is not valid."),
    "not-http": gettext_lazy("The answer was none that the web knows."),
    "no-connection": gettext_lazy("The server cannot be reached."),
    "redirect": gettext_lazy("It sends us elsewhere (%(status)d). We follow nobody: put the address right."),
    "status": gettext_lazy("It answered %(status)d."),
}


def in_words(row: WebhookDelivery) -> str:
    """Why it has not arrived, for people."""
    words = str(_WORDS.get(row.last_error, row.last_error))
    return words % {"status": row.last_status or 0, "seconds": int(address.WITHIN)}
