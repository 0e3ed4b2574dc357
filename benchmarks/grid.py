"""The grid page: requests per second beside a bare Django page, and the bytes of a first visit."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Callable, Iterator

from benchmarks.client import Connection, get, run
from benchmarks.report import Table
from benchmarks.scene import Scene
from benchmarks.servers import gunicorn

CLIENTS = 8
ROUNDS = 5
SECONDS = 4.0
FIRST_VISIT_KB = 60


def measure(scene: Scene) -> list[Table]:
    """Both tables."""
    with (
        gunicorn("config.wsgi", ready="/health/") as (product, _),
        gunicorn("benchmarks.floor.wsgi") as (floor, _),
    ):
        return [_speed(scene, product, floor), _bytes(scene, product)]


def _speed(scene: Scene, product: int, floor: int) -> Table:
    def requests(path: str) -> Callable[[int], Iterator[bytes]]:
        return lambda _client: itertools.repeat(get(path))

    ours, theirs = [], []
    for path, port in ((scene.path, product), (f"/grid/{scene.edition}/", floor)):
        run(port, requests(path), clients=CLIENTS, seconds=1)
    for _ in range(ROUNDS):
        ours.append(run(product, requests(scene.path), clients=CLIENTS, seconds=SECONDS))
        theirs.append(run(floor, requests(f"/grid/{scene.edition}/"), clients=CLIENTS, seconds=SECONDS))
    if {status for outcome in [*ours, *theirs] for status in outcome.statuses} != {200}:
        raise RuntimeError("A page did not answer 200")
    ratio = statistics.median(a.per_second / b.per_second for a, b in zip(ours, theirs, strict=True))
    table = Table(
        f"The grid of {len(scene.visits)} visits, requests per second",
        ("", "requests/s", "bytes per page, uncompressed"),
        f"{CLIENTS} clients, {ROUNDS} rounds in turn of {SECONDS:.0f} s, medians.",
    )
    for name, outcomes in (("product", ours), ("bare page, one query, same table", theirs)):
        size = outcomes[0].received / outcomes[0].requests
        table.add(name, f"{statistics.median(o.per_second for o in outcomes):.0f}", f"{size:,.0f}")
    table.add("ratio", f"{ratio:.2f}", "")
    table.goal("at least 0.60 of the bare page", ratio >= 0.60)
    return table


def _bytes(scene: Scene, product: int) -> Table:
    """All that a browser with an empty cache loads for the page."""
    connection = Connection(product)
    compressed = "Accept-Encoding: br, gzip\r\n"
    _, head, body = connection.ask(get(scene.path, headers=compressed))
    _, _, plain = connection.ask(get(scene.path))
    sizes = {"page": len(head) + len(body)}
    links = re.findall(rb'(?:src|href)="(/static/[^"#]+)', plain)
    for link in dict.fromkeys(links):
        path = link.decode()
        status, head, body = connection.ask(get(path, headers=compressed))
        if status != 200:
            raise RuntimeError(f"{path}: {status}")
        kind = {"css": "style sheets", "js": "scripts", "svg": "icons"}[path.rsplit(".", 1)[1]]
        sizes[kind] = sizes.get(kind, 0) + len(head) + len(body)
    table = Table("First visit to the grid, compressed", ("", "KB"), "Headers included.")
    for name, size in sizes.items():
        table.add(name, f"{size / 1024:.1f}")
    total = sum(sizes.values()) / 1024
    table.add("in all", f"{total:.1f}")
    table.goal(f"at most {FIRST_VISIT_KB} KB", total <= FIRST_VISIT_KB)
    return table
