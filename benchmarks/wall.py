"""The wall of post-its with 200 phones that ask whether anything is new; and how long it takes to seat a full room."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.client import Connection, get, run
from benchmarks.report import Table
from benchmarks.scene import Scene
from benchmarks.servers import gunicorn

if TYPE_CHECKING:  # models can be imported once Django is set up
    from concertations.models import Meeting

PHONES = 200
EVERY = 4.0  # seconds between two questions of a phone: what the page asks
ROUNDS = 5
SECONDS = 3.0
CLIENTS = 8
IN_THE_ROOM = 12.0  # seconds
POST_ITS = 40
PEOPLE = 70


@dataclass(frozen=True, slots=True)
class Polled:
    """Addresses that answer "nothing new": ours, and the bare page's."""

    product: str
    floor: str


def measure(_scene: Scene) -> list[Table]:
    """All three tables."""
    polled = _wall()
    with (
        gunicorn("config.wsgi", ready="/health/") as (product, _),
        gunicorn("benchmarks.floor.wsgi") as (floor, _),
    ):
        for port, path in ((product, polled.product), (floor, polled.floor)):
            status, _, _ = Connection(port).ask(get(path))
            if status != 204:
                raise RuntimeError(f"{path}: {status}")
        return [_speed(product, floor, polled), _room(product, polled.product), _seats()]


def _wall() -> Polled:
    """A wall that is open and has post-its on it."""
    from django.utils.translation import override

    from concertations.enums_tables import PostItKind, WallState
    from concertations.links import page
    from concertations.rules import post_its, walls
    from concertations.rules.walls import WallData

    data = WallData(question_fr="Que manque-t-il ?", question_nl="Wat ontbreekt er?")
    wall = walls.prepare(meeting=_meeting(), data=data, by=None)
    wall = walls.step(wall=wall, to=WallState.WRITING, by=None)
    for number in range(POST_ITS):
        text = f"Un besoin, le numéro {number}"
        post_its.write(wall=wall, digest=f"bench-{number}", text=text, kind=PostItKind.NEED, language="fr")
    with override("fr"):
        path = page("wall_now", "sud-est", code=wall.code)
    return Polled(f"{path}?v={wall.stage}", f"/wall/{wall.code}/?v={wall.stage}")


def _meeting() -> Meeting:
    import datetime as dt

    from django.utils import timezone

    from basins.models import Basin
    from concertations.enums import SeriesKind
    from concertations.rules import meetings, series
    from concertations.rules.meetings import MeetingData
    from concertations.rules.series import SeriesData

    row = series.create(
        basin=Basin.objects.get(code="sud-est"),
        data=SeriesData(slug="bench", kind=SeriesKind.WORKSHOP, name_fr="Atelier", name_nl="Atelier"),
        by=None,
    )
    now = timezone.now()
    return meetings.create(series=row, data=MeetingData(starts_at=now, ends_at=now + dt.timedelta(hours=3)), by=None)


def _speed(product: int, floor: int, polled: Polled) -> Table:
    def asked(path: str) -> Callable[[int], Iterator[bytes]]:
        return lambda _client: itertools.repeat(get(path))

    ours, theirs = [], []
    for port, path in ((product, polled.product), (floor, polled.floor)):
        run(port, asked(path), clients=CLIENTS, seconds=1)
    for _ in range(ROUNDS):
        ours.append(run(product, asked(polled.product), clients=CLIENTS, seconds=SECONDS))
        theirs.append(run(floor, asked(polled.floor), clients=CLIENTS, seconds=SECONDS))
    if {status for outcome in [*ours, *theirs] for status in outcome.statuses} != {204}:
        raise RuntimeError("A question was not answered 204")
    ratio = statistics.median(a.per_second / b.per_second for a, b in zip(ours, theirs, strict=True))
    per_second = statistics.median(outcome.per_second for outcome in ours)
    share = PHONES / EVERY / per_second
    table = Table(
        "Is anything new on the wall? Answers per second",
        ("", "answers/s"),
        f"{CLIENTS} clients, {ROUNDS} rounds in turn of {SECONDS:.0f} s, medians; the answer is 204.",
    )
    table.add("product", f"{per_second:.0f}")
    table.add("bare view, the same query", f"{statistics.median(outcome.per_second for outcome in theirs):.0f}")
    table.add("ratio", f"{ratio:.2f}")
    table.add(f"share that {PHONES} phones take, each every {EVERY:.0f} s", f"{share:.0%}")
    table.goal("at least 0.30 of the bare view", ratio >= 0.30)
    return table


def _room(product: int, path: str) -> Table:
    """All phones at once, each at its own pace, as the page has them ask."""
    alone = _latencies(product, path, phones=1, every=0.05)
    together = _latencies(product, path, phones=PHONES, every=EVERY)
    table = Table(
        f"{PHONES} phones in one room",
        ("phones", "asked", "median, ms", "95 of 100 within, ms"),
        f"Each asks every {EVERY:.0f} s during {IN_THE_ROOM:.0f} s, on a connection of its own.",
    )
    for phones, found in ((1, alone), (PHONES, together)):
        within = statistics.quantiles(found, n=20)[-1]
        table.add(str(phones), str(len(found)), f"{statistics.median(found) * 1000:.0f}", f"{within * 1000:.0f}")
    table.goal("every phone is answered before it asks again", max(together) < EVERY)
    return table


def _latencies(port: int, path: str, *, phones: int, every: float) -> list[float]:
    found: list[float] = []
    lock = threading.Lock()
    until = time.perf_counter() + IN_THE_ROOM

    def phone(number: int) -> None:
        connection, request, mine = Connection(port), get(path), []
        due = time.perf_counter() + every * number / phones
        while due < until:
            time.sleep(max(0.0, due - time.perf_counter()))
            started = time.perf_counter()
            status, _, _ = connection.ask(request)
            if status != 204:
                raise RuntimeError(f"{path}: {status}")
            mine.append(time.perf_counter() - started)
            due += every
        connection.close()
        with lock:
            found.extend(mine)

    threads = [threading.Thread(target=phone, args=(number,)) for number in range(phones)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _seats() -> Table:
    """A full room: seventy people of some thirty services, who sat together last time."""
    from concertations.allocating.guests import Guest
    from concertations.allocating.rounds import by_choice
    from concertations.allocating.tables import mix

    guests = [
        Guest(f"g{n:03}", "abcde"[n * n % 7 % 5], f"o{n % 3}" if n % 4 == 0 else f"o{n % 31}") for n in range(PEOPLE)
    ]
    last = mix(guests, size=4, seed=1)
    met = {frozenset(pair) for table in last.tables for pair in itertools.combinations(table, 2)}
    choices = {guest.key: [name for name in "dabc" if name != "abcd"[n % 4]] for n, guest in enumerate(guests)}
    ways: dict[str, Callable[[], object]] = {
        "mixed tables of 4": lambda: mix(guests, size=4, seed=2, met=met),
        "four workshops, three rounds": lambda: by_choice(choices, seats=dict.fromkeys("abcd", 18), rounds=3, seed=2),
    }
    table = Table(f"Seats for {PEOPLE} people", ("", "ms"), f"Medians of {ROUNDS}.")
    slowest = 0.0
    for name, way in ways.items():
        took = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            way()
            took.append(time.perf_counter() - started)
        table.add(name, f"{statistics.median(took) * 1000:.0f}")
        slowest = max(slowest, *took)
    table.goal("under a second each time", slowest < 1)
    return table
