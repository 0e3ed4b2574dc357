"""The tests' own engine: tables are emptied in no time, and the server gathers no statistics of emptied ones."""

from __future__ import annotations

import pytest
from django.core.management.color import no_style
from django.db import connection

from tests.quick_flush import base


@pytest.mark.django_db
def test_no_table_is_looked_after_by_the_server() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_class.relname FROM pg_class JOIN pg_stat_user_tables ON relid = oid "
            "WHERE NOT coalesce(reloptions, '{}') @> '{autovacuum_enabled=false}'"
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db
@pytest.mark.parametrize(("dead_at_most", "verb"), [(1 << 60, "DELETE"), (0, "TRUNCATE")])
def test_what_grew_large_is_truncated(monkeypatch: pytest.MonkeyPatch, dead_at_most: int, verb: str) -> None:
    monkeypatch.setattr(base, "DEAD_AT_MOST", dead_at_most)
    statements = connection.ops.sql_flush(no_style(), ["basins_basin"])
    assert [statement.split()[0] for statement in statements] == [verb]
