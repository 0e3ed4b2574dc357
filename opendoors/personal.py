"""What is kept of people around an open-door week: all of it on demand, and what the privacy page says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from basins.missions import PersonalRecord, PrivacyRow
from opendoors import queries
from opendoors.models import Answer, BookedVisit, Booking, WaitingRequest


def records_of(email: str) -> Iterator[PersonalRecord]:
    """Everything held on an address, each row with the reason why."""
    address = email.strip().lower()
    yield from _bookings(address)
    yield from _requests(address)
    yield from _hosts(address)
    yield from _answers(address)


def _bookings(address: str) -> Iterator[PersonalRecord]:
    bookings = Booking.objects.filter(visitor__email=address).select_related("visitor__edition__basin")
    for booking in bookings.prefetch_related("booked__visit__host"):
        yield PersonalRecord(
            what=_("Booking of open-door visits"),
            reference=booking.reference,
            fields={
                "name": booking.name,
                "email": booking.visitor.email,
                "language": booking.visitor.language,
                "organisation": booking.organisation,
                "sector": booking.sector,
                "access_needs": booking.access_needs,
                "companions": booking.companions,
                "confirmed_at": booking.confirmed_at,
                "visits": [str(row.visit) for row in booking.booked.all()],
                "attendance": [_noted(row) for row in booking.booked.all() if row.attendance],
            },
            reason=_(
                "To hold your seats, to remind you, to certify that you came. Kept for twelve months after the week."
            ),
        )


def _noted(row: BookedVisit) -> str:
    part = f" ({row.came}/{row.seats})" if row.is_not_whole else ""
    return f"{row.visit}: {row.attendance}{part}"


def _requests(address: str) -> Iterator[PersonalRecord]:
    requests = WaitingRequest.objects.filter(visitor__email=address).select_related("visitor__edition__basin")
    for request in requests.prefetch_related("wishes__visit__host"):
        yield PersonalRecord(
            what=_("Request on the waiting list"),
            reference=request.reference,
            fields={
                "name": request.name,
                "email": request.visitor.email,
                "organisation": request.organisation,
                "sector": request.sector,
                "access_needs": request.access_needs,
                "companions": request.companions,
                "state": request.state,
                "visits": [f"{wish.visit}: {wish.state}" for wish in request.wishes.all()],
            },
            reason=_("To offer you what comes free, in the order of the line. Kept for twelve months after the week."),
        )


def _hosts(address: str) -> Iterator[PersonalRecord]:
    for host in queries.hosts_of_contact(address):
        yield PersonalRecord(
            what=_("Contact of a host"),
            reference=str(host),
            fields={
                "name": host.contact_name,
                "email": host.contact_email,
                "phone": host.contact_phone,
                "language": host.contact_language,
                "state": host.state,
                "decision_note": host.decision_note,
            },
            reason=_("To agree on the visits with the service."),
        )


def _answers(address: str) -> Iterator[PersonalRecord]:
    of_visitor = Answer.objects.filter(visitor__email=address)
    of_host = Answer.objects.filter(host__contact_email__iexact=address)
    for answer in (of_visitor | of_host).select_related("edition__basin").order_by("pk"):
        yield PersonalRecord(
            what=_("Answer to the questionnaire"),
            reference=str(answer.uuid),
            fields={
                "edition": str(answer.edition),
                "rating": answer.rating,
                "knows_better": answer.knows_better,
                "will_contact": answer.will_contact,
                "again": answer.again,
                "best": answer.best,
                "missing": answer.missing,
                "may_quote": answer.may_quote,
                "is_quoted": answer.is_quoted,
            },
            reason=_("To make the next week better. After twelve months nothing says any more who answered."),
        )


def privacy_rows() -> Iterable[PrivacyRow]:
    """For the page on privacy: what, why, how long."""
    after = _("12 months after the event; after that only figures")
    return [
        PrivacyRow(
            _("Your bookings: name, e-mail address, organisation, sector, who comes along, need of wheelchair access"),
            _("To hold your seats, to remind you, and so that hosts know who comes"),
            after,
        ),
        PrivacyRow(
            _("Your place on a waiting list, with the same particulars"),
            _("To offer you what comes free, in the order of the line"),
            after,
        ),
        PrivacyRow(_("Whether you came"), _("For your certificate of attendance, and to count visits"), after),
        PrivacyRow(
            _("Whom to call at a service that opens its door: name, e-mail address, phone"),
            _("To agree on the visits; visitors do not see it"),
            after,
        ),
        PrivacyRow(
            _("What you answer to the questionnaire"),
            _("To make the next week better; the team reads it without your name, and quotes you only if you agreed"),
            _("12 months with your booking; after that only figures, needs, and quotes without a name"),
        ),
    ]
