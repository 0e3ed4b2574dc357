"""The booking rule: all or nothing, one place at a time, never one seat too many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from basins.models import PartnerKey
from basins.rules.people import NotYours
from core.models import OutboxMessage
from opendoors.enums import EditionState, VisitState
from opendoors.errors import (
    NothingChosen,
    SeveralEditions,
    SignupClosed,
    TooManyVisits,
    UnknownVisits,
    VisitsGone,
    VisitsOverlap,
    VisitStarted,
)
from opendoors.models import Booking, Edition, EditionStateChange, Visit, Visitor
from opendoors.rules import booking as rules
from tests.factories import basin, local
from tests.opendoors.booking_tools import book, taken
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words_of_the_code() -> Iterator[None]:
    """Reasons are compared in the words of the code, not of a catalogue."""
    with translation.override(None):
        yield


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


def test_books_several_visits_in_one_go(edition: Edition) -> None:
    visits = week_of_visits(edition, 3)

    booking = book(*visits)

    assert taken(*visits) == [1, 1, 1]
    assert [row.visit for row in booking.booked.all()] == visits
    assert booking.visitor.email == "daan@example.org"


def test_puts_one_confirmation_in_the_outbox(edition: Edition) -> None:
    booking = book(*week_of_visits(edition, 2))

    message = OutboxMessage.objects.get()

    assert (message.kind, message.to, message.language) == ("opendoors.booking_confirmed", "daan@example.org", "nl")
    assert message.params == {"booking": str(booking.uuid)}
    assert message.scope == "sud-est"


def test_one_full_visit_leaves_everything_as_it_was(edition: Edition) -> None:
    free, full = week_of_visits(edition, 2, seats=1)
    book(full, email="first@example.org")

    with pytest.raises(VisitsGone) as caught:
        book(free, full)

    assert [visit.pk for visit in caught.value.gone] == [full.pk]
    assert taken(free, full) == [0, 1]
    assert Booking.objects.filter(visitor__email="daan@example.org").count() == 0
    assert OutboxMessage.objects.count() == 1


def test_names_every_visit_that_is_gone(edition: Edition) -> None:
    full, off, free = week_of_visits(edition, 3, seats=1)
    book(full, email="first@example.org")
    Visit.objects.filter(pk=off.pk).update(state=VisitState.CANCELLED)

    with pytest.raises(VisitsGone) as caught:
        book(full, off, free)

    reasons = {row["id"]: row["reason"] for row in caught.value.extra["visits"]}
    assert reasons == {str(full.uuid): "full", str(off.uuid): "cancelled"}


def test_refuses_two_visits_at_the_same_time(edition: Edition) -> None:
    one = VisitFactory(edition=edition, begin="09:00", end="10:30")
    other = VisitFactory(edition=edition, begin="10:00", end="11:00")

    with pytest.raises(VisitsOverlap):
        book(one, other)

    assert taken(one, other) == [0, 0]


def test_a_long_visit_clashes_with_a_later_one_behind_a_short_one(edition: Edition) -> None:
    long = VisitFactory(edition=edition, begin="09:00", end="12:00")
    short = VisitFactory(edition=edition, begin="12:00", end="12:30")
    inside = VisitFactory(edition=edition, begin="11:00", end="11:30")

    with pytest.raises(VisitsOverlap) as caught:
        book(long, short, inside)

    assert {visit.pk for visit in caught.value.clashing} == {long.pk, inside.pk}


def test_visits_back_to_back_do_not_clash(edition: Edition) -> None:
    one = VisitFactory(edition=edition, begin="09:00", end="10:30")
    other = VisitFactory(edition=edition, begin="10:30", end="12:00")

    book(one, other)

    assert taken(one, other) == [1, 1]


def test_refuses_a_visit_at_the_time_of_one_booked_before(edition: Edition) -> None:
    one = VisitFactory(edition=edition)
    other = VisitFactory(edition=edition)
    book(one)

    with pytest.raises(VisitsOverlap):
        book(other, email="DAAN@example.org")

    assert taken(one, other) == [1, 0]


def test_the_same_visit_twice_is_refused_in_the_words_of_any_clash(edition: Edition) -> None:
    """Whoever types somebody's address must not learn what that person holds."""
    visit = VisitFactory(edition=edition)
    other = VisitFactory(edition=edition, host=visit.host, begin="09:30", end="10:30")
    book(visit)

    with pytest.raises(VisitsOverlap) as same:
        book(visit)
    with pytest.raises(VisitsOverlap) as clash:
        book(other)

    assert str(same.value) == str(clash.value)
    assert taken(visit) == [1]


def test_another_address_may_book_the_same_time(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    book(visit)

    book(visit, email="greet@example.org")

    assert taken(visit) == [2]


def test_a_visit_ticked_twice_counts_once(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)

    book(visit, visit)

    assert taken(visit) == [1]


def test_refuses_an_empty_choice() -> None:
    with pytest.raises(NothingChosen):
        book()


def test_refuses_more_visits_than_anybody_makes() -> None:
    with pytest.raises(TooManyVisits):
        rules.book(visits=[uuid4() for _ in range(21)], name="D", email="d@example.org", language="fr", by=None)


def test_refuses_what_is_no_visit(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    stranger = uuid4()

    with pytest.raises(UnknownVisits) as caught:
        rules.book(visits=[visit.uuid, stranger], name="D", email="d@example.org", language="fr", by=None)

    assert caught.value.extra["visits"] == [str(stranger)]


def test_a_draft_is_unknown_to_visitors() -> None:
    visit = VisitFactory(edition=EditionFactory(state=EditionState.DRAFT))

    with pytest.raises(UnknownVisits):
        book(visit)


def test_refuses_visits_of_two_editions(edition: Edition) -> None:
    with pytest.raises(SeveralEditions):
        book(VisitFactory(edition=edition), VisitFactory(day=1))


@pytest.mark.parametrize(
    ("state", "now", "reason"),
    [
        (EditionState.OPEN, "2026-10-31 12:00", "Sign-up opens on"),
        (EditionState.PUBLISHED, "2026-11-10 12:00", "Sign-up is not open yet."),
        (EditionState.OPEN, "2026-11-10 12:00", ""),
        (EditionState.OPEN, "2026-11-22 23:58", ""),
        (EditionState.OPEN, "2026-11-23 00:00", "Sign-up closed on"),
        (EditionState.CLOSED, "2026-11-10 12:00", "Sign-up is closed."),
        (EditionState.RUNNING, "2026-12-02 12:00", "Sign-up is over"),
        (EditionState.OPEN, "2026-12-09 12:00", "Sign-up is over"),
        (EditionState.EVALUATED, "2026-12-09 12:00", "Sign-up is over"),
    ],
)
def test_state_and_dates_say_who_may_book(state: EditionState, now: str, reason: str) -> None:
    edition = EditionFactory.build(
        basin=None,
        starts_on=dt.date(2026, 11, 30),
        ends_on=dt.date(2026, 12, 4),
        signup_opens_at=local(dt.date(2026, 11, 1), "08:00"),
        signup_closes_at=local(dt.date(2026, 11, 22), "23:59"),
        state=state,
    )

    with time_machine.travel(dt.datetime.fromisoformat(f"{now}+01:00"), tick=False):
        said = rules.why_not_bookable(edition)

    assert said.startswith(reason)
    assert bool(said) == bool(reason)


@pytest.mark.parametrize(
    ("state", "now", "reason"),
    [
        (EditionState.CLOSED, "2026-11-21 12:00", "Sign-up closed on 20"),
        (EditionState.CLOSED, "2026-11-25 12:00", "Sign-up closed on 20"),
        (EditionState.RUNNING, "2026-12-02 12:00", "Sign-up is over: it closed on 20"),
    ],
)
def test_closed_by_hand_it_closed_on_the_day_of_that_step(state: EditionState, now: str, reason: str) -> None:
    edition = EditionFactory(
        starts_on=dt.date(2026, 11, 30),
        ends_on=dt.date(2026, 12, 4),
        signup_opens_at=local(dt.date(2026, 11, 1), "08:00"),
        signup_closes_at=local(dt.date(2026, 11, 24), "23:59"),
        state=state,
    )
    with time_machine.travel(dt.datetime.fromisoformat("2026-11-20 12:00+01:00"), tick=False):
        EditionStateChange.objects.create(
            edition=edition, from_state=EditionState.OPEN, to_state=EditionState.CLOSED, by=None
        )

    with time_machine.travel(dt.datetime.fromisoformat(f"{now}+01:00"), tick=False):
        said = rules.why_not_bookable(edition)

    assert said.startswith(reason)


def test_refuses_to_book_when_sign_up_is_closed() -> None:
    visit = VisitFactory(edition=EditionFactory(signup_closes_at=timezone.now() - dt.timedelta(minutes=1)))

    with pytest.raises(SignupClosed):
        book(visit)


def test_the_database_itself_refuses_an_overbooking(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(seats_taken=2)


def test_a_visit_that_began_is_not_booked() -> None:
    edition = EditionFactory()
    visit = VisitFactory(edition=edition)
    Edition.objects.filter(pk=edition.pk).update(signup_closes_at=visit.ends_at)

    with time_machine.travel(visit.starts_at + dt.timedelta(minutes=1)), pytest.raises(VisitStarted):
        book(visit)


def test_the_visitor_of_an_edition_is_one_row(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)

    book(first)
    book(second, email="Daan@Example.org")

    assert Visitor.objects.get().bookings.count() == 2


def test_visits_of_another_edition_are_refused_on_the_page_of_one(edition: Edition) -> None:
    with pytest.raises(SeveralEditions):
        book(VisitFactory(), within=edition)


def test_a_key_of_another_basin_is_refused(farid: PartnerKey) -> None:
    visit = VisitFactory(edition=EditionFactory(basin=basin("nord")))

    with pytest.raises(NotYours):
        book(visit, key=farid)
