"""What stands in the database, read whole: for promises on what is never kept."""

from __future__ import annotations

from django.db import connection


def texts_of_all_tables() -> list[tuple[str, str]]:
    """Each value of each text column of each table, the words within JSON, lists and bytes included."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type NOT IN ('bigint', 'integer', 'smallint', 'boolean', 'uuid', 'date', 'double precision', "
            "'timestamp with time zone', 'time without time zone', 'numeric', 'interval')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f"SELECT CASE WHEN pg_typeof(\"{column}\")::text = 'bytea' "
                f'THEN encode("{column}"::text::bytea, \'escape\') ELSE "{column}"::text END '
                f'FROM "{table}" WHERE "{column}" IS NOT NULL'
            )
            found += [(f"{table}.{column}", value) for (value,) in cursor.fetchall()]
    return found
