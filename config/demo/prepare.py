"""Bring the demo's database and files up to date, in one process because starting Django costs a second.

``python -m config.demo.prepare``; what is up to date already is left alone.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.demo.console import Step, say

# No page of ours asks for the browsable API, or for what comes along with Leaflet: it need not be compressed.
NOT_SERVED = ["rest_framework", "leaflet-src.*", "draw"]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

    django.setup()
    migrate()
    collect_static_files()
    seed()
    return 0


class _Migrations(io.StringIO):
    """Counts the lines of Django's ``migrate`` instead of showing all of them."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self.total, self.done = total, 0

    def write(self, text: str) -> int:
        if text.strip() == "OK":
            self.done += 1
            if self.done % 10 == 0 or self.done == self.total:
                say(f"  Database: {self.done}/{self.total} migrations")
        return len(text)


def migrate() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, stdout=_Migrations(len(plan)))


def collect_static_files() -> None:
    """Collect and compress when a source changed; the check reads names, sizes and times only."""

    stamp = Path(settings.STATIC_ROOT).with_name("static.sha256")
    state = _state_of_static_files()
    if stamp.exists() and stamp.read_text() == state:
        return
    with Step("Style sheets, scripts and icons"):
        call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=NOT_SERVED)
    stamp.write_text(state)


def _state_of_static_files() -> str:
    state = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            state.update(f"{name}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return state.hexdigest()


def seed() -> None:
    with Step("Demo data"):
        call_command("seed_demo", stdout=io.StringIO())


if __name__ == "__main__":
    sys.exit(main())
