"""``config.services``: named services are used, others are started, commands run in our place."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.processes import CannotStartError, wait_until
from config.services import main, running_services, without_password

RUN = [sys.executable, "-m", "config.services", "run", "--"]
SHOW = "import os; print(os.environ['APP_ENV'], os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"


def without_addresses() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL", "APP_ENV"}}


def test_services_that_are_named_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_services() as services:
        assert (services.database_url, services.redis_url) == (os.environ["DATABASE_URL"], os.environ["REDIS_URL"])
        assert services.children == ()


@pytest.mark.parametrize(
    ("name", "url", "sentence"),
    [
        (
            "DATABASE_URL",
            "postgresql://me:secret@127.0.0.1:1/x",
            "PostgreSQL does not answer at postgresql://me:…@127.0.0.1:1/x (DATABASE_URL).",
        ),
        (
            "REDIS_URL",
            "redis://:secret@127.0.0.1:1/0",
            "Redis does not answer at redis://:…@127.0.0.1:1/0 (REDIS_URL).",
        ),
        (
            "DATABASE_URL",
            "mysql://me:secret@127.0.0.1/x",
            "DATABASE_URL is mysql://me:…@127.0.0.1/x: it must start with postgresql:// or postgres://.",
        ),
        (
            "REDIS_URL",
            "127.0.0.1:6379",
            "REDIS_URL is 127.0.0.1:6379: it must start with redis:// or rediss:// or unix://.",
        ),
    ],
)
def test_a_named_service_that_does_not_answer_or_is_none_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str, sentence: str
) -> None:
    monkeypatch.setenv(name, url)

    with pytest.raises(CannotStartError) as caught, running_services():
        pass

    assert str(caught.value).startswith(sentence)


def test_a_command_finds_embedded_services_which_go_with_it() -> None:
    result = subprocess.run(
        [*RUN, sys.executable, "-c", SHOW], env=without_addresses(), capture_output=True, text=True, check=True
    )

    app_env, database_url, redis_url = result.stdout.split()
    folder = Path(redis_url.removeprefix("unix://")).parent
    assert app_env == "test"
    assert database_url == f"postgresql://postgres@/postgres?host={folder}"
    assert not folder.exists()


def test_the_exit_code_is_the_commands_own() -> None:
    assert main(["run", "--", sys.executable, "-c", "import sys; sys.exit(7)"]) == 7


def test_a_stop_signal_reaches_the_command(tmp_path: Path) -> None:
    note = tmp_path / "up"
    code = (
        "import signal, sys, time; from pathlib import Path;"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(9)); Path(sys.argv[1]).touch(); time.sleep(60)"
    )
    process = subprocess.Popen([*RUN, sys.executable, "-c", code, note])
    assert wait_until(note.exists, seconds=20)
    started = time.monotonic()

    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 9
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "arguments", [[], ["run"], ["run", "--"], ["walk", "--", "true"], ["run", "--fast", "--", "true"]]
)
def test_a_wrong_call_shows_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("Usage: python -m config.services run")


def test_an_unknown_command_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--", "/no/such/program"]) == 1
    assert capsys.readouterr().err == "Error: /no/such/program cannot be started: No such file or directory.\n"


def test_addresses_are_shown_without_their_password() -> None:
    assert without_password("postgresql://a:b@c/d") == "postgresql://a:…@c/d"
    assert without_password("postgresql://a@c/d") == "postgresql://a@c/d"
    assert without_password("postgresql://[/") == "an address that cannot be read"
