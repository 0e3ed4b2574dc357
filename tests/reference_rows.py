"""The rows every database starts with, put back after a test with real transactions has emptied the tables.

Loading them row by row takes half a second, and hundreds of tests need them: they are copied once and pasted.
"""

from __future__ import annotations

from django.db import connection

from basins.models import Basin, Municipality, Neighbourhood, PostcodeArea, SiteHost
from concertations.models import Theme
from directory.models import Taxonomy, TaxonomyTerm

MODELS = (Basin, Municipality, PostcodeArea, Neighbourhood, SiteHost, Taxonomy, TaxonomyTerm, Theme)


def copied() -> dict[str, bytes]:
    """What stands in the tables, by table, in the order in which they refer to each other."""
    found = {}
    with connection.cursor() as cursor:
        for table in (model._meta.db_table for model in MODELS):
            with cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as rows:
                found[table] = b"".join(rows)
    return found


def paste(rows: dict[str, bytes]) -> None:
    """Put back what was copied, keys included, into empty tables."""
    with connection.cursor() as cursor:
        for table, content in rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                copy.write(content)
