"""The five basins as the decree names them, and the words their rows use."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BasinCode(models.TextChoices):
    """A basin's code: its French slug, and the name of its hue in the style sheet.

    A sixth basin would be a decree, a hue and a line here.
    """

    NORD = "nord", _("North")
    NORD_EST = "nord-est", _("North-East")
    SUD_EST = "sud-est", _("South-East")
    CENTRE_OUEST = "centre-ouest", _("Centre-West")
    SUD = "sud", _("South")

    def slug(self, language: str) -> str:
        """The basin's part of an address in ``language``."""
        return self.value if language == "fr" else DUTCH_SLUGS[self]


DUTCH_SLUGS: dict[BasinCode, str] = {
    BasinCode.NORD: "noord",
    BasinCode.NORD_EST: "noord-oost",
    BasinCode.SUD_EST: "zuid-oost",
    BasinCode.CENTRE_OUEST: "centrum-west",
    BasinCode.SUD: "zuid",
}


class Language(models.TextChoices):
    """The two languages of everything the basins publish."""

    FR = "fr", _("French")
    NL = "nl", _("Dutch")


class Sector(models.TextChoices):
    """A professional's field of work, for the figures of every mission."""

    HEALTH = "health", _("Health care")
    MENTAL_HEALTH = "mental_health", _("Mental health")
    SOCIAL = "social", _("Social work")
    HOME_CARE = "home_care", _("Home care and help")
    ELDERLY = "elderly", _("Older people")
    YOUTH = "youth", _("Children and youth")
    DISABILITY = "disability", _("Disability")
    HOUSING = "housing", _("Housing")
    PUBLIC = "public", _("Public administration")
    OTHER = "other", _("Another field")


class NeedState(models.TextChoices):
    """Where a need stands on its way from heard to answered."""

    HEARD = "heard", _("heard")
    PROPOSED = "proposed", _("proposed")
    PLANNED = "planned", _("in the roadmap")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed with a reason")


NEED_TRANSITIONS: dict[NeedState, frozenset[NeedState]] = {
    NeedState.HEARD: frozenset({NeedState.PROPOSED, NeedState.ANSWERED, NeedState.CLOSED}),
    NeedState.PROPOSED: frozenset({NeedState.PLANNED, NeedState.HEARD, NeedState.CLOSED}),
    NeedState.PLANNED: frozenset({NeedState.ANSWERED, NeedState.CLOSED}),
    NeedState.ANSWERED: frozenset(),
    NeedState.CLOSED: frozenset({NeedState.HEARD}),
}
