"""Inviting who misses: organisations and people of the series who are not registered yet, or an address by hand."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import transaction

from basins.models import User
from basins.rules.privacy import refuse_national_numbers
from concertations.errors.registering import RegistrationError
from concertations.models import Invitation, Meeting
from concertations.rules import places
from concertations.rules.registering import Person
from concertations.rules.registration_letters import scope_of
from concertations.rules.registration_window import refuse_unless_open
from core import mail
from core.checks import check_row

logger = logging.getLogger(__name__)

INVITATION = "concertations.invitation"


@transaction.atomic
def invite(*, meeting: Meeting, people: Sequence[Person], word: str, by: User) -> int:
    """Write to each address once per meeting, with ``word`` of the team; returns how many letters were new.

    Who is registered or was invited before is left out. Locks the meeting. Raises `RegistrationError`, `NotYours`,
    `NationalNumberFound`.
    """
    refuse_national_numbers(word=word)
    meeting = places.locked_meeting(meeting.pk)
    places.refuse_stranger(meeting, by=by)
    refuse_unless_open(meeting, is_team=True)
    known = set(places.open_registrations(meeting).values_list("participant__email", flat=True))
    known |= set(meeting.invitations.values_list("email", flat=True))
    fresh = {person.email.strip().lower(): person for person in people}
    written = 0
    for address, person in fresh.items():
        if address not in known:
            _write(meeting, address, person, word, by)
            written += 1
    if written:
        logger.info("%d people were invited to meeting %s by person %s", written, meeting.uuid, by.uuid)
    return written


def _write(meeting: Meeting, address: str, person: Person, word: str, by: User) -> None:
    row = Invitation(
        meeting=meeting,
        email=address,
        name=person.name,
        organisation=person.organisation,
        sector=person.sector,
        language=person.language,
        word=word,
        sent_by=by,
    )
    check_row(row, refusal=RegistrationError)
    row.save()
    mail.post(
        INVITATION,
        to=address,
        language=person.language,
        params={"invitation": str(row.uuid)},
        key=f"{INVITATION}:{row.uuid}",
        scope=scope_of(meeting.series),
    )
