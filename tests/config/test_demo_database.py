"""The demo takes an empty database, knows its own again, and touches no other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest

from config.demo.database import MARK, claim
from config.processes import CannotStartError


@pytest.fixture
def url() -> Iterator[str]:
    """A database of its own, empty."""
    given = os.environ["DATABASE_URL"]
    name = f"demo_{uuid4().hex[:12]}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        server.execute(f"DROP DATABASE {name}")


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


def tables(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]


def test_an_empty_database_becomes_the_demos(url: str) -> None:
    claim(url, reset=False)

    assert tables(url) == [MARK]


def test_the_demos_own_database_keeps_its_rows(url: str) -> None:
    claim(url, reset=False)
    execute(url, "CREATE TABLE booking ()")

    claim(url, reset=False)

    assert sorted(tables(url)) == [MARK, "booking"]


def test_the_demos_own_database_is_emptied_on_demand(url: str) -> None:
    claim(url, reset=False)
    execute(url, "CREATE TABLE booking ()")

    claim(url, reset=True)

    assert tables(url) == [MARK]


@pytest.mark.parametrize("reset", [False, True])
def test_somebody_elses_database_is_refused_and_untouched(url: str, reset: bool) -> None:
    execute(url, "CREATE TABLE payroll ()")

    with pytest.raises(CannotStartError, match="holds tables that the demo did not make"):
        claim(url, reset=reset)

    assert tables(url) == ["payroll"]
