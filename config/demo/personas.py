"""The people of the demo: the same seven as in the tests, and a regional administrator.

Their addresses are in ``example.org``, which nobody can own. The secrets of their authenticator
apps are written here, because the demo shows the codes; nothing of this exists outside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from basins.rights import Role


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to sign in as. ``role`` is what ``demo.json`` calls them, ``roles`` what they were given."""

    role: str
    name: str
    email: str
    language: str
    does: str  # a msgid
    roles: tuple[tuple[Role, str | None], ...] = ()
    totp_secret: str = ""

    @property
    def does_in_words(self) -> str:
        return str(_(self.does))


PERSONAS: tuple[Persona, ...] = (
    Persona(
        "coordinator",
        "Alice Lambert",
        "alice@example.org",
        "fr",
        gettext_noop("Coordinator of the South-East basin: runs the open-door weeks, manages her team."),
        ((Role.COORDINATOR, "sud-est"),),
        "ALICEDEMO23456723456723456723456",
    ),
    Persona(
        "helpdesk",
        "Bram Peeters",
        "bram@example.org",
        "nl",
        gettext_noop("Team member and helpdesk of the North basin: sees the North and nothing of the others."),
        ((Role.TEAM_MEMBER, "nord"), (Role.HELPDESK_AGENT, "nord")),
        "BRAMDEMO234567234567234567234567",
    ),
    Persona(
        "regional_administrator",
        "Hanne Dubois",
        "hanne@example.org",
        "nl",
        gettext_noop("Regional administrator: all five basins, territory and site addresses."),
        ((Role.REGION_ADMIN, None),),
        "HANNEDEMO23456723456723456723456",
    ),
    Persona(
        "host",
        "Chantal Maes",
        "chantal@example.org",
        "fr",
        gettext_noop("Contact person of a service that opens its doors."),
    ),
    Persona(
        "visitor",
        "Daan Vermeulen",
        "daan@example.org",
        "nl",
        gettext_noop("A professional who booked visits."),
    ),
    Persona(
        "council_member",
        "Eva Rossi",
        "eva@example.org",
        "fr",
        gettext_noop("Member of the council of the South-East basin."),
    ),
    Persona(
        "partner",
        "Farid Amrani",
        "farid@example.org",
        "fr",
        gettext_noop("Developer at a partner: his program books visits with the API key below."),
    ),
    Persona(
        "stranger",
        "Greet Wouters",
        "greet@example.org",
        "nl",
        gettext_noop("Signed in for the first time: an account without any right."),
    ),
)
BY_EMAIL = {persona.email: persona for persona in PERSONAS}

KEY_NAME = "Farid Amrani · demo"
KEY_CONTACT = "farid@example.org"
KEY_SCOPES = ("opendoors:book", "opendoors:attendance", "helpdesk:ask", "webhooks:manage")
KEY_BASINS = ("sud-est", "nord")
