"""A letter to the team when a host does something the team would want to know."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from core import mail
from core.bilingual import LANGUAGE_CODES
from opendoors.models import Host
from opendoors.staff_queries import keepers

KIND = "opendoors.team_host"


def tell_team(host: Host, what: str, **params: Any) -> int:
    """One letter to each who keeps the week; without any, to the helpdesk's address in both languages.

    ``what`` names the event, see ``emails.hosts``; ``params`` are primitives. Returns the number of letters.
    """
    basin = host.edition.basin
    to = [(user.email, user.language) for user in keepers(basin)]
    if not to and basin.helpdesk_email:
        to = [(basin.helpdesk_email, code) for code in LANGUAGE_CODES]
    moment = f"{timezone.now():%Y%m%dT%H%M%S%f}"
    for email, language in to:
        mail.post(
            KIND,
            to=email,
            language=language,
            params={"host": str(host.uuid), "what": what, **params},
            key=f"{KIND}:{host.uuid}:{what}:{moment}:{email}:{language}",
            scope=basin.code,
        )
    return len(to)
