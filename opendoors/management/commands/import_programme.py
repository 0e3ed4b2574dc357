"""``manage.py import_programme sud-est 2026 programme.csv``: says what it would do; ``--apply`` does it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from core.bilingual import LANGUAGE_CODES
from opendoors.import_words import sentences
from opendoors.models import SEATS_AT_MOST, Edition
from opendoors.rules import importing
from opendoors.rules.importing import Report


class Command(BaseCommand):
    help = "Compare a programme file with an edition, line by line; --apply imports it, all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("basin", help="code of the basin, e.g. sud-est")
        parser.add_argument("edition", help="last part of the edition's address, e.g. 2026")
        parser.add_argument("file", type=Path, help="XLSX, or CSV in UTF-8 with comma, semicolon or tab")
        parser.add_argument("--seats", type=int, help="seats of visits whose line says none")
        parser.add_argument("--language", choices=LANGUAGE_CODES, default="fr", help="language of the report")
        parser.add_argument("--apply", action="store_true", help="write it; without this nothing changes")

        parser.add_argument(
            "--end-waiting", action="store_true", help="places in line for more seats than stay may end, with a letter"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            edition = Edition.objects.get(basin__code=options["basin"], slug=options["edition"])
        except Edition.DoesNotExist:
            raise CommandError(f"There is no edition {options['edition']} in the basin {options['basin']}.") from None
        if options["seats"] is not None and not 1 <= options["seats"] <= SEATS_AT_MOST:
            raise CommandError(f"--seats takes a number from 1 to {SEATS_AT_MOST}.")
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        with translation.override(options["language"]):
            self._import(
                edition,
                content,
                seats=options["seats"],
                write=options["apply"],
                may_end_waiting=options["end_waiting"],
            )

    def _import(
        self, edition: Edition, content: bytes, *, seats: int | None, write: bool, may_end_waiting: bool
    ) -> None:
        try:
            if write:
                report = importing.apply(
                    edition=edition, content=content, by=None, seats=seats, may_end_waiting=may_end_waiting
                )
            else:
                report = importing.examine(edition=edition, content=content, seats=seats)
        except importing.ImportRefused as error:
            report = error.report
        except importing.WaitingWouldEnd as error:
            for line in _lines(error.report):
                self.stdout.write(line)
            raise CommandError(f"{error.message} --end-waiting does.") from None
        for line in _lines(report):
            self.stdout.write(line)
        if report.problems_total:
            raise CommandError(str(importing.ImportRefused.title))
        if not write:
            self.stdout.write("Dry run: nothing was written. --apply does it.")


def _lines(report: Report) -> list[str]:
    return [*sentences(report), *report.changes, *report.problems]
