"""``manage.py index_directory``: says how many records wait to be indexed; ``--apply`` makes the whole index anew."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from directory.models import SearchEntry, Service
from directory.rules import indexing


class Command(BaseCommand):
    help = "Compare the search index with the records; --apply makes all entries and words anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="write it; without this nothing changes")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["apply"]:
            self.stdout.write(f"{indexing.index_all()} records indexed.")
            return
        records, entries = Service.objects.count(), SearchEntry.objects.count()
        self.stdout.write(f"{records} records, {entries} in the index. --apply makes it anew.")
