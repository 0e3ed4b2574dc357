"""``/health/``: whether database, broker and worker are alive, for the proxy and for people."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLateError
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.signs_of_life import BEAT_IS_LATE_AFTER, BEAT_KEY, WORKER_IS_LATE_AFTER, WORKER_KEY, age_of

PATIENCE = 1.5  # seconds for all checks together
OK = "ok"


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()  # we are in a thread of our own
    return OK


def _broker() -> str:
    shared: Any = settings.CACHES["shared"]
    client = redis.Redis.from_url(shared["LOCATION"], socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)
    with client:
        client.ping()
    return OK


def _worker() -> str:
    age = age_of(WORKER_KEY)
    if age is None:
        return "no sign of life"
    return OK if age <= WORKER_IS_LATE_AFTER else f"silent for {age} seconds"


def _beat() -> str:
    age = age_of(BEAT_KEY)
    if age is None:
        return "no sign of life"
    return OK if age <= BEAT_IS_LATE_AFTER else f"silent for {age} seconds"


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "broker": _broker, "worker": _worker, "beat": _beat}
# A clock that is late delays mails and reminders; the site itself goes on, so it does not count.
NEEDED = ("database", "broker", "worker")


def _answer(future: Future[str], until: float) -> str:
    try:
        return future.result(timeout=max(0.0, until - time.monotonic()))
    except TooLateError:
        return "does not answer in time"
    except Exception as error:  # noqa: BLE001 - whatever is wrong, it is what we are asked for
        return f"does not answer ({type(error).__name__})"  # no address, no password: the page is public


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when all that is needed is alive, else 503; JSON names each part and what is wrong with it."""
    until = time.monotonic() + PATIENCE
    helpers = ThreadPoolExecutor(max_workers=len(CHECKS), thread_name_prefix="health")
    try:
        futures = {name: helpers.submit(check) for name, check in CHECKS.items()}
        said = {name: _answer(future, until) for name, future in futures.items()}
    finally:
        helpers.shutdown(wait=False, cancel_futures=True)  # a part that hangs must not hang us
    alive = all(said[name] == OK for name in NEEDED)
    return JsonResponse({"status": OK if alive else "failing", **said}, status=200 if alive else 503)
