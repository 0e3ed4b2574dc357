"""Around minutes, what was agreed in them, and consultations."""

from django.utils.translation import gettext_lazy as _

from core.errors import RuleError


class MinutesError(RuleError):
    """What was entered cannot stand in the minutes like this."""

    code = "minutes"
    status = 422
    title = _("The minutes cannot be written like this")


class MinutesStepRefused(RuleError):
    """A step of minutes, or of an action, that does not follow from where they stand."""

    code = "minutes-step"
    title = _("This step is not possible now")


class ConsultationRefused(RuleError):
    """The file of a consultation is not what we know how to read."""

    code = "consultation-file"
    status = 422
    title = _("This file cannot be imported")
