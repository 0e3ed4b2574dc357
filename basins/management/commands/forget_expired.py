"""``manage.py forget_expired``: what has been kept for as long as promised. Dry unless ``--apply`` is given."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from basins.rules import retention


class Command(BaseCommand):
    help = "Erase what has expired, as the clock does each night. Shows what would go unless --apply is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="do it")

    def handle(self, *args: Any, **options: Any) -> None:
        for what, forget in retention.steps(timezone.localdate()):
            with transaction.atomic():
                self.stdout.write(f"{what}: {forget()}")
                if not options["apply"]:
                    transaction.set_rollback(True)
        if not options["apply"]:
            self.stdout.write("Nothing was erased. Give --apply to do it.")
