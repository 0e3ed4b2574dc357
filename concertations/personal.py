"""What is kept of people who come to meetings: all of it on demand, and what the privacy page says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from basins.missions import PersonalRecord, PrivacyRow
from concertations.models import Invitation, Membership
from concertations.queries_registrations import registrations_of_address


def records_of(email: str) -> Iterator[PersonalRecord]:
    """Everything held on an address, each row with the reason why."""
    address = email.strip().lower()
    for row in registrations_of_address(address):
        person = row.participant
        yield PersonalRecord(
            what=_("Registration for a meeting"),
            reference=row.reference,
            fields={
                "meeting": str(row.meeting),
                "name": person.name,
                "email": person.email,
                "role": person.role,
                "organisation": person.organisation,
                "sector": person.sector,
                "language": person.language,
                "state": row.state,
                "motivation": row.motivation,
                "expectations": row.expectations,
                "meal": row.meal,
                "access_needs": row.access_needs,
                "at_distance": row.at_distance,
                "presence": row.presence,
            },
            reason=_("To hold your seat, to remind you, to mix the tables, to certify that you came."),
        )
    yield from _memberships(address)
    for invitation in Invitation.objects.filter(email=address).select_related("meeting__series"):
        yield PersonalRecord(
            what=_("Invitation to a meeting"),
            reference=str(invitation.uuid),
            fields={
                "meeting": str(invitation.meeting),
                "name": invitation.name,
                "organisation": invitation.organisation,
                "sent": invitation.created,
            },
            reason=_("So that nobody is invited twice."),
        )


def _memberships(address: str) -> Iterator[PersonalRecord]:
    rows = Membership.objects.filter(participant__email=address).select_related("participant", "cycle__series")
    for row in rows:
        yield PersonalRecord(
            what=_("Membership of a community of practice"),
            reference=str(row.uuid),
            fields={
                "cycle": str(row.cycle),
                "state": row.state,
                "moderator": row.moderator_place is not None,
                "motivation": row.motivation,
                "expectations": row.expectations,
                "committed_at": row.committed_at,
            },
            reason=_("To choose the members of the group, and to certify that you took part."),
        )


def privacy_rows() -> Iterable[PrivacyRow]:
    """For the page on privacy: what, why, how long."""
    after = _("12 months after the last meeting you came to; after that only figures")
    return [
        PrivacyRow(
            _("Your registration for a meeting: name, e-mail address, function, organisation, field of work"),
            _("To hold your seat, to remind you, to mix the tables, and so that the group knows who comes"),
            after,
        ),
        PrivacyRow(
            _("What you say of a meeting: motivation, expectations, meal, what helps you take part"),
            _("To prepare the meeting; the team alone reads it"),
            _("12 months after the meeting"),
        ),
        PrivacyRow(
            _("Whether you came to a meeting"),
            _("For your certificate of attendance, and to count participants"),
            after,
        ),
        PrivacyRow(
            _("Your application for, or your place in, a community of practice"),
            _("To choose the members; members see each other’s name, function and organisation"),
            after,
        ),
    ]
