"""``/health/``: who is alive, quickly, and without telling secrets."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client

from core import health
from core.signs_of_life import BEAT_KEY, WORKER_KEY, note_beat, note_worker
from core.tasks import heartbeat
from tests.core.letters import free_port

# The checks run in threads with connections of their own.
pytestmark = pytest.mark.django_db(transaction=True)

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


def test_all_alive_is_200(client: Client) -> None:
    heartbeat()
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (
        200, {"status": "ok", "database": "ok", "broker": "ok", "worker": "ok", "beat": "ok"},
    )  # fmt: skip


def test_a_worker_without_a_sign_of_life_is_503(client: Client) -> None:
    response = client.get("/health/")
    assert (response.status_code, response.json()["worker"]) == (503, "no sign of life")


@time_machine.travel(NOW, tick=False)
def test_a_worker_that_fell_silent_is_503(client: Client) -> None:
    note_beat()
    caches["shared"].set(WORKER_KEY, int(time.time()) - 300)
    response = client.get("/health/")
    assert (response.status_code, response.json()["worker"]) == (503, "silent for 300 seconds")


@time_machine.travel(NOW, tick=False)
def test_a_late_clock_is_told_but_does_not_count(client: Client) -> None:
    note_worker()
    caches["shared"].set(BEAT_KEY, int(time.time()) - 300)
    response = client.get("/health/")
    assert (response.status_code, response.json()["beat"]) == (200, "silent for 300 seconds")


def test_a_broker_that_is_down_is_503_at_once(client: Client, settings: Any) -> None:
    shared = {**settings.CACHES["shared"], "LOCATION": f"redis://127.0.0.1:{free_port()}/0"}
    settings.CACHES = {**settings.CACHES, "shared": shared}
    client.get("/health/")  # loads the addresses, which takes its time on a busy machine
    start = time.monotonic()
    response = client.get("/health/")
    assert (response.status_code, response.json()["broker"]) == (503, "does not answer (ConnectionError)")
    assert time.monotonic() - start < 2 * health.PATIENCE


def test_a_database_that_hangs_is_503_in_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    note_worker()
    over = threading.Event()
    monkeypatch.setattr(health, "PATIENCE", 0.2)
    monkeypatch.setitem(health.CHECKS, "database", lambda: "late" if over.wait(30) else "never")
    start = time.monotonic()
    response = client.get("/health/")
    waited = time.monotonic() - start
    over.set()
    assert (response.status_code, response.json()["database"]) == (503, "does not answer in time")
    assert waited < 20


def test_a_failure_names_no_address_and_no_password(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise ConnectionError("postgresql://user:secret@10.0.0.1/db")

    monkeypatch.setitem(health.CHECKS, "database", refuse)
    assert client.get("/health/").json()["database"] == "does not answer (ConnectionError)"


def test_the_answer_is_never_kept(client: Client) -> None:
    assert "no-store" in client.get("/health/")["Cache-Control"]


def test_health_is_only_looked_at(client: Client) -> None:
    assert client.post("/health/").status_code == 405
