"""What may go wrong when seats are booked, changed, given back or waited for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from core.errors import RuleError

if TYPE_CHECKING:
    from opendoors.models import Visit


class BookingError(RuleError):
    """A booking that is not valid: it would be refused again, whatever others do."""

    code = "booking-invalid"
    status = 422
    title = _("This booking is not valid")


class NothingChosen(BookingError):
    code = "nothing-chosen"

    def __init__(self) -> None:
        super().__init__(_("Choose at least one visit."), field="visits")


class TooManyVisits(BookingError):
    code = "too-many-visits"

    def __init__(self, at_most: int) -> None:
        super().__init__(
            _("Choose at most %(number)d visits in one go.") % {"number": at_most}, field="visits", at_most=at_most
        )


class UnknownVisits(BookingError):
    """Identifiers of no visit one may see, or of visits of several editions."""

    code = "unknown-visits"

    def __init__(self, identifiers: Sequence[str]) -> None:
        super().__init__(
            ngettext_lazy(
                "One of the visits is no longer in the programme.",
                "%(number)d of the visits are no longer in the programme.",
                len(identifiers),
            )
            % {"number": len(identifiers)},
            field="visits",
            visits=list(identifiers),
        )


class SeveralEditions(BookingError):
    code = "several-editions"

    def __init__(self) -> None:
        super().__init__(_("These visits belong to different weeks. Book each week on its own."), field="visits")


class SignupClosed(BookingError):
    """Nobody can book now; the message says since when, or from when."""

    code = "sign-up-closed"


class VisitStarted(BookingError):
    code = "visit-started"

    def __init__(self, *, giving_back: bool) -> None:
        message = _("This visit has begun: it can no longer be given back.")
        super().__init__(message if giving_back else _("One of these visits has begun already."), field="visits")


class VisitsOverlap(BookingError):
    """Two visits at the same time, both chosen now, or one of them booked before."""

    code = "visits-overlap"

    def __init__(self, message: Any, visits: Sequence[Visit]) -> None:
        super().__init__(message, field="visits", visits=[str(visit.uuid) for visit in visits])
        self.clashing = list(visits)


class AlreadyBooked(BookingError):
    """A partner books again what it has booked for the same address."""

    code = "already-booked"

    def __init__(self, visits: Sequence[Visit], references: Sequence[str]) -> None:
        super().__init__(
            _("Booked already for this address: %(names)s.")
            % {"names": ", ".join(visit.host.name for visit in visits)},
            field="visits",
            visits=[str(visit.uuid) for visit in visits],
            references=list(references),
        )


class GroupSize(BookingError):
    code = "group-size"

    def __init__(self, at_most: int) -> None:
        super().__init__(_("Book for 1 to %(number)d people.") % {"number": at_most}, field="seats", at_most=at_most)


class TooManyNames(BookingError):
    code = "too-many-names"

    def __init__(self, seats: int) -> None:
        super().__init__(
            ngettext_lazy(
                "You book one seat, for yourself: take more seats, or name nobody else.",
                "You book %(number)d seats, one of them for yourself: there are more names than seats.",
                seats,
            )
            % {"number": seats},
            field="companions",
        )


class VisitLimit(BookingError):
    """More visits than the edition allows one person. Says nothing of how many the address has."""

    code = "visit-limit"

    def __init__(self, at_most: int) -> None:
        super().__init__(
            ngettext_lazy(
                "In this week each person may book one visit, so that others can come too.",
                "In this week each person may book %(number)d visits, so that others can come too.",
                at_most,
            )
            % {"number": at_most},
            field="visits",
            at_most=at_most,
        )


class OrganisationLimit(RuleError):
    """Visits in which an organisation would have more seats than the edition allows: nothing was booked."""

    code = "organisation-limit"
    status = 409
    title = _("Nothing was booked")

    def __init__(self, at_most: int, over: Sequence[tuple[Visit, int]]) -> None:
        super().__init__(
            ngettext_lazy(
                "Each organisation may have one seat in a visit, and yours has it: %(names)s.",
                "Each organisation may have %(number)d seats in a visit, and yours would have more: %(names)s.",
                at_most,
            )
            % {"number": at_most, "names": ", ".join(visit.host.name for visit, _left in over)},
            field="visits",
            at_most=at_most,
            visits=[{"id": str(visit.uuid), "host": visit.host.name, "seats_left": left} for visit, left in over],
        )
        self.over = [visit for visit, _left in over]


class ConfirmFirst(BookingError):
    """An address that nobody has confirmed yet holds few seats."""

    code = "confirm-first"

    def __init__(self, at_most: int) -> None:
        super().__init__(
            _(
                "Until an address is confirmed it holds at most %(number)d seats. Look in your mailbox: "
                "by the link in the mail you confirm or throw away what was booked with this address; then book "
                "the others. Or sign in with the address first."
            )
            % {"number": at_most},
            field="email",
            at_most=at_most,
        )


class CrowdedNetwork(RuleError):
    """Too many unconfirmed seats from one network in an hour."""

    code = "too-many-unconfirmed"
    status = 429
    title = _("Nothing was booked")

    def __init__(self) -> None:
        super().__init__(
            _(
                "Many bookings that nobody has confirmed yet came from your network in the last hour. "
                "Sign in to book, or try again in an hour."
            )
        )


class VisitsGone(RuleError):
    """Visits that were full or called off when the booking came, or had too few seats: nothing was booked."""

    code = "visits-full"
    status = 409
    title = _("Nothing was booked")

    def __init__(
        self, full: Sequence[Visit], cancelled: Sequence[Visit] = (), *, seats: int = 1, is_more: bool = False
    ) -> None:
        """``is_more``: who has some seats asks for ``seats`` more."""
        gone = [*full, *cancelled]
        if full and cancelled:
            message = _("No longer possible: %(names)s. Nothing was booked: choose again.")
        elif cancelled:
            message = _("Called off meanwhile: %(names)s. Nothing was booked: choose again.")
        elif any(visit.seats_left > 0 for visit in full):
            message = _("Not enough seats left: %(names)s. Nothing was booked: choose again.")
        else:
            message = _("No seat left: %(names)s. Nothing was booked: choose again.")
        names = ", ".join(
            visit.host.name if visit in cancelled else _with_seats_left(visit, wanted=seats, is_more=is_more)
            for visit in gone
        )
        super().__init__(
            message % {"names": names},
            field="visits",
            visits=[
                {
                    "id": str(visit.uuid),
                    "host": visit.host.name,
                    "starts_at": timezone.localtime(visit.starts_at).isoformat(),
                    "reason": "cancelled" if visit in cancelled else "full" if visit.seats_left < 1 else "few",
                    "seats_left": 0 if visit in cancelled else max(visit.seats_left, 0),
                }
                for visit in gone
            ],
        )
        self.gone = gone
        self.more = seats if is_more else 0


def _with_seats_left(visit: Visit, *, wanted: int, is_more: bool) -> str:
    if visit.seats_left < 1:
        return visit.host.name
    if is_more:
        return ngettext(
            "%(host)s (%(wanted)d more are needed, one is left)",
            "%(host)s (%(wanted)d more are needed, %(left)d are left)",
            visit.seats_left,
        ) % {"host": visit.host.name, "left": visit.seats_left, "wanted": wanted}
    return ngettext(
        "%(host)s (one seat left for your %(wanted)d)",
        "%(host)s (%(left)d seats left for your %(wanted)d)",
        visit.seats_left,
    ) % {"host": visit.host.name, "left": visit.seats_left, "wanted": wanted}


class WaitingError(BookingError):
    """A request on the waiting list that is not valid."""

    code = "waiting-invalid"
    title = _("This request is not valid")


class WantedTooMany(WaitingError):
    """``wanted`` is more than one person can visit of what was chosen."""

    code = "wanted-too-many"

    def __init__(self, at_most: int) -> None:
        super().__init__(
            ngettext_lazy(
                "Of these visits you can make one: ask for one.",
                "Of these visits you can make %(number)d at most: ask for 1 to %(number)d.",
                at_most,
            )
            % {"number": at_most},
            field="wanted",
            at_most=at_most,
        )


class SeatsFree(RuleError):
    """Somebody would queue up for a visit that has the seats."""

    code = "seats-free"
    status = 409
    title = _("No need to wait")

    def __init__(self, visits: Sequence[Visit]) -> None:
        super().__init__(
            _("There are seats now: %(names)s. Book them instead of waiting.")
            % {"names": ", ".join(visit.host.name for visit in visits)},
            field="waits",
            visits=[
                {"id": str(visit.uuid), "host": visit.host.name, "seats_left": visit.seats_left} for visit in visits
            ],
        )
        self.free = list(visits)


class AlreadyWaiting(WaitingError):
    code = "already-waiting"

    def __init__(self, visits: Sequence[Visit]) -> None:
        super().__init__(
            _("This address already waits for %(names)s.") % {"names": ", ".join(visit.host.name for visit in visits)},
            field="waits",
            visits=[str(visit.uuid) for visit in visits],
        )


class LineOver(WaitingError):
    """The visit is too near: no freed seat would be offered any more."""

    code = "line-over"

    def __init__(self, visits: Sequence[Visit]) -> None:
        super().__init__(
            _("These visits begin too soon to wait for a seat: %(names)s.")
            % {"names": ", ".join(visit.host.name for visit in visits)},
            field="waits",
            visits=[str(visit.uuid) for visit in visits],
        )


class OfferGone(RuleError):
    """A seat that is not, or no longer, on offer to who answers; the message says why."""

    code = "offer-gone"
    status = 409
    title = _("This seat is not on offer to you")
