"""The person goes, the figures stay."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from basins.models import User
from concertations.enums import SeriesKind
from concertations.models import Invitation, Registration
from concertations.rules import forgetting, memberships
from tests.concertations.community_tools import cycle_of
from tests.concertations.factories import MeetingFactory, RegistrationFactory, SeriesFactory
from tests.concertations.registering_tools import letters, person, registered

pytestmark = pytest.mark.django_db


def past_row(days: int = 500) -> Registration:
    day = timezone.localdate() - dt.timedelta(days=days)
    meeting = MeetingFactory(day=day, registration_opens_at=timezone.now() - dt.timedelta(days=days + 20))
    row = RegistrationFactory(
        meeting=meeting,
        motivation="…",
        access_needs="une rampe",
        meal="vegan",
        presence="present",
        presence_at=meeting.starts_at,
        presence_by="staff",
    )
    row.participant.created = timezone.now() - dt.timedelta(days=days + 5)
    row.participant.save()
    return row


def test_what_was_said_goes_with_the_person_and_presence_stays() -> None:
    row = past_row()

    forgetting.forget(email=row.participant.email)

    row.refresh_from_db()
    assert (row.participant.name, row.participant.role) == ("—", "")
    assert (row.motivation, row.access_needs, row.meal) == ("", "", "")
    assert (row.presence, row.participant.organisation, row.participant.sector) == (
        "present",
        "CPAS d’Etterbeek",
        "social",
    )


def test_a_seat_to_come_goes_to_the_next_in_line_and_nobody_else_is_written_to(alice: User) -> None:
    meeting = MeetingFactory(seats=1)
    registered(meeting, "gone", by=alice)
    registered(meeting, "next", by=alice, may_wait=True)

    forgetting.forget(email="gone@example.org")

    assert (letters("offer"), letters("given_back")) == (["next@example.org"], [])


def test_who_is_forgotten_leaves_the_group(alice: User) -> None:
    cycle = cycle_of(SeriesFactory(kind=SeriesKind.COMMUNITY, theme=None), by=alice)
    memberships.commit(membership=memberships.add(cycle=cycle, person=person("gone"), by=alice))

    forgetting.forget(email="gone@example.org")

    cycle.refresh_from_db()
    assert (cycle.places_taken, cycle.memberships.get().state) == (0, "left")


def test_an_invitation_is_deleted(alice: User) -> None:
    Invitation.objects.create(meeting=MeetingFactory(), email="a@example.org", language="fr")

    assert forgetting.forget(email="A@example.org") == 1


def test_after_its_time_a_person_is_erased_once() -> None:
    past_row()
    recent = past_row(days=30)
    limit = timezone.localdate() - dt.timedelta(days=365)

    # One row of wishes and one person.
    assert [forgetting.forget_ended_before(limit), forgetting.forget_ended_before(limit)] == [2, 0]
    recent.participant.refresh_from_db()
    assert recent.participant.name != "—"


def test_who_still_comes_keeps_the_name_but_not_what_was_said_long_ago() -> None:
    row = past_row()
    RegistrationFactory(meeting=MeetingFactory(series=row.meeting.series), participant=row.participant)

    forgetting.forget_ended_before(timezone.localdate() - dt.timedelta(days=365))

    row.refresh_from_db()
    row.participant.refresh_from_db()
    assert (row.access_needs, row.participant.name != "—") == ("", True)
