"""Around what happens in the room: seats, choices, walls of post-its."""

from django.utils.translation import gettext_lazy as _

from core.errors import RuleError


class SeatingError(RuleError):
    """A seating that cannot be drawn, or a seat that cannot be given."""

    code = "seating"
    status = 422
    title = _("People cannot be seated like this")


class NotOfThisMeeting(SeatingError):
    """Nobody who is registered; in the same words whoever it is."""

    code = "not-of-this-meeting"


class WallError(RuleError):
    """A post-it, a group or a point that cannot be kept."""

    code = "wall"
    status = 422
    title = _("This cannot be put on the wall")


class WallClosed(WallError):
    """The wall takes post-its, or points, at its own time alone."""

    code = "wall-closed"
    status = 409


class WallStepRefused(RuleError):
    """A step of a wall that does not follow from its state."""

    code = "wall-step"
    title = _("This step is not possible now")
