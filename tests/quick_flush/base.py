"""Rows are deleted instead of tables truncated.

A test with real transactions leaves a few rows in a few tables. Truncating gives each of 70 tables and their indexes
new files, which a server that writes to disk takes two seconds for; deleting takes twenty milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from django.db.backends.postgresql.operations import DatabaseOperations as Operations


class DatabaseOperations(Operations):
    def sql_flush(
        self, style: Any, tables: Sequence[str], *, reset_sequences: bool = False, allow_cascade: bool = False
    ) -> list[str]:
        """A statement per table; run in one transaction, at whose end foreign keys are checked."""
        if reset_sequences:
            return super().sql_flush(style, tables, reset_sequences=True, allow_cascade=allow_cascade)
        # Triggers that keep rows from being deleted (approved minutes) are for the product, not for who cleans up.
        quiet = "SET LOCAL session_replication_role = replica"
        return [quiet, *(f"DELETE FROM {self.quote_name(table)}" for table in tables)] if tables else []


class DatabaseWrapper(PostgreSQL):
    ops_class = DatabaseOperations
