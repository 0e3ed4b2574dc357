"""A community of practice: who is in, who leads, who promised to come."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from basins.models import User
from basins.rules.people import NotYours
from concertations.enums import SeriesKind
from concertations.errors.communities import CommunityError, CycleFull, MembershipStepRefused, RecruitmentClosed
from concertations.errors.registering import AlreadyRegistered
from concertations.models import CommunityCycle, Membership, Registration
from concertations.rules import cycles, memberships
from tests.concertations.community_tools import cycle_data, cycle_of
from tests.concertations.factories import SeriesFactory
from tests.concertations.registering_tools import letters, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(alice: User) -> CommunityCycle:
    return cycle_of(SeriesFactory(kind=SeriesKind.COMMUNITY, theme=None), by=alice)


def applied(cycle: CommunityCycle, n: int | str = "daan", *, by: User | None = None) -> Membership:
    return memberships.apply(
        cycle=cycle, person=person(n), motivation="…", expectations="", wants_to_moderate=False, by=by
    )


def test_an_application_holds_no_place(cycle: CommunityCycle) -> None:
    applied(cycle)

    cycle.refresh_from_db()
    assert (cycle.places_taken, letters("applied")) == (0, ["daan@example.org"])


def test_one_applies_once(cycle: CommunityCycle) -> None:
    applied(cycle)
    with pytest.raises(AlreadyRegistered):
        applied(cycle)


def test_nobody_applies_once_it_is_closed(cycle: CommunityCycle) -> None:
    past = timezone.now() - dt.timedelta(minutes=1)
    CommunityCycle.objects.filter(pk=cycle.pk).update(recruitment_closes_at=past)
    with pytest.raises(RecruitmentClosed):
        applied(cycle)


def test_fourteen_people_and_no_more(cycle: CommunityCycle, alice: User) -> None:
    rows = [applied(cycle, n) for n in range(15)]
    for row in rows[:14]:
        memberships.take_in(membership=row, by=alice)

    with pytest.raises(CycleFull):
        memberships.take_in(membership=rows[14], by=alice)
    cycle.refresh_from_db()
    assert (cycle.places_taken, len(letters("taken_in"))) == (14, 14)


def test_the_database_knows_that_fourteen_are_the_most(cycle: CommunityCycle) -> None:
    with pytest.raises(IntegrityError, match="concertations_cycle_never_overfull"), transaction.atomic():
        CommunityCycle.objects.filter(pk=cycle.pk).update(places_taken=15)


def test_two_moderators_and_no_third(cycle: CommunityCycle, alice: User) -> None:
    rows = [memberships.add(cycle=cycle, person=person(n), by=alice) for n in range(3)]
    for row in rows[:2]:
        memberships.set_moderator(membership=row, is_moderator=True, by=alice)

    with pytest.raises(CommunityError):
        memberships.set_moderator(membership=rows[2], is_moderator=True, by=alice)
    assert list(cycle.memberships.order_by("pk").values_list("moderator_place", flat=True)) == [1, 2, None]


def test_who_commits_has_a_place_at_each_session(cycle: CommunityCycle, alice: User) -> None:
    row = memberships.add(cycle=cycle, person=person(), by=alice)

    memberships.commit(membership=row)
    memberships.commit(membership=row)

    assert Registration.objects.filter(participant=row.participant, state="confirmed").count() == 10
    assert letters("committed") == ["daan@example.org"]


def test_who_is_not_taken_in_cannot_commit(cycle: CommunityCycle) -> None:
    with pytest.raises(MembershipStepRefused):
        memberships.commit(membership=applied(cycle))


def test_who_leaves_makes_room_and_gives_the_sessions_back(cycle: CommunityCycle, alice: User) -> None:
    row = memberships.add(cycle=cycle, person=person(), by=alice)
    memberships.commit(membership=row)

    memberships.leave(membership=row, by=None)
    memberships.leave(membership=row, by=None)

    cycle.refresh_from_db()
    assert cycle.places_taken == 0
    assert Registration.objects.filter(state="cancelled").count() == 10


def test_staff_of_another_basin_takes_nobody_in(cycle: CommunityCycle, bram: User) -> None:
    with pytest.raises(NotYours):
        memberships.take_in(membership=applied(cycle), by=bram)


def test_who_was_not_taken_can_be_later(cycle: CommunityCycle, alice: User) -> None:
    row = memberships.refuse(membership=applied(cycle), by=alice)

    assert memberships.take_in(membership=row, by=alice).state == "accepted"
    assert letters("not_taken_in") == ["daan@example.org"]


def test_sessions_made_twice_are_made_once(cycle: CommunityCycle, alice: User) -> None:
    assert cycles.make_sessions(cycle=cycle, by=alice) == []
    assert list(cycle.sessions.values_list("position", flat=True)) == list(range(1, 11))


def test_what_is_called_off_is_made_up_for_and_members_are_registered(cycle: CommunityCycle, alice: User) -> None:
    row = memberships.add(cycle=cycle, person=person(), by=alice)
    memberships.commit(membership=row)
    meeting = cycle.sessions.get(position=3).meeting
    meeting.state, meeting.cancel_note_fr = "cancelled", "Grève"
    meeting.save()

    (added,) = cycles.make_sessions(cycle=cycle, by=alice)

    assert added.starts_at == max(m.meeting.starts_at for m in cycle.sessions.select_related("meeting"))
    assert added.registrations.get().participant == row.participant


def test_a_day_left_out_has_no_session(alice: User) -> None:
    series = SeriesFactory(kind=SeriesKind.COMMUNITY, theme=None)
    cycle = cycle_of(series, by=alice, sessions=False)
    second = cycles.rule_of(cycle).days()[1]

    cycles.leave_out(cycle=cycle, day=second, by=alice)
    cycles.make_sessions(cycle=cycle, by=alice)

    assert cycle.sessions.filter(planned_for=second).count() == 0
    assert cycle.sessions.count() == 10


def test_a_session_that_is_made_is_not_left_out(cycle: CommunityCycle, alice: User) -> None:
    with pytest.raises(CommunityError):
        cycles.leave_out(cycle=cycle, day=cycle.first_day, by=alice)


def test_only_a_community_has_cycles(alice: User) -> None:
    with pytest.raises(CommunityError):
        cycles.create(series=SeriesFactory(), data=cycle_data(), by=alice)
