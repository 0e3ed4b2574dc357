"""``manage.py seed_demo``: personas, a partner's key and believable data; prints the sign-ins."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo.seed import notes_file, seed


class Command(BaseCommand):
    help = "Fill the demo's database. A database that is filled already keeps what was entered."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENV.is_production:
            raise CommandError("Demo people never enter a production database (APP_ENV is production).")
        notes = seed(self.stdout.write)
        self.stdout.write(f"Sign-ins (also in {notes_file()}):")
        for each in notes["sign_ins"]:
            factor = f"  app secret {each['totp_secret']}" if "totp_secret" in each else ""
            self.stdout.write(f"  {each['role']:24}{each['email']:24}{factor}")
        self.stdout.write(f"  {'API key':24}Authorization: Api-Key {notes['api_key']}")
