"""States of a meeting and of who comes, and which step may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SeriesKind(models.TextChoices):
    """What a series of meetings is for. A regional council meeting and some working groups are the Region's."""

    THEMATIC = "thematic", _("Thematic concertation")
    WORKSHOP = "workshop", _("Atelier du changement")
    CYCLE = "cycle", _("Cycle")
    WORKING_GROUP = "working_group", _("Working group")
    REGIONAL_COUNCIL = "regional_council", _("Regional council")
    COMMUNITY = "community", _("Community of practice")


class MeetingState(models.TextChoices):
    """A meeting is prepared by the team, announced, held; or called off. Rows stay: people were told of them."""

    DRAFT = "draft", _("draft")
    ANNOUNCED = "announced", _("announced")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")

    @property
    def verb(self) -> str:
        """What a person does to bring a meeting into this state: the words of a button."""
        return str(MEETING_VERBS[self])


MEETING_VERBS = {
    MeetingState.DRAFT: _("Take it back to the draft"),
    MeetingState.ANNOUNCED: _("Announce it"),
    MeetingState.HELD: _("Note that it was held"),
    MeetingState.CANCELLED: _("Call it off"),
}

MEETING_TRANSITIONS: dict[MeetingState, frozenset[MeetingState]] = {
    MeetingState.DRAFT: frozenset({MeetingState.ANNOUNCED}),
    MeetingState.ANNOUNCED: frozenset({MeetingState.DRAFT, MeetingState.HELD, MeetingState.CANCELLED}),
    MeetingState.HELD: frozenset({MeetingState.ANNOUNCED}),
    MeetingState.CANCELLED: frozenset(),
}

# What everybody may see.
PUBLIC_STATES = frozenset(MeetingState) - {MeetingState.DRAFT}


class ItemKind(models.TextChoices):
    """What an item of the agenda is; some come by themselves."""

    WELCOME = "welcome", _("welcome")
    ROUND = "round", _("round of introductions")
    TABLES = "tables", _("discussion tables")
    NEEDS = "needs", _("needs")
    NEWS = "news", _("news")
    MINUTES = "minutes", _("approval of the last minutes")
    ACTION = "action", _("follow-up of an action")
    BREAK = "break", _("break")
    OTHER = "other", _("other")


class DocumentAudience(models.TextChoices):
    """Who may open a document of a series or a meeting."""

    PUBLIC = "public", _("everybody")
    PARTICIPANTS = "participants", _("who is registered")
    TEAM = "team", _("the team")


class RegistrationState(models.TextChoices):
    """A place at a meeting: held, waited for, on offer, given back; or lapsed because nobody answered."""

    WAITING = "waiting", _("waiting")
    OFFERED = "offered", _("on offer")
    CONFIRMED = "confirmed", _("confirmed")
    CANCELLED = "cancelled", _("cancelled")
    LAPSED = "lapsed", _("not answered in time")


# Whose place counts against the seats of the meeting.
TAKES_A_SEAT = frozenset({RegistrationState.CONFIRMED, RegistrationState.OFFERED})


class Presence(models.TextChoices):
    """Who came. Empty: nobody said."""

    PRESENT = "present", _("present")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("absent")


class NotedBy(models.TextChoices):
    """Who noted the presence."""

    STAFF = "staff", _("the team")
    SHEET = "sheet", _("the team, from the sheet")
    PARTICIPANT = "participant", _("the participant, by the code at the door")
    PARTNER = "partner", _("a partner")


class Meal(models.TextChoices):
    """What a participant eats where a meal is served."""

    NONE = "none", _("no meal")
    ALL = "all", _("everything")
    VEGETARIAN = "vegetarian", _("vegetarian")
    VEGAN = "vegan", _("vegan")
    OTHER = "other", _("something else, see the note")
