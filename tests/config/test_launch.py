"""The launcher of the demo: what it refuses, what it forgets, and how it watches its programs."""

from __future__ import annotations

import http.server
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.demo import launch
from config.processes import CannotStartError, start_child, wait_until
from config.services import Services

SERVICES = Services("postgresql://a@/b", "unix:///c")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


class Site(http.server.HTTPServer):
    """A site whose health answers with the code and the body that the test sets."""

    code, body = 200, b"{}"


class Health(http.server.BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.send_response(self.server.code)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(("127.0.0.1", 0), Health) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def address(site: Site) -> str:
    return f"http://127.0.0.1:{site.server_port}/health/"


@pytest.mark.parametrize(("text", "port"), [("", 8000), (" 8123 ", 8123), ("65535", 65535)])
def test_the_port_is_read(text: str, port: int) -> None:
    assert launch.wanted_port(text) == port


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "80.5", "٣", "8000 8001"])
def test_what_is_no_port_is_one_sentence(text: str) -> None:
    with pytest.raises(CannotStartError) as caught:
        launch.wanted_port(text)

    assert str(caught.value) == f"PORT is '{text}': it must be a number between 1 and 65535."


def test_a_taken_port_is_one_sentence_with_a_way_out(taken_port: int) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "config.demo.launch"],
        env={**os.environ, "PORT": str(taken_port)},
        capture_output=True,
        text=True,
        check=False,
    )

    sentence = (
        f"Error: Port {taken_port} is taken by another program. Choose another one: make demo PORT={taken_port + 1}"
    )
    assert (result.returncode, result.stderr.strip(), result.stdout) == (1, sentence, "")


def test_a_second_demo_in_the_same_checkout_is_refused(tmp_path: Path) -> None:
    with (
        launch.only_demo_of_this_checkout("http://localhost:8000", tmp_path),
        pytest.raises(CannotStartError) as caught,
        launch.only_demo_of_this_checkout("http://localhost:8001", tmp_path),
    ):
        pass

    assert str(caught.value).startswith(
        f"A demo of this checkout is running already: http://localhost:8000/ (process {os.getpid()})."
    )


def test_a_demo_that_ended_does_not_stand_in_the_way(tmp_path: Path) -> None:
    for _ in range(2):
        with launch.only_demo_of_this_checkout("http://localhost:8000", tmp_path):
            note = (tmp_path / "demo.lock").read_text()

    assert note == f"http://localhost:8000/ (process {os.getpid()})"


def test_beginning_anew_forgets_what_was_kept_and_nothing_else(tmp_path: Path) -> None:
    for name in ("postgres", "mails", "static"):
        tmp_path.joinpath(name).mkdir()
        tmp_path.joinpath(name, "file").touch()
    tmp_path.joinpath("demo.json").touch()

    launch.forget_kept_data(embedded_database=True, local=tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["static"]


def test_the_embedded_data_stay_when_another_database_is_begun_anew(tmp_path: Path) -> None:
    tmp_path.joinpath("postgres").mkdir()

    launch.forget_kept_data(embedded_database=False, local=tmp_path)

    assert tmp_path.joinpath("postgres").exists()


def test_the_programs_run_as_the_demo_whatever_the_environment_says() -> None:
    env = launch.demo_environment(
        SERVICES, {"APP_ENV": "production", "LOG_LEVEL": "DEBUG"}, url="http://localhost:8000"
    )

    assert {name: env[name] for name in ("APP_ENV", "SITE_URL", "LOG_LEVEL", "DATABASE_URL", "REDIS_URL")} == {
        "APP_ENV": "demo",
        "SITE_URL": "http://localhost:8000",
        "LOG_LEVEL": "DEBUG",
        "DATABASE_URL": "postgresql://a@/b",
        "REDIS_URL": "unix:///c",
    }


def test_a_preparation_that_fails_is_told_with_its_last_lines() -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('relation does not exist')"]

    with pytest.raises(CannotStartError) as caught:
        launch.prepare(os.environ, command)

    assert str(caught.value).startswith("The demo's data could not be prepared: relation does not exist\n")


def test_logs_have_a_folder_where_both_services_run_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "LOGS", tmp_path / "local" / "logs")

    launch.prepare(os.environ, [sys.executable, "-c", ""])

    assert (tmp_path / "local" / "logs" / "prepare.log").exists()


def test_a_site_that_is_well_has_no_complaint(site: Site) -> None:
    assert launch.health_complaint(address(site)) is None


def test_a_site_that_is_not_well_says_what_is_missing(site: Site) -> None:
    site.code, site.body = 503, json.dumps({"worker": "no sign of life"}).encode()

    assert launch.health_complaint(address(site)) == f'{address(site)} answers 503 {{"worker": "no sign of life"}}'


def test_a_site_that_never_gets_well_is_one_sentence(site: Site) -> None:
    site.code, site.body = 500, b"<html>"

    with pytest.raises(CannotStartError) as caught:
        launch.wait_for_health(address(site), [], patience=0)

    assert str(caught.value).startswith(f"The site is not well after 0 s: {address(site)} answers 500.")


def test_nobody_at_the_address_is_a_complaint() -> None:
    free = "http://127.0.0.1:1/health/"

    assert launch.health_complaint(free) == f"{free} does not answer"


def test_a_program_that_dies_is_named_with_its_last_words(tmp_path: Path) -> None:
    child = start_child("worker", ["sh", "-c", "echo out of paper; exit 3"], log=tmp_path / "worker.log")
    wait_until(lambda: not child.is_alive(), seconds=5)

    with pytest.raises(CannotStartError) as caught:
        launch.watch([child])

    assert str(caught.value).splitlines() == [
        "worker ended by itself (exit code 3), so everything was stopped. Its last words:",
        "  out of paper",
        f"The whole story: {tmp_path}/worker.log",
    ]


def test_one_program_that_cannot_start_stops_the_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(launch, "LOGS", tmp_path)
    started = []

    def remember(name: str, *arguments: object, **options: object) -> object:
        started.append(start_child(name, *arguments, **options))  # type: ignore[arg-type]  # handed on as they came
        return started[-1]

    monkeypatch.setattr(launch, "start_child", remember)

    with pytest.raises(CannotStartError), launch.running({"web": ["sleep", "60"], "worker": ["/none"]}, os.environ):
        pass

    assert [child.is_alive() for child in started] == [False]
