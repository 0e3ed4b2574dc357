"""What may go wrong with the programme, its hosts, the day itself, the questionnaire and the directory."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import RuleError


class EditionStepRefused(RuleError):
    """A step of an edition that its state or its dates do not allow."""

    code = "edition-step"
    title = _("This step is not possible now")


class HostingError(RuleError):
    """A change to the programme that would break a promise made to visitors."""

    code = "programme"
    status = 422
    title = _("The programme cannot be changed like this")


class AttendanceError(RuleError):
    """Attendance that cannot be noted: too early, too late, or nobody of this list."""

    code = "attendance"
    status = 422
    title = _("This attendance cannot be noted")


class NotExpected(AttendanceError):
    """Nobody on the list of this visit; in the same words whoever it is."""

    code = "not-expected"


class DoorClosed(AttendanceError):
    """The code at the door counts around the visit alone."""

    code = "door-closed"


class HostStepRefused(HostingError):
    """A step of a host that its state does not allow."""

    code = "host-step"
    status = 409
    title = _("This step is not possible now")


class CallClosed(HostingError):
    """Nobody can answer the call now; the message says since when, or from when."""

    code = "call-closed"
    status = 409


class TooManyProposals(HostingError):
    """Too much from one network, or for one address, within the hour."""

    code = "too-many-proposals"
    status = 429

    def __init__(self) -> None:
        super().__init__(_("Too many sign-ups at once. Wait an hour, or call the team."))


class AnswerRefused(RuleError):
    """An answer to the questionnaire, or what the team would make of it, that cannot be."""

    code = "answer-refused"
    status = 422
    title = _("This answer cannot be kept")


class LinkError(RuleError):
    """A host and the directory cannot be tied in this way."""

    code = "host-link-invalid"


class LinkTaken(LinkError):
    """Somebody else was first, and said otherwise."""

    code = "host-link-taken"

    def __init__(self, host: str) -> None:
        super().__init__(_("%(host)s is already linked to the directory. Undo that first.") % {"host": host})
