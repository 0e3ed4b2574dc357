"""The rows every database starts with, put back whenever a test with real transactions has emptied the tables.

Loading them row by row takes half a second, and hundreds of tests need them: they are copied once and pasted. It is
the emptying that puts them back (`tests.quick_flush`), because two processes that share the tests out between them
may well run one without real transactions after one with.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection

MODELS = (
    *("basins.Basin", "basins.Municipality", "basins.PostcodeArea", "basins.Neighbourhood", "basins.SiteHost"),
    *("directory.Taxonomy", "directory.TaxonomyTerm", "concertations.Theme"),
)
_copied: dict[str, bytes] = {}


def copy() -> None:
    """Keep what stands in the tables, by table, in the order in which they refer to each other."""
    with connection.cursor() as cursor:
        for table in (apps.get_model(name)._meta.db_table for name in MODELS):
            with cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as rows:
                _copied[table] = b"".join(rows)


def paste() -> None:
    """Put back what was copied, keys included, into empty tables; nothing where nothing was copied yet."""
    with connection.cursor() as cursor:
        for table, content in _copied.items():
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                copy.write(content)
