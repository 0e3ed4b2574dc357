"""Everything that all missions hold on a mail address, as JSON: the answer to a request for access (GDPR, 15)."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from basins.missions import missions


class Command(BaseCommand):
    help = "Print what is held on an e-mail address, by mission."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        held = {
            mission.name: [asdict(record) for record in mission.personal_data(options["email"])]
            for mission in missions()
        }
        print(json.dumps(held, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
