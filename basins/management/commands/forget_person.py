"""Forget a mail address in all missions at once: the answer to a request for erasure (GDPR, 17)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from basins.missions import missions


class Command(BaseCommand):
    help = "Erase what can be erased of an e-mail address. Shows what would happen unless --apply is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--apply", action="store_true", help="do it")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            for mission in missions():
                outcome = mission.forget(options["email"])
                print(f"{mission.name}: {outcome.erased} erased, {len(outcome.kept)} kept")
                for kept in outcome.kept:
                    print(f"  kept: {kept.what}: {kept.reason}")
            if not options["apply"]:
                transaction.set_rollback(True)
