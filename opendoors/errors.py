"""What may go wrong around an open-door week. Rules raise these; web and API word them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

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


class VisitsGone(RuleError):
    """Visits that were full or called off when the booking came: nothing was booked."""

    code = "visits-full"
    status = 409
    title = _("Nothing was booked")

    def __init__(self, full: Sequence[Visit], cancelled: Sequence[Visit] = ()) -> None:
        gone = [*full, *cancelled]
        names = ", ".join(visit.host.name for visit in gone)
        if full and cancelled:
            message = _("No longer possible: %(names)s. Nothing was booked: choose again.")
        elif cancelled:
            message = _("Called off meanwhile: %(names)s. Nothing was booked: choose again.")
        else:
            message = _("No seat left: %(names)s. Nothing was booked: choose again.")
        super().__init__(
            message % {"names": names},
            field="visits",
            visits=[
                {
                    "id": str(visit.uuid),
                    "host": visit.host.name,
                    "starts_at": timezone.localtime(visit.starts_at).isoformat(),
                    "reason": "cancelled" if visit in cancelled else "full",
                }
                for visit in gone
            ],
        )
        self.gone = gone


class EditionStepRefused(RuleError):
    """A step of an edition that its state or its dates do not allow."""

    code = "edition-step"
    title = _("This step is not possible now")


class HostingError(RuleError):
    """A change to the programme that would break a promise made to visitors."""

    code = "programme"
    status = 422
    title = _("The programme cannot be changed like this")
