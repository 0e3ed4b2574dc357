"""Who comes and who waits, and what the team does for somebody on the phone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from basins.models import User
from core.models import OutboxMessage
from opendoors.enums import BookedState, EditionState, WishState
from opendoors.models import BookedVisit, Booking, Edition, Visit, WaitingRequest, Wish
from opendoors.rules import addresses, waiting
from tests.basins.people_tools import staff_session
from tests.opendoors.booking_tools import book, taken
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits
from tests.opendoors.staff_tools import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    made: Edition = EditionFactory(slug="2026", state=EditionState.OPEN)
    return made


@pytest.fixture
def team(client: Client, alice: User) -> Client:
    """Alice at work."""
    return staff_session(client, alice)


def caller(*visits: Visit, **changes: object) -> dict[str, object]:
    """What Alice writes while somebody speaks."""
    return {
        "name": "Daan",
        "email": "daan@example.org",
        "language": "nl",
        "seats": "1",
        "visits": [str(visit.uuid) for visit in visits],
    } | changes


def join(*visits: Visit, email: str, **fields: Any) -> WaitingRequest:
    values: dict[str, Any] = {"wanted": len(visits), "seats": 1, "name": email, "language": "fr", "by": None} | fields
    return waiting.join(visits=[visit.uuid for visit in visits], email=email, **values)


def test_a_caller_gets_seats_that_need_no_confirmation(team: Client, edition: Edition) -> None:
    one, two = week_of_visits(edition, 2)

    response = team.post(page("staff_book", slug="2026"), caller(one, two, seats="2", companions="Piet"))

    assert response.headers["Location"] == page("staff_bookings", slug="2026")
    booking = Booking.objects.get()
    assert (booking.is_held, booking.companions, taken(one, two)) == (False, "Piet", [2, 2])
    assert OutboxMessage.objects.filter(kind="opendoors.booking_confirmed", language="nl").count() == 1


def test_nobody_is_put_on_a_waiting_list_unasked(team: Client, edition: Edition) -> None:
    free, full = week_of_visits(edition, 2, seats=1)

    response = team.post(page("staff_book", "fr", slug="2026"), caller(free, full, seats="2"))

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["visits"])
    assert len(response.context["form"].errors["visits"]) == 2
    assert free.host.name in response.context["form"].errors["visits"][0]
    assert (Booking.objects.count(), Wish.objects.count()) == (0, 0)


def test_where_it_is_too_late_to_wait_the_caller_hears_how_many_seats_are_left(team: Client, edition: Edition) -> None:
    (visit,) = week_of_visits(edition, 1, seats=1)
    Visit.objects.update(starts_at=timezone.now() + dt.timedelta(hours=2))

    response = team.post(page("staff_book", slug="2026"), caller(visit, seats="2", wait="on"))

    assert list(response.context["form"].errors) == ["visits"]
    assert not Wish.objects.exists()


def test_nobody_waits_for_a_visit_held_already(team: Client, edition: Edition) -> None:
    (visit,) = week_of_visits(edition, 1, seats=1)
    team.post(page("staff_book", slug="2026"), caller(visit))

    response = team.post(page("staff_book", slug="2026"), caller(visit, wait="on"))

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["visits"])
    assert not Wish.objects.exists()


def test_what_is_full_is_waited_for(team: Client, edition: Edition) -> None:
    free, full = week_of_visits(edition, 2, seats=1)
    book(full, email="een@example.org")

    team.post(page("staff_book", slug="2026"), caller(free, full, wait="on"))

    assert taken(free, full) == [1, 1]
    assert Wish.objects.get().visit == full


def test_nothing_chosen_comes_back_with_a_word(team: Client, edition: Edition) -> None:
    VisitFactory(edition=edition)

    response = team.post(page("staff_book", slug="2026"), caller())

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["visits"])


def test_visits_at_the_same_time_come_back_with_a_word(team: Client, edition: Edition) -> None:
    visits = [VisitFactory(edition=edition), VisitFactory(edition=edition)]

    response = team.post(page("staff_book", slug="2026"), caller(*visits))

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["visits"])
    assert not Booking.objects.exists()


def test_after_sign_up_the_page_says_so(team: Client, edition: Edition) -> None:
    Edition.objects.update(state=EditionState.CLOSED)

    response = team.get(page("staff_book", slug="2026"))

    assert response.context["closed_reason"] != ""
    assert 'name="seats"' not in response.content.decode()


def test_seats_are_given_back_for_a_caller_after_a_question(team: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = book(visit)
    url = page("staff_booking_cancel", slug="2026", reference=booking.reference)

    asked = team.get(url)
    assert taken(visit) == [1]
    team.post(url)

    assert asked.status_code == 200
    assert (BookedVisit.objects.get().state, taken(visit)) == (BookedState.CANCELLED, [0])


def test_a_booking_of_another_edition_is_not_found(team: Client, edition: Edition) -> None:
    other = book(VisitFactory())

    assert team.post(page("staff_booking_cancel", slug="2026", reference=other.reference)).status_code == 404


def test_each_line_is_shown_in_its_order(team: Client, edition: Edition) -> None:
    visit, other = week_of_visits(edition, 2, seats=1)
    book(visit, email="een@example.org")
    join(visit, email="twee@example.org")
    join(visit, email="drie@example.org")

    shown = team.get(page("staff_waiting", slug="2026")).context["visits"]

    assert [row.pk for row in shown] == [visit.pk]
    assert [wish.request.visitor.email for wish in shown[0].line] == ["twee@example.org", "drie@example.org"]
    assert other.pk not in {row.pk for row in shown}


def test_what_ended_is_in_no_line(team: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=1)
    book(visit, email="een@example.org")
    request = join(visit, email="twee@example.org")
    waiting.leave(request=request, by=None)

    assert Wish.objects.get().state not in {WishState.WAITING, WishState.OFFERED}
    assert list(team.get(page("staff_waiting", slug="2026")).context["visits"]) == []


def test_the_list_says_why_a_seat_may_go_past_somebody(team: Client, edition: Edition) -> None:
    Edition.objects.update(seats_per_organisation=2)
    edition.refresh_from_db()
    (visit,) = week_of_visits(edition, 1, seats=2)
    book(visit, email="een@example.org", seats=2, organisation="Wijkhuis")
    limited = join(visit, email="twee@example.org", organisation="wijkhuis")
    group = join(visit, email="drie@example.org", seats=2)
    addresses.confirm(visitor=limited.visitor, by=None)
    addresses.confirm(visitor=group.visitor, by=None)

    ((_visit, line),) = team.get(page("staff_waiting", slug="2026")).context["lines"]

    first, second = [reason for _wish, reason in line]
    assert "" not in {first, second}
    assert first != second


def test_a_caller_is_taken_off_the_list_after_a_question(team: Client, edition: Edition) -> None:
    (visit,) = week_of_visits(edition, 1, seats=1)
    book(visit, email="een@example.org")
    request = join(visit, email="twee@example.org")
    url = page("staff_waiting_leave", slug="2026", reference=request.reference, visit=visit.uuid)

    listed = team.get(page("staff_waiting", slug="2026")).text
    asked = team.get(url)
    still = Wish.objects.get().state
    done = team.post(url)

    assert url in listed
    assert (asked.status_code, still, done.status_code) == (200, WishState.WAITING, 302)
    assert (Wish.objects.get().state, team.get(url).status_code) == (WishState.RELEASED, 404)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_waiting_list(
    team: Client, edition: Edition, number: int, django_assert_num_queries: Any
) -> None:
    for visit in week_of_visits(edition, number, seats=1):
        book(visit, email="een@example.org")
        join(visit, email=f"{visit.pk}@example.org")
    team.get(page("staff_waiting", slug="2026"))

    with django_assert_num_queries(7):
        team.get(page("staff_waiting", slug="2026"))
