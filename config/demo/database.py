"""The demo works on a database of its own and on no other.

A database that somebody names by ``DATABASE_URL`` gets a mark when the demo finds it empty. Without
that mark the demo touches nothing: its sign-ins must never end up beside real people's data.
"""

from __future__ import annotations

import psycopg

from config.processes import CannotStartError
from config.services import without_password

MARK = "belongs_to_the_demo"


def claim(url: str, *, reset: bool) -> None:
    """Make sure that the database is the demo's; empty it on ``reset``. Raises ``CannotStartError``."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            tables = _tables(connection)
            if tables and MARK not in tables:
                raise CannotStartError(
                    f"The database {without_password(url)} holds tables that the demo did not make. "
                    "Name an empty database by DATABASE_URL, or unset it to use the embedded one."
                )
            if tables and reset:
                connection.execute("DROP SCHEMA public CASCADE")
                connection.execute("CREATE SCHEMA public")
            connection.execute(f"CREATE TABLE IF NOT EXISTS public.{MARK} (prepared_for text)")
    except psycopg.Error as error:
        raise CannotStartError(
            f"The database {without_password(url)} cannot be used for the demo: {str(error).strip()}"
        ) from None


def prepared_for(url: str) -> str:
    """The state of the checkout that the database was prepared for; empty when it never was."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT prepared_for FROM public.belongs_to_the_demo").fetchone()
    return "" if row is None else str(row[0])


def note_prepared(url: str, state: str) -> None:
    """Note that migrations and demo data are those of ``state``."""
    with psycopg.connect(url) as connection:
        connection.execute("DELETE FROM public.belongs_to_the_demo")
        connection.execute("INSERT INTO public.belongs_to_the_demo VALUES (%s)", [state])


def _tables(connection: psycopg.Connection[tuple[str]]) -> set[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {row[0] for row in rows}
