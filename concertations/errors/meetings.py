"""Around series, meetings and their agendas."""

from django.utils.translation import gettext_lazy as _

from core.errors import RuleError


class MeetingError(RuleError):
    """A change to a series or a meeting that would break a promise made to participants."""

    code = "meeting"
    status = 422
    title = _("The meeting cannot be changed like this")


class MeetingStepRefused(RuleError):
    """A step of a meeting that does not follow from its state or its dates."""

    code = "meeting-step"
    title = _("This step is not possible now")
