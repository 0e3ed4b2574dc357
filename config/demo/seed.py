"""The demo's data: the personas, a partner's key, and what each mission has to show.

Everything is written in one transaction, so that a start that was interrupted leaves nothing half
done. A database that has it already keeps what was entered.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from basins.missions import missions
from basins.models import Basin, PartnerKey, User
from basins.rules import keys, people
from config.demo.personas import KEY_BASINS, KEY_CONTACT, KEY_NAME, KEY_SCOPES, PERSONAS, Persona

Say = Callable[[str], None]


def notes_file() -> Path:
    """Where the addresses and sign-ins are noted: ``.local/demo.json``."""
    return Path(settings.LOCAL_DIR) / "demo.json"


def seed(say: Say) -> dict[str, Any]:
    """Write what is missing; gives what stands in the notes."""
    is_new = not User.objects.filter(email=PERSONAS[0].email).exists()
    today = timezone.localdate()
    steps: list[tuple[str, Callable[[], object]]] = [("People and their roles", _write_people)]
    steps += [(each.name, partial(each.seed_demo, today=today, is_new=is_new)) for each in missions()]
    steps.append(("What belongs together", lambda: _tie(today, is_new=is_new)))
    noted: dict[str, Any] = {}
    steps.append(("A partner's key", lambda: noted.update(api_key=_partner_key())))
    with transaction.atomic():
        for number, (title, write) in enumerate(steps, start=1):
            say(f"  {number}/{len(steps)} {title}")
            write()
    notes = {"url": settings.SITE_URL, **noted, "sign_ins": [_sign_in(each) for each in PERSONAS]}
    notes_file().parent.mkdir(parents=True, exist_ok=True)
    notes_file().write_text(json.dumps(notes, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return notes


def _tie(today: dt.date, *, is_new: bool) -> None:
    for each in missions():
        each.tie_demo(today=today, is_new=is_new)


def _sign_in(persona: Persona) -> dict[str, str]:
    noted = {"role": persona.role, "email": persona.email, "name": persona.name, "language": persona.language}
    return noted | ({"totp_secret": persona.totp_secret} if persona.totp_secret else {})


def _write_people() -> None:
    basins = {basin.code: basin for basin in Basin.objects.all()}
    for persona in PERSONAS:
        user = people.open_account(email=persona.email, language=persona.language, name=persona.name)
        if user is None or user.grants.exists():
            continue  # closed, or given and perhaps taken away by somebody who tried the demo
        for role, code in persona.roles:
            people.grant_role(user=user, role=role, basin=basins[code] if code else None, by=None)
        if persona.totp_secret and not Authenticator.objects.filter(user=user).exists():
            TOTP.activate(user, persona.totp_secret)


def _partner_key() -> str:
    """The key of the last start, as long as it works; else a new one."""
    try:
        plain = str(json.loads(notes_file().read_text(encoding="utf-8"))["api_key"])
    except (OSError, ValueError, KeyError):
        plain = ""
    digest = sha256(plain.encode()).hexdigest()
    if plain and PartnerKey.objects.filter(digest=digest, revoked_at=None).exists():
        return plain
    return new_partner_key()


def new_partner_key() -> str:
    """A key for the partner among the personas, given by the regional administrator."""
    giver = User.objects.get(email=next(each.email for each in PERSONAS if each.role == "regional_administrator"))
    _key, plain = keys.create_key(
        name=KEY_NAME,
        contact_email=KEY_CONTACT,
        scopes=list(KEY_SCOPES),
        basins=list(Basin.objects.filter(code__in=KEY_BASINS)),
        by=giver,
    )
    return plain
