"""The worker's and the clock's signs of life, kept in Redis where ``/health/`` reads them.

The worker's main process signs by itself, so that it counts as alive while all its children are busy
with long jobs. Without Redis there is no broker and no worker could do anything: nothing is lost
by keeping the signs there, and looking at ``/health/`` writes nothing.
"""

from __future__ import annotations

import time
from typing import Any

from celery.signals import heartbeat_sent, worker_ready
from django.core.cache import caches

WORKER_KEY, BEAT_KEY = "core:worker-alive", "core:beat-alive"
KEPT = 24 * 3600  # seconds
SIGN_EVERY = 10.0  # seconds; Celery's own heartbeat comes every two
WORKER_IS_LATE_AFTER = 90.0
BEAT_IS_LATE_AFTER = 120.0

_last_sign = 0.0


def note_worker() -> None:
    """The worker is alive."""
    caches["shared"].set(WORKER_KEY, int(time.time()), KEPT)


def note_beat() -> None:
    """The clock gave work and the worker did it."""
    caches["shared"].set(BEAT_KEY, int(time.time()), KEPT)


def age_of(key: str) -> int | None:
    """Seconds since the sign under ``key``; ``None`` when there is none."""
    signed = caches["shared"].get(key)
    return None if signed is None else max(0, int(time.time()) - int(signed))


@worker_ready.connect
@heartbeat_sent.connect
def _sign(**kwargs: Any) -> None:
    global _last_sign  # noqa: PLW0603 - one process, one moment
    now = time.monotonic()
    if now - _last_sign >= SIGN_EVERY:
        _last_sign = now
        note_worker()
