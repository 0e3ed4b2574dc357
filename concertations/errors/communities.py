"""Around communities of practice: cycles, members, their commitment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import RuleError


class CommunityError(RuleError):
    """A change to a cycle or a membership that is not valid."""

    code = "community"
    status = 422
    title = _("This is not possible for this community")


class CycleFull(RuleError):
    """All places of the cycle are taken."""

    code = "community-full"
    title = _("The group is complete")

    def __init__(self, places: int) -> None:
        super().__init__(
            _("The group is complete: all %(places)d places are taken.") % {"places": places}, places=places
        )


class RecruitmentClosed(CommunityError):
    """Nobody can apply now."""

    code = "recruitment-closed"
    title = _("Applications are closed")


class MembershipStepRefused(RuleError):
    """A step of a membership that does not follow from its state."""

    code = "membership-step"
    title = _("This step is not possible now")
