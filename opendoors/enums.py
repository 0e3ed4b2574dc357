"""States of an open-door week and of what happens in it, and which step may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EditionState(models.TextChoices):
    """An edition goes one way, from the team's draft to the evaluation."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("programme published")
    OPEN = "open", _("sign-up open")
    CLOSED = "closed", _("sign-up closed")
    RUNNING = "running", _("running")
    EVALUATED = "evaluated", _("evaluated")

    @property
    def verb(self) -> str:
        """What a person does to bring an edition into this state: the words of a button."""
        return str(EDITION_VERBS[self])


EDITION_VERBS = {
    EditionState.DRAFT: _("Take it back to the draft"),
    EditionState.PUBLISHED: _("Publish the programme"),
    EditionState.OPEN: _("Open sign-up"),
    EditionState.CLOSED: _("Close sign-up"),
    EditionState.RUNNING: _("Begin the week"),
    EditionState.EVALUATED: _("Close as evaluated"),
}

EDITION_TRANSITIONS: dict[EditionState, frozenset[EditionState]] = {
    EditionState.DRAFT: frozenset({EditionState.PUBLISHED}),
    EditionState.PUBLISHED: frozenset({EditionState.DRAFT, EditionState.OPEN}),
    EditionState.OPEN: frozenset({EditionState.CLOSED}),
    EditionState.CLOSED: frozenset({EditionState.OPEN, EditionState.RUNNING}),
    EditionState.RUNNING: frozenset({EditionState.EVALUATED}),
    EditionState.EVALUATED: frozenset(),
}

# What everybody may see: all but the team's draft.
PUBLIC_STATES = frozenset(EditionState) - {EditionState.DRAFT}


class VisitState(models.TextChoices):
    """A visit is on, or called off; rows stay, people were told of them."""

    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("cancelled")


class BookedState(models.TextChoices):
    """One visit of a booking: a seat is held, or was given back."""

    CONFIRMED = "confirmed", _("confirmed")
    CANCELLED = "cancelled", _("cancelled")


class VisitLanguage(models.TextChoices):
    """Languages a visit is given in."""

    FR = "fr", _("French")
    NL = "nl", _("Dutch")
    EN = "en", _("English")
    LSFB = "lsfb", _("sign language of French-speaking Belgium")
    VGT = "vgt", _("Flemish sign language")


class Sector(models.TextChoices):
    """The visitor's field of work, for the figures."""

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
