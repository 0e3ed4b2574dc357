"""Bookings per second: the product over HTTP, a minimal Django view, plain SQL; and one visit all want."""

from __future__ import annotations

import itertools
import re
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import psycopg

from benchmarks.client import Connection, Outcome, get, post, run
from benchmarks.report import Table
from benchmarks.scene import Scene
from benchmarks.servers import gunicorn
from opendoors.models import Visit

CLIENTS = (1, 8, 32)
ROUNDS = 3
SECONDS = 4.0
RUSH_REQUESTS, RUSH_CLIENTS, RUSH_SEATS = 400, 32, 50
_numbers = itertools.count()


def measure(scene: Scene, database_url: str) -> list[Table]:
    """Both tables; the servers run side by side and are asked in turn."""
    with (
        gunicorn("config.wsgi", ready="/health/") as (product, _),
        gunicorn("benchmarks.floor.wsgi") as (floor, _),
    ):
        form = _form_of(product, scene)
        return [
            _throughput(scene, database_url, product, floor, form),
            _rush(scene, product, floor, form),
        ]


class Form:
    """The booking form as a browser that has the page open sends it."""

    def __init__(self, path: str, cookie: str, token: str) -> None:
        self.path, self.cookie, self.token = path, cookie, token

    def requests(self, visits: tuple[uuid.UUID, ...]) -> Callable[[int], Iterator[bytes]]:
        def of_client(_number: int) -> Iterator[bytes]:
            for n in _numbers:
                fields = {
                    "csrfmiddlewaretoken": self.token,
                    "name": f"Visitor {n}",
                    "email": f"reader{n}@bench.example",
                    "organisation": "Wijkhuis",
                    "sector": "social",
                    "visits": str(visits[n % len(visits)]),
                }
                yield post(self.path, urlencode(fields), headers=f"Cookie: {self.cookie}\r\n")

        return of_client


def _form_of(port: int, scene: Scene) -> Form:
    _, head, body = Connection(port).ask(get(scene.path))
    cookie = re.search(rb"csrftoken=[^;]+", head)
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', body)
    if cookie is None or token is None:
        raise RuntimeError("The page has no form: is sign-up open?")
    return Form(scene.path, cookie[0].decode(), token[1].decode())


def _floor_requests(visits: tuple[uuid.UUID, ...]) -> Callable[[int], Iterator[bytes]]:
    def of_client(_number: int) -> Iterator[bytes]:
        for n in _numbers:
            fields = {"name": f"V{n}", "email": f"floor{n}@bench.example", "visits": str(visits[n % len(visits)])}
            yield post("/book/", urlencode(fields))

    return of_client


def _must_be_only(outcome: Outcome, *statuses: int) -> Outcome:
    if set(outcome.statuses) - set(statuses):
        raise RuntimeError(f"Unexpected answers: {outcome.statuses}")
    return outcome


def _throughput(scene: Scene, database_url: str, product: int, floor: int, form: Form) -> Table:
    table = Table(
        "Bookings per second",
        ("clients", "product over HTTP", "minimal view", "plain SQL", "product / minimal view", "minimal view / SQL"),
        f"One visit per booking, spread over {len(scene.visits)}; {ROUNDS} rounds in turn of {SECONDS:.0f} s, medians.",
    )
    for clients in CLIENTS:
        ours, theirs, plain = [], [], []
        for _ in range(ROUNDS):
            outcome = run(product, form.requests(scene.visits), clients=clients, seconds=SECONDS)
            ours.append(_must_be_only(outcome, 302).per_second)
            outcome = run(floor, _floor_requests(scene.visits), clients=clients, seconds=SECONDS)
            theirs.append(_must_be_only(outcome, 200).per_second)
            plain.append(_sql_per_second(database_url, clients))
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        below = statistics.median(a / b for a, b in zip(theirs, plain, strict=True))
        medians = (statistics.median(ours), statistics.median(theirs), statistics.median(plain))
        table.add(str(clients), *(f"{value:.0f}" for value in medians), f"{ratio:.2f}", f"{below:.2f}")
        table.goal(f"at {clients} clients at least 0.40 of the minimal view", ratio >= 0.40)
    return table


def _rush(scene: Scene, product: int, floor: int, form: Form) -> Table:
    """Everybody wants the same visit."""
    table = Table(
        f"{RUSH_REQUESTS} requests of {RUSH_CLIENTS} clients for one visit with {RUSH_SEATS} seats",
        ("", "seconds", "seats taken", "refused"),
        f"{ROUNDS} rounds in turn, medians.",
    )
    visit = scene.visits[0]
    share = RUSH_REQUESTS // RUSH_CLIENTS
    extra = RUSH_REQUESTS % RUSH_CLIENTS

    def limited(requests: Callable[[int], Iterator[bytes]]) -> Callable[[int], Iterator[bytes]]:
        return lambda number: itertools.islice(requests(number), share + (1 if number < extra else 0))

    seconds: dict[str, list[float]] = {"product": [], "minimal view": []}
    refused: dict[str, int] = {}
    for _ in range(ROUNDS):
        for name, port, requests, no in (
            ("product", product, form.requests((visit,)), 409),
            ("minimal view", floor, _floor_requests((visit,)), 409),
        ):
            Visit.objects.filter(uuid=visit).update(seats=RUSH_SEATS, seats_taken=0)
            outcome = _must_be_only(run(port, limited(requests), clients=RUSH_CLIENTS), 302, 200, no)
            taken = Visit.objects.get(uuid=visit).seats_taken
            if (taken, outcome.statuses[no]) != (RUSH_SEATS, RUSH_REQUESTS - RUSH_SEATS):
                raise RuntimeError(f"{name}: {taken} seats taken, {outcome.statuses}")
            seconds[name].append(outcome.seconds)
            refused[name] = outcome.statuses[no]
    ratio = statistics.median(a / b for a, b in zip(seconds["product"], seconds["minimal view"], strict=True))
    for name, values in seconds.items():
        table.add(name, f"{statistics.median(values):.2f}", str(RUSH_SEATS), str(refused[name]))
    table.add("ratio", f"{ratio:.2f}", "", "")
    table.goal("at most 3 × the minimal view", ratio <= 3)
    return table


def _sql_per_second(database_url: str, clients: int) -> float:
    """The same transaction in plain SQL, one connection per client."""
    with psycopg.connect(database_url) as connection:
        visits = connection.execute(
            "SELECT id, edition_id FROM opendoors_visit WHERE seats = 30000 ORDER BY id"
        ).fetchall()
    until = time.perf_counter() + SECONDS

    def client(_number: int) -> int:
        done = 0
        with psycopg.connect(database_url) as connection:
            while time.perf_counter() < until:
                n = next(_numbers)
                visit, edition = visits[n % len(visits)]
                _book_in_sql(connection, visit, edition, f"sql{n}@bench.example")
                done += 1
        return done

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        done = sum(pool.map(client, range(clients)))
    return done / (time.perf_counter() - started)


def _book_in_sql(connection: psycopg.Connection, visit: int, edition: int, email: str) -> None:
    with connection.transaction():
        row = connection.execute(
            "SELECT seats, seats_taken, starts_at, ends_at FROM opendoors_visit WHERE id = %s FOR NO KEY UPDATE",
            [visit],
        ).fetchone()
        if row is None or row[1] >= row[0]:
            raise RuntimeError("No seat left")
        (visitor,) = connection.execute(
            "INSERT INTO opendoors_visitor (uuid, created, modified, edition_id, email, language)"
            " VALUES (%s, now(), now(), %s, %s, 'fr')"
            " ON CONFLICT (edition_id, email) DO UPDATE SET modified = now() RETURNING id",
            [uuid.uuid4(), edition, email],
        ).fetchone() or (0,)
        connection.execute(
            "SELECT 1 FROM opendoors_bookedvisit b JOIN opendoors_booking k ON k.id = b.booking_id"
            " JOIN opendoors_visit v ON v.id = b.visit_id"
            " WHERE k.visitor_id = %s AND b.state = 'confirmed' AND v.starts_at < %s AND v.ends_at > %s",
            [visitor, row[3], row[2]],
        ).fetchone()
        (booking,) = connection.execute(
            "INSERT INTO opendoors_booking"
            " (uuid, created, modified, visitor_id, reference, name, organisation, sector, access_needs,"
            " companions) VALUES (%s, now(), now(), %s, %s, 'V', '', '', false, '') RETURNING id",
            [uuid.uuid4(), visitor, uuid.uuid4().hex[:12]],
        ).fetchone() or (0,)
        connection.execute(
            "INSERT INTO opendoors_bookedvisit (uuid, created, modified, booking_id, visit_id, state, seats,"
            " attendance, attendance_by) VALUES (%s, now(), now(), %s, %s, 'confirmed', 1, '', '')",
            [uuid.uuid4(), booking, visit],
        )
        connection.execute(
            "UPDATE opendoors_visit SET seats_taken = seats_taken + 1, modified = now() WHERE id = %s", [visit]
        )
        key = uuid.uuid4().hex
        connection.execute(
            'INSERT INTO core_outboxmessage (uuid, created, modified, key, kind, params, scope, "to", language,'
            " message_id, subject, state, attempts, next_attempt_at, last_error)"
            " VALUES (%s, now(), now(), %s, 'sql', '{}', '', %s, 'fr', %s, '', 'queued', 0, now(), '')",
            [uuid.uuid4(), key, email, key],
        )
