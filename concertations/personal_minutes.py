"""What minutes keep of people: on demand all of it, and what the privacy page says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from basins.missions import PersonalRecord, PrivacyRow
from concertations.models import Action, RaisedNeed


def records_of(email: str) -> Iterator[PersonalRecord]:
    """Actions one is reminded of, needs one raised with an address, each with the reason."""
    address = email.strip()
    for action in Action.objects.filter(owner_email__iexact=address).select_related("section__minutes__meeting"):
        yield PersonalRecord(
            what=_("Action that you took on"),
            reference=str(action.uuid),
            fields={
                "email": action.owner_email,
                "owner": action.owner,
                "action": str(action),
                "due_on": action.due_on,
                "state": action.state,
                "meeting": action.section.minutes.meeting.day,
            },
            reason=_("To remind you. Your address goes twelve months after the meeting, once the action is done."),
        )
    for raised in RaisedNeed.objects.filter(said_by_email__iexact=address).select_related("section__minutes__meeting"):
        yield PersonalRecord(
            what=_("Need that you raised at a meeting"),
            reference=str(raised.uuid),
            fields={
                "email": raised.said_by_email,
                "said_by": raised.said_by,
                "need": raised.title,
                "words": raised.words,
                "meeting": raised.section.minutes.meeting.day,
            },
            reason=_("To answer you when something is done about it."),
        )


def privacy_rows() -> Iterable[PrivacyRow]:
    """What is kept, why, and for how long."""
    yield PrivacyRow(
        _("Minutes of meetings: who took on what, who raised a need, as a function or a service"),
        _("So that what was agreed is done, and everybody can read it"),
        _("Minutes stay; e-mail addresses go twelve months after the meeting; your name goes when you ask for it"),
    )
