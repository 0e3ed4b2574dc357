"""Around a place at a meeting: registering, waiting, giving back, presence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import RuleError


class RegistrationError(RuleError):
    """A registration that is not valid: it would be refused again, whatever others do."""

    code = "registration-invalid"
    status = 422
    title = _("This registration is not valid")


class RegistrationClosed(RegistrationError):
    """Registration is not open, or over."""

    code = "registration-closed"
    title = _("Registration is closed")


class AlreadyRegistered(RegistrationError):
    """The address has a place or a place in line at this meeting."""

    code = "already-registered"
    title = _("Registered already")

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody registered for this meeting with this address already. Look in your mailbox: by the link "
                "in that mail you confirm, change or give back."
            ),
            field="email",
        )


class MeetingFull(RuleError):
    """No seat is left; one may wait for one."""

    code = "meeting-full"
    title = _("No seat is left")

    def __init__(self) -> None:
        super().__init__(_("No seat is left. You can put yourself on the waiting list: say so, and send it again."))


class CrowdedNetwork(RuleError):
    """Too many unconfirmed registrations from one network within an hour."""

    code = "crowded-network"
    status = 429
    title = _("Too many registrations at once")

    def __init__(self) -> None:
        super().__init__(
            _("Too many registrations from your network wait for confirmation. Try again in an hour, or call us.")
        )


class NothingToGiveBack(RegistrationError):
    """The place was given back before, or the meeting has begun."""

    code = "nothing-to-give-back"
    title = _("There is nothing to give back")


class OfferGone(RuleError):
    """The seat is not on offer to this person (any more)."""

    code = "offer-gone"
    title = _("This seat is no longer on offer")


class PresenceError(RuleError):
    """Presence cannot be noted now, or not like this."""

    code = "presence"
    status = 422
    title = _("This cannot be noted")


class DoorClosed(PresenceError):
    """Outside the time in which one notes oneself at the door."""

    code = "door-closed"
    title = _("Check-in is closed")


class NotExpected(PresenceError):
    """Not on the list of the meeting."""

    code = "not-expected"
    title = _("Not on the list")
