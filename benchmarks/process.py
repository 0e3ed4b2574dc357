"""A web process: how long until it answers, how much memory it holds after work."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator

from benchmarks.client import get, run
from benchmarks.report import Table
from benchmarks.scene import Scene
from benchmarks.servers import children_of, gunicorn, resident_megabytes

ROUNDS = 3


def _fifty(path: str) -> Callable[[int], Iterator[bytes]]:
    return lambda _client: itertools.repeat(get(path), 50)


def measure(scene: Scene) -> list[Table]:
    """One worker, started three times."""
    seconds, megabytes = [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        with gunicorn("config.wsgi", workers=1, ready=scene.path) as (port, process):
            seconds.append(time.perf_counter() - started)
            for path in (scene.path, "/fr/", "/api/schema/", "/api/v1/opendoors/visits/"):
                run(port, _fifty(path), clients=4)
            megabytes.append(max(resident_megabytes(pid) for pid in children_of(process.pid)))
    table = Table("A web process", ("", "median"), f"{ROUNDS} starts; memory after 800 requests of four kinds.")
    table.add("seconds to the first answer", f"{statistics.median(seconds):.2f}")
    table.add("MB resident", f"{statistics.median(megabytes):.0f}")
    table.goal("starts in at most 3 s", statistics.median(seconds) <= 3)
    table.goal("holds at most 150 MB", statistics.median(megabytes) <= 150)
    return [table]
