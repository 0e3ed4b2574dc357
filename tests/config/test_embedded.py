"""The embedded servers: they come up on good data, say why on bad data, and survive a kill."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import embedded
from config.embedded import FAST, Places, data_folder, postgres, postgres_answers, redis_answers, redis_server
from config.processes import CannotStartError


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    with embedded.run_folder() as run:
        yield Places(postgres=run / "postgres", logs=tmp_path, run=run)


def test_what_was_written_is_there_after_a_restart_and_after_a_kill(places: Places) -> None:
    with postgres(places, options={}) as (url, server):
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('Élan')")
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()

    with postgres(places, options={}) as (url, _), psycopg.connect(url) as connection:
        rows = connection.execute("SELECT lower(word) FROM kept").fetchall()

    assert rows == [("élan",)]
    assert not postgres_answers(url)


def test_broken_data_are_named_with_the_servers_own_reason(places: Places) -> None:
    with postgres(places, options=FAST):
        pass
    shutil.rmtree(places.postgres / "global")

    with pytest.raises(CannotStartError) as caught, postgres(places, options=FAST):
        pass

    first, *reason, last = str(caught.value).splitlines()
    assert first == f"PostgreSQL did not come up on {places.postgres}. It says:"
    assert reason[-1] == f'  but could not open file "{places.postgres}/global/pg_control": No such file or directory'
    assert last.endswith("`make demo RESET=1` throws the demo's data away and begins anew.")


def test_a_data_folder_that_holds_something_else_is_left_alone(places: Places) -> None:
    places.postgres.mkdir()
    places.postgres.joinpath("thesis.txt").write_text("ten years of work")

    with pytest.raises(CannotStartError) as caught, postgres(places, options=FAST):
        pass

    assert str(caught.value).startswith(f"PostgreSQL cannot make its data folder {places.postgres}:")
    assert places.postgres.joinpath("thesis.txt").read_text() == "ten years of work"


def test_redis_answers_while_the_context_lasts(places: Places) -> None:
    with redis_server(places) as (url, _):
        during = redis_answers(url)

    assert (during, redis_answers(url)) == (True, False)


def test_the_sockets_are_short_in_a_deep_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 5)
    deep.mkdir(parents=True)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(deep))

    with embedded.run_folder() as run:
        length = len(os.fsencode(run / embedded.POSTGRES_SOCKET))

    assert length <= embedded.SOCKET_PATH_LIMIT
    assert not run.exists()


def test_no_place_for_sockets_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: str) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)

    with pytest.raises(CannotStartError, match="There is no folder for the sockets"), embedded.run_folder():
        pass


def test_a_checkout_closed_to_others_keeps_its_data_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(embedded, "_database_user", lambda: (4321, 4321))

    elsewhere = data_folder(closed / "postgres")

    assert elsewhere.parent == Path("/var/tmp")
    assert elsewhere == data_folder(closed / "postgres")
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_folder_of_somebody_else_is_not_taken_over(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    link = tmp_path / "link"
    link.symlink_to(mine)

    with pytest.raises(CannotStartError, match="belongs to somebody else"):
        embedded._own(link, None)


def test_a_missing_package_is_one_sentence() -> None:
    with pytest.raises(CannotStartError, match="The Python package no_such_package is missing"):
        embedded._package_folder("no_such_package")


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "nonsense", "postgresql://[/"])
def test_a_wrong_database_address_does_not_answer(url: str) -> None:
    assert not postgres_answers(url)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "nonsense", "unix:///none"])
def test_a_wrong_redis_address_does_not_answer(url: str) -> None:
    assert not redis_answers(url)
