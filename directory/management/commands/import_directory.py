"""``manage.py import_directory social-brussels list.csv``: says what it would do; ``--apply`` does it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from core.bilingual import LANGUAGE_CODES
from core.errors import RuleError
from directory.importing import columns
from directory.importing.listing import Listing, open_list
from directory.importing.report import Report, in_words
from directory.models import Source
from directory.rules import importing
from directory.rules.importing import Order


class Command(BaseCommand):
    help = "Compare a list (CSV, XLSX, HSDS JSON) with the directory, row by row; --apply imports it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="code of the list, as the team's pages name it")
        parser.add_argument("file", type=Path, help="CSV in UTF-8, .xlsx, or HSDS as JSON")
        parser.add_argument("--part", action="store_true", help="the file names some records only: mark none as gone")
        parser.add_argument("--language", choices=LANGUAGE_CODES, default="fr", help="language of the report")
        parser.add_argument("--apply", action="store_true", help="write it; without this nothing changes")

    def handle(self, *args: Any, **options: Any) -> None:
        source = Source.objects.filter(code=options["source"]).first()
        if source is None:
            raise CommandError(f"There is no list {options['source']}.")
        with translation.override(options["language"]):
            try:
                with options["file"].open("rb") as file:
                    report = self._import(source, open_list(file), options)
            except OSError as error:
                raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
            except RuleError as error:
                raise CommandError(str(error.message)) from None
            words = in_words(report)
        for line in (*words["sentences"], *words["problems"]):
            self.stdout.write(line)
        if not options["apply"]:
            self.stdout.write("Dry run: nothing was written. --apply does it.")

    def _import(self, source: Source, listing: Listing, options: dict[str, Any]) -> Report:
        report = Report()
        mapping = source.mapping or {"columns": columns.guess(listing.columns)}
        order = Order(source=source, by=None, is_part=options["part"])
        rows = listing.rows(mapping, report.problems)
        if options["apply"]:
            return importing.apply(order, rows, report, moment=timezone.now())
        return importing.examine(order, rows, report)
