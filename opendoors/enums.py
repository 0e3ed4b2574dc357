"""States of an open-door week and of what happens in it, and which step may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EditionState(models.TextChoices):
    """An edition goes one way, from the team's draft to the evaluation."""

    DRAFT = "draft", _("draft")
    CALL = "call", _("call to hosts")
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
    EditionState.CALL: _("Open the call to hosts"),
    EditionState.PUBLISHED: _("Publish the programme"),
    EditionState.OPEN: _("Open sign-up"),
    EditionState.CLOSED: _("Close sign-up"),
    EditionState.RUNNING: _("Begin the week"),
    EditionState.EVALUATED: _("Close as evaluated"),
}

EDITION_TRANSITIONS: dict[EditionState, frozenset[EditionState]] = {
    EditionState.DRAFT: frozenset({EditionState.CALL, EditionState.PUBLISHED}),
    EditionState.CALL: frozenset({EditionState.DRAFT, EditionState.PUBLISHED}),
    EditionState.PUBLISHED: frozenset({EditionState.DRAFT, EditionState.CALL, EditionState.OPEN}),
    EditionState.OPEN: frozenset({EditionState.CLOSED}),
    EditionState.CLOSED: frozenset({EditionState.OPEN, EditionState.RUNNING}),
    EditionState.RUNNING: frozenset({EditionState.EVALUATED}),
    EditionState.EVALUATED: frozenset(),
}

# Whose programme everybody may see. The call to hosts has a page of its own; its programme is still the team's.
PUBLIC_STATES = frozenset(EditionState) - {EditionState.DRAFT, EditionState.CALL}


class HostState(models.TextChoices):
    """A service that answers the call, until the team has said yes or no; or until it takes its word back."""

    PROPOSED = "proposed", _("proposed")
    CHANGES = "changes", _("change asked")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


# The host itself proposes again after a change was asked, and withdraws; the rest is the team's word.
HOST_TRANSITIONS: dict[HostState, frozenset[HostState]] = {
    HostState.PROPOSED: frozenset({HostState.CHANGES, HostState.ACCEPTED, HostState.REFUSED, HostState.WITHDRAWN}),
    HostState.CHANGES: frozenset({HostState.PROPOSED, HostState.ACCEPTED, HostState.REFUSED, HostState.WITHDRAWN}),
    HostState.ACCEPTED: frozenset({HostState.WITHDRAWN}),
    HostState.REFUSED: frozenset({HostState.ACCEPTED, HostState.CHANGES}),
    HostState.WITHDRAWN: frozenset({HostState.PROPOSED}),
}


class VisitState(models.TextChoices):
    """A visit is proposed, on, or called off; rows stay, people were told of them.

    What is proposed is seen by its host and the team alone: it is in no programme and takes no booking.
    """

    PROPOSED = "proposed", _("proposed")
    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("cancelled")


class BookedState(models.TextChoices):
    """One visit of a booking: a seat is held, or was given back."""

    CONFIRMED = "confirmed", _("confirmed")
    CANCELLED = "cancelled", _("cancelled")


class Attendance(models.TextChoices):
    """Who came. Empty: nobody said."""

    PRESENT = "present", _("present")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("absent")


class NotedBy(models.TextChoices):
    """Who noted the attendance."""

    HOST = "host", _("the host")
    STAFF = "staff", _("the team")
    VISITOR = "visitor", _("the visitor, by the code at the door")
    PARTNER = "partner", _("a partner")


class WaitingState(models.TextChoices):
    """A request on the waiting list: in line, served, given up, or over without a seat."""

    WAITING = "waiting", _("waiting")
    SERVED = "served", _("served")
    LEFT = "left", _("given up")
    ENDED = "ended", _("ended without a seat")


class WishState(models.TextChoices):
    """One visit of such a request. Only ``waiting`` stands in the line; only ``offered`` holds seats."""

    WAITING = "waiting", _("waiting")
    OFFERED = "offered", _("on offer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("not answered in time")
    RELEASED = "released", _("no longer needed")
    ENDED = "ended", _("ended without a seat")


OPEN_WISHES = frozenset({WishState.WAITING, WishState.OFFERED})


class AnswerRole(models.TextChoices):
    """Who answers the questionnaire."""

    VISITOR = "visitor", _("visitor")
    HOST = "host", _("host")


class AnswersShown(models.TextChoices):
    """Which of the answers in words the team looks at; not stored."""

    ALL = "all", pgettext_lazy("answers", "All")
    MISSING = "missing", _("Missing, not in the list of needs")
    NEEDS = "needs", _("In the list of needs")
    QUOTABLE = "quotable", _("May be quoted")
    QUOTED = "quoted", _("Quoted in public")


class Degree(models.TextChoices):
    """An answer in three steps."""

    YES = "yes", _("yes")
    PARTLY = "partly", _("partly")
    NO = "no", _("no")


class VisitLanguage(models.TextChoices):
    """Languages a visit is given in."""

    FR = "fr", _("French")
    NL = "nl", _("Dutch")
    EN = "en", _("English")
    LSFB = "lsfb", _("sign language of French-speaking Belgium")
    VGT = "vgt", _("Flemish sign language")


class LinkVerdict(models.TextChoices):
    """The team's word on whether a host is an organisation of the directory."""

    SAME = "same", _("the same")
    DIFFERENT = "different", _("not the same")


class LinkKind(models.TextChoices):
    """What of the directory a host is: one record, or the organisation as a whole."""

    ORGANIZATION = "organization", _("organisation")
    SERVICE = "service", _("record")
