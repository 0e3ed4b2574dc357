"""The demo's data: true to the week of 2024, believable for today, the same each time."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
import time_machine
from django.db.models import F, Sum
from django.utils import timezone

from core.models import OutboxMessage
from core.spoken import BRUSSELS
from opendoors import demo
from opendoors.enums import Attendance, BookedState, EditionState, HostState, VisitState, WishState
from opendoors.models import Answer, BookedVisit, Edition, Visit, Visitor, WaitingRequest, Wish
from opendoors.rules.editions import why_no_call
from opendoors.rules.window import why_not_bookable

TODAY = dt.datetime(2026, 5, 13, 10, 0, tzinfo=BRUSSELS)


@pytest.fixture
def seeded(db: None) -> None:
    with time_machine.travel(TODAY, tick=False):
        demo.seed(timezone.localdate())


@pytest.mark.usefixtures("seeded")
def test_the_week_of_2024_is_the_one_that_was() -> None:
    past = Edition.objects.get(slug="2024")

    confirmed = BookedVisit.objects.filter(visit__edition=past, state=BookedState.CONFIRMED)
    assert past.state == EditionState.EVALUATED
    assert past.visits.count() == 73
    assert past.hosts.count() == 51
    assert past.visits.aggregate(all=Sum("seats"))["all"] == 938
    assert past.visitors.count() == 131
    assert confirmed.filter(attendance=Attendance.PRESENT).count() == 182
    assert confirmed.exclude(attendance=Attendance.PRESENT).count() == 14
    assert past.state_changes.count() == 5


@pytest.mark.usefixtures("seeded")
def test_the_week_ahead_can_be_booked_today() -> None:
    ahead = Edition.objects.get(slug="2026")

    assert ahead.state == EditionState.OPEN
    assert ahead.starts_on.weekday() == 0
    assert ahead.signup_opens_at < TODAY < ahead.signup_closes_at
    assert ahead.visits.filter(seats_taken=F("seats") - F("seats_held")).count() >= 6
    assert ahead.visits.filter(seats_taken__lt=F("seats")).count() > 40
    assert ahead.visits.filter(state=VisitState.PLANNED).count() == 73


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        (dt.date(2026, 5, 13), dt.date(2026, 6, 22)),
        (dt.date(2026, 11, 22), dt.date(2027, 1, 4)),  # in six weeks it is New Year, in five Christmas
        (dt.date(2026, 10, 1), dt.date(2026, 11, 2)),  # in six weeks it is Armistice Day
    ],
)
def test_the_week_ahead_is_a_working_week(today: dt.date, monday: dt.date) -> None:
    assert demo._monday_ahead(today) == monday
    assert monday.weekday() == 0
    assert 31 <= (monday - today).days <= 49


@pytest.mark.usefixtures("seeded")
def test_the_count_of_seats_taken_is_true() -> None:
    counted = {
        visit.pk: visit.booked.filter(state=BookedState.CONFIRMED).aggregate(all=Sum("seats", default=0))["all"]
        for visit in Visit.objects.all()
    }

    assert counted == dict(Visit.objects.values_list("pk", "seats_taken"))


@pytest.mark.usefixtures("seeded")
def test_somebody_waits_and_somebody_is_offered_a_seat() -> None:
    wishes = Wish.objects.filter(request__visitor__email=demo.DAAN)

    assert sorted(wishes.values_list("state", flat=True)) == [WishState.OFFERED, WishState.WAITING]
    assert Visit.objects.filter(seats_held=1).count() == 1


@pytest.mark.usefixtures("seeded")
def test_the_edition_after_next_calls_for_hosts() -> None:
    call = Edition.objects.get(state=EditionState.CALL)

    assert why_no_call(call, now=TODAY) == ""
    assert sorted(call.hosts.values_list("state", flat=True)) == [
        HostState.ACCEPTED,
        HostState.CHANGES,
        HostState.PROPOSED,
        HostState.PROPOSED,
        HostState.REFUSED,
    ]


@pytest.mark.usefixtures("seeded")
def test_quotes_were_given_leave_to() -> None:
    quoted = Answer.objects.filter(is_quoted=True)

    assert quoted.count() == 6
    assert not quoted.filter(may_quote=False).exists()


@pytest.mark.usefixtures("seeded")
def test_nobody_is_at_two_places_at_once() -> None:
    for visitor in Visitor.objects.all():
        times = sorted(
            BookedVisit.objects.filter(booking__visitor=visitor, state=BookedState.CONFIRMED).values_list(
                "visit__starts_at", "visit__ends_at"
            )
        )
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(times))


@pytest.mark.usefixtures("seeded")
def test_the_cast_is_there() -> None:
    assert Edition.objects.get(slug="2026").hosts.filter(contact_email=demo.CHANTAL).count() == 1
    assert BookedVisit.objects.filter(booking__visitor__email=demo.DAAN).count() == 2
    letters = list(OutboxMessage.objects.filter(to=demo.DAAN).order_by("pk").values_list("kind", flat=True))
    kinds = ("booking_confirmed", "waiting_joined", "address_confirmed", "seat_offered")
    assert letters == [f"opendoors.{kind}" for kind in kinds]


@pytest.mark.django_db
def test_the_same_day_gives_the_same_data() -> None:
    with time_machine.travel(TODAY, tick=False):
        demo.seed(timezone.localdate())
        first = list(Visit.objects.order_by("pk").values_list("host__name", "starts_at", "seats_taken"))
        WaitingRequest.objects.all().delete()
        BookedVisit.objects.all().delete()
        Visit.objects.all().delete()
        Edition.objects.all().delete()
        demo.seed(timezone.localdate())

    again = list(Visit.objects.order_by("pk").values_list("host__name", "starts_at", "seats_taken"))
    assert again == first


@pytest.mark.django_db
def test_two_editions_of_one_year_have_two_addresses() -> None:
    with time_machine.travel(dt.datetime(2024, 10, 1, 10, 0, tzinfo=BRUSSELS), tick=False):
        demo.seed(timezone.localdate())

    assert sorted(Edition.objects.values_list("slug", flat=True)) == ["2024", "2024-2", "2025"]


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "editions"), [(0, 3), (20, 3), (60, 4)])
def test_a_later_start_has_an_open_week_again(days: int, editions: int) -> None:
    with time_machine.travel(TODAY, tick=False):
        demo.seed(timezone.localdate())

    with time_machine.travel(TODAY + dt.timedelta(days=days), tick=False):
        demo.seed(timezone.localdate(), is_new=False)
        open_now = [edition for edition in Edition.objects.all() if not why_not_bookable(edition)]

    assert len(open_now) == 1
    assert Edition.objects.count() == editions
