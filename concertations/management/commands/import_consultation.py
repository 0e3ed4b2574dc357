"""``manage.py import_consultation 2019 consultation_2019.json``: says what the file holds; ``--apply`` brings it in."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from concertations.errors.minutes import ConsultationRefused
from concertations.rules import importing_consultation as importing
from concertations.rules.importing_consultation import Report
from core.bilingual import LANGUAGE_CODES


class Command(BaseCommand):
    help = "Count what the file of a consultation holds; --apply imports it, and puts its needs into the list."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="last part of the consultation's address, e.g. 2019")
        parser.add_argument("file", type=Path, help="JSON, as concertations/facts/consultation_2019.json")
        parser.add_argument("--language", choices=LANGUAGE_CODES, default="fr", help="language of the report")
        parser.add_argument("--apply", action="store_true", help="write it; without this nothing changes")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        with translation.override(options["language"]):
            try:
                if options["apply"]:
                    report = importing.apply(content=content, slug=options["slug"], by=None)
                else:
                    report = importing.examine(content=content)
            except ConsultationRefused as error:
                raise CommandError(f"{error.message} ({error.extra['reason']})") from None
            for line in lines(report):
                self.stdout.write(line)
            if options["apply"]:
                self.stdout.write(
                    _("%(made)d statements made, %(changed)d changed, %(needs)d put into the list of needs.")
                    % {"made": report.made, "changed": report.changed, "needs": report.needs}
                )
            else:
                self.stdout.write(_("Dry run: nothing was written. --apply does it."))


def lines(report: Report) -> list[str]:
    """The counts in words, part by part."""
    found = [report.title]
    for kind, number in report.parts.items():
        said = [
            f"{count} × {statement.label}"
            for (part, statement), count in sorted(report.counted.items())
            if part == kind
        ]
        found.append(f"{kind.label}: {number} ({', '.join(said)})")
    return [*found, _("%(number)d statements in all") % {"number": report.statements}]
