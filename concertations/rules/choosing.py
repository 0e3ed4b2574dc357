"""Which workshops people would like: noted by the team, or said by the people themselves until the seats are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from basins.models import User
from concertations import queries_tables
from concertations.enums_tables import SeatingKind
from concertations.errors import NotOfThisMeeting, SeatingError
from concertations.models import Participant, Seating, Subject, WorkshopChoice
from concertations.rules.checks import refuse_stranger
from concertations.rules.seating_plans import locked


@transaction.atomic
def note(*, seating: Seating, participant: Participant, subjects: Sequence[Subject], by: User | None) -> None:
    """What the team was told; an empty list takes it back. Locks the seating. Raises ``SeatingError``, ``NotYours``."""
    seating = locked(seating)
    refuse_stranger(seating.meeting.series, by)
    _keep(seating, participant, subjects)


@transaction.atomic
def choose(*, seating: Seating, email_or_reference: str, subjects: Sequence[Subject]) -> Participant:
    """What a person says by the code on the screen, known by the mail address or the reference of the registration.

    Said again it replaces what was said. Raises ``SeatingError`` where it is closed, ``NotOfThisMeeting``.
    """
    seating = locked(seating)
    if not seating.choices_open:
        raise SeatingError(_("Workshops cannot be chosen now."))
    who = email_or_reference.strip()
    registered = seating.meeting.registrations.filter(Q(participant__email=who.lower()) | Q(reference=who.upper()))
    found = queries_tables.expected_of(seating.meeting).filter(pk__in=registered.values("participant")).first()
    if not who or found is None:
        raise NotOfThisMeeting(
            _("Nobody is registered here with this address or reference. Ask the team."), field="who"
        )
    _keep(seating, found, subjects)
    return found


def _keep(seating: Seating, participant: Participant, subjects: Sequence[Subject]) -> None:
    if seating.kind != SeatingKind.ROUNDS:
        raise SeatingError(_("Only workshops are chosen."))
    if len({subject.pk for subject in subjects}) < len(subjects):
        raise SeatingError(_("Choose different workshops."), field="choice_1")
    if len(subjects) > seating.rounds:
        raise SeatingError(_("There are fewer rounds than that."), field="choice_1")
    if any(subject.seating_id != seating.pk for subject in subjects):
        raise SeatingError(_("There is no such workshop."), field="choice_1")
    seating.wanted.filter(participant=participant).delete()
    WorkshopChoice.objects.bulk_create(
        WorkshopChoice(seating=seating, participant=participant, subject=subject, rank=rank)
        for rank, subject in enumerate(subjects, start=1)
    )
