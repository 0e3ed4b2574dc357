"""``make bench``: measures and writes ``benchmarks/results/``. ``ARGS="grid"`` runs one part."""

from __future__ import annotations

import os
import sys


def main(parts: list[str]) -> int:
    """Run the named parts, or all; 0 when every goal is met, 1 otherwise."""
    from benchmarks.servers import own_database

    server_url = os.environ["DATABASE_URL"]
    os.environ["APP_ENV"] = "demo"  # served as in production: pooled connections, compressed and hashed files
    os.environ["UNCONFIRMED_SEATS_PER_HOUR"] = "0"  # all clients of the benchmark are one network
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["LOG_LEVEL"] = "ERROR"
    with own_database(server_url) as url:
        os.environ["DATABASE_URL"] = url
        import django

        django.setup()
        return _measure(parts, url)


def _measure(parts: list[str], url: str) -> int:
    from django.core.management import call_command

    from benchmarks import bookings, directory_io, grid, growth, helpdesk, process, report, scene, search, wall

    known = {
        "bookings": lambda stage: bookings.measure(stage, url),
        "grid": grid.measure,
        "process": process.measure,
        "search": search.measure,
        "directory_io": directory_io.measure,
        "wall": wall.measure,
        "growth": growth.measure,  # the last two fill the tables
        "helpdesk": helpdesk.measure,
    }
    if unknown := set(parts) - set(known):
        print(f"Unknown: {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    call_command("collectstatic", interactive=False, verbosity=0)
    stage = scene.build()
    missed = 0
    for name in parts or known:
        print(f"… {name}", flush=True)
        tables: list[report.Table] = []
        for table in known[name](stage):
            print(f"\n{table}\n", flush=True)
            tables.append(table)
            missed += sum(not met for _, met in table.goals)
        report.write(name, tables, url)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
