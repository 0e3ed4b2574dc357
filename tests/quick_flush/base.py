"""Rows are deleted instead of tables truncated, and nobody counts them meanwhile.

A test with real transactions leaves a few rows in a few tables. Truncating gives each of 150 tables and their indexes
new files, which a server that writes to disk takes two seconds for; deleting takes twenty milliseconds.

What is deleted or rolled back stays on disk as dead rows. A server that gathers statistics by itself at that moment
finds large tables with nothing in them, plans each join as if one row came, and a page that reads 180 bookings takes
ten seconds instead of a hundredth of one. So it gathers none here, and what grew large is truncated after all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from django.db.backends.postgresql.creation import DatabaseCreation as Creation
from django.db.backends.postgresql.operations import DatabaseOperations as Operations

from tests import reference_rows

DEAD_AT_MOST = 16 * 1024 * 1024  # bytes of tables, before they are truncated

SIZE = "SELECT sum(pg_relation_size(relid)) FROM pg_stat_user_tables"
UNCOUNTED = """
DO $$ DECLARE each regclass;
BEGIN
    FOR each IN SELECT relid FROM pg_stat_user_tables LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', each);
    END LOOP;
END $$
"""


class DatabaseOperations(Operations):
    def sql_flush(
        self, style: Any, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False
    ) -> list[str]:
        """A statement per table; run in one transaction, at whose end foreign keys are checked."""
        if reset_sequences or self._is_bloated():
            statements = super().sql_flush(style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        else:
            statements = [f"DELETE FROM {self.quote_name(table)}" for table in tables]
        # Triggers that keep rows from being deleted (approved minutes) are for the product, not for who cleans up.
        return ["SET LOCAL session_replication_role = replica", *statements] if tables else []

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Then the rows every database starts with are put back: the next test may be one that empties nothing."""
        super().execute_sql_flush(sql_list)
        reference_rows.paste()

    def _is_bloated(self) -> bool:
        with self.connection.cursor() as cursor:
            cursor.execute(SIZE)
            return bool(cursor.fetchone()[0] > DEAD_AT_MOST)


class DatabaseCreation(Creation):
    def create_test_db(self, *args: Any, **kwargs: Any) -> str:
        """As Django does, a kept one too; then no table of it is looked after by the server."""
        name = super().create_test_db(*args, **kwargs)
        with self.connection.cursor() as cursor:
            cursor.execute(UNCOUNTED)
        return name


class DatabaseWrapper(PostgreSQL):
    ops_class = DatabaseOperations
    creation_class = DatabaseCreation
