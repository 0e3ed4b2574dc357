"""What races need: clients on connections of their own, and to know when one of them waits for a lock."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, connections

from core.errors import RuleError


def all_at_once(number: int, act: Callable[[int], str]) -> Counter[str]:
    """Let ``number`` clients act, as many at the same instant as the server has connections for."""
    parallel = min(number, free_connections())
    gate = threading.Barrier(parallel)
    local = threading.local()

    def one(n: int) -> str:
        if not hasattr(local, "connected"):
            connection.ensure_connection()
            local.connected = True
            gate.wait(timeout=30)
        return act(n)

    def leave(_n: int) -> None:
        gate.wait(timeout=30)
        connections.close_all()

    with ThreadPoolExecutor(parallel) as pool:
        answers = Counter(pool.map(one, range(number)))
        gate.reset()
        list(pool.map(leave, range(parallel)))
    return answers


def said(act: Callable[[], object]) -> str:
    """How an act ended: done, or the code of its refusal."""
    try:
        act()
    except RuleError as refused:
        return refused.code
    return "done"


def free_connections() -> int:
    """What this process may open: the server's limit, shared with the other test processes."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        limit = int(cursor.fetchone()[0])
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return (limit - 20) // processes


def wait_until_blocked(number: int = 1) -> None:
    """Return once ``number`` clients of this database wait for a lock; fail when they never do."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if int(cursor.fetchone()[0]) >= number:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")
