"""``manage.py create_coordinator``: the first person of a team, before anybody could invite them.

``--region`` appoints a regional administrator instead. Dry unless ``--apply`` is given.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from basins.enums import BasinCode, Language
from basins.models import Basin
from basins.rights import Role
from basins.rules import people
from core.errors import RuleError


class Command(BaseCommand):
    help = "Appoint the coordinator of a basin, or a regional administrator. Dry unless --apply is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--basin", choices=BasinCode.values)
        where.add_argument("--region", action="store_true", help="regional administrator")
        parser.add_argument("--name", default="")
        parser.add_argument("--language", choices=Language.values, default=Language.FR)
        parser.add_argument("--apply", action="store_true", help="write it; without, only say what would be written")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(f"{options['email']} is no e-mail address.") from error
        role = Role.REGION_ADMIN if options["region"] else Role.COORDINATOR
        basin = Basin.objects.get(code=options["basin"]) if options["basin"] else None
        sentence = f"{options['email']}: {role.value} of {options['basin'] or 'the Region'}"
        if not options["apply"]:
            self.stdout.write(f"Would be written: {sentence}. Add --apply to write it.")
            return
        try:
            people.invite_colleague(
                email=options["email"],
                name=options["name"],
                language=options["language"],
                role=role,
                basin=basin,
                by=None,
            )
        except RuleError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Written: {sentence}. They sign in with a code by mail and set up a second factor.")
