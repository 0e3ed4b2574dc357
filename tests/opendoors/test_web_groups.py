"""The week's form for several people and for full visits: seats, names, waiting list, short ways."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from basins.models import Municipality, User
from core.models import OutboxMessage
from opendoors import queries
from opendoors.enums import EditionState
from opendoors.models import BookedVisit, Booking, Edition, Visit, WaitingRequest
from tests.opendoors.booking_tools import book, input_of, taken
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits
from tests.opendoors.waiting_tools import held_by

pytestmark = pytest.mark.django_db

WEEK = "/fr/sud-est/portes-ouvertes/2026/"


@pytest.fixture
def edition() -> Edition:
    return EditionFactory(slug="2026")


@pytest.fixture
def full(edition: Edition) -> Visit:
    """A visit of the second day whose two seats are taken."""
    visit = VisitFactory(edition=edition, day=1, seats=2)
    held_by("first@example.org", visit, seats=2)
    visit.refresh_from_db()
    return visit


def send(client: Client, *visits: Visit, waits: tuple[Visit, ...] = (), **more: str) -> Any:
    ticks = {"visits": [str(visit.uuid) for visit in visits], "waits": [str(visit.uuid) for visit in waits]}
    return client.post(WEEK, {"name": "Daan", "email": "daan@example.org", **more, **ticks})


# --- Groups --------------------------------------------------------------------------------------


def test_a_team_books_so_many_seats_with_its_names(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=5)

    answer = send(greet, visit, seats="3", companions=" An \n\nBo")

    assert answer.status_code == 302
    assert taken(visit) == [3]
    assert Booking.objects.get().companions == "An\nBo"


def test_whoever_comes_alone_names_nobody(greet: Client, edition: Edition) -> None:
    send(greet, VisitFactory(edition=edition), seats="1", companions="An")

    assert Booking.objects.get().companions == ""


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"seats": "0"}, "seats"),
        ({"seats": "11"}, "seats"),
        ({"seats": "many"}, "seats"),
        ({"seats": "2", "companions": "An\nBo"}, "companions"),
        ({"seats": "2", "companions": "x" * 1001}, "companions"),
        ({"wanted": "-1"}, "wanted"),
    ],
)
def test_a_group_that_cannot_be_comes_back_with_a_word(
    greet: Client, edition: Edition, typed: dict[str, Any], field: str
) -> None:
    page = send(greet, VisitFactory(edition=edition), **typed)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]


def test_a_number_that_is_not_offered_is_not_repeated(greet: Client, edition: Edition) -> None:
    page = send(greet, VisitFactory(edition=edition), seats="999", wanted="998", sector="astronaut")

    said = page.context["form"].errors.as_text()
    assert page.context["form"].errors.keys() == {"seats", "wanted", "sector"}
    assert not any(typed in said for typed in ("999", "998", "astronaut"))


def test_too_few_seats_for_a_team_are_counted_and_can_be_waited_for(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=4)
    held_by("first@example.org", visit, seats=2)

    page = send(greet, visit, seats="3")

    (pick,) = page.context["gone"]
    assert (page.status_code, pick.visit) == (409, visit)
    assert [pick.missing.count(number) for number in ("2", "3")] == [1, 1]
    assert input_of(page, visit) == 'name="waits"'


def test_changing_asks_for_how_many_and_who(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=5)
    booking = book(visit, seats=2, companions="An")
    url = f"/fr/sud-est/portes-ouvertes/reservation/{queries.booking_link(booking)}/modifier/"

    page = greet.get(url)
    greet.post(url, {"visits": [str(visit.uuid)], "seats": "3", "companions": "An\nBo"})

    assert page.text.count('<option value="2" selected>') == 1
    assert taken(visit) == [3]
    assert Booking.objects.get().companions == "An\nBo"


def test_changing_leaves_what_differs_from_visit_to_visit(greet: Client, edition: Edition) -> None:
    one, two = week_of_visits(edition, 2)
    booking = held_by("daan@example.org", one, seats=1)
    held_by("daan@example.org", two, seats=2)
    url = f"/fr/sud-est/portes-ouvertes/reservation/{queries.visitor_link(booking.visitor)}/modifier/"

    page = greet.get(url)
    greet.post(url, {"visits": [str(one.uuid), str(two.uuid)], "seats": "as-booked"})

    assert page.text.count('<option value="as-booked" selected>') == 1
    assert taken(one, two) == [1, 2]


# --- The waiting list ----------------------------------------------------------------------------


def test_an_empty_form_says_all_there_is_to_put_right(greet: Client, edition: Edition) -> None:
    page = greet.post(WEEK, {})

    assert page.status_code == 422
    assert [str(problem) for problem in page.context["problems"]] == ["Choisissez au moins une visite."]
    assert {"name", "email"} <= page.context["form"].errors.keys()


def test_a_wrong_field_alone_says_nothing_of_visits(greet: Client, edition: Edition) -> None:
    page = send(greet, VisitFactory(edition=edition), name="")

    assert (page.status_code, page.context["problems"]) == (422, [])


@pytest.mark.parametrize(("seats", "is_over"), [("4", False), ("5", True)])
def test_more_seats_than_an_unconfirmed_address_holds_are_pointed_out(
    greet: Client, edition: Edition, seats: str, *, is_over: bool
) -> None:
    visits = week_of_visits(edition, 2)

    page = send(greet, *visits, seats=seats, name="")

    assert (page.context["unproven_at_most"], page.context["is_over"]) == (8, is_over)
    assert re.search(r'id="over" data-most="8"( hidden)?>', page.text)[1] == (None if is_over else " hidden")  # type: ignore[index]  # it is there


def test_who_is_signed_in_reads_nothing_of_that(greet: Client, edition: Edition, alice: User) -> None:
    greet.force_login(alice)

    assert 'id="over"' not in greet.get(WEEK).text


def test_the_grid_can_be_skipped_and_gone_back_to(greet: Client, edition: Edition) -> None:
    VisitFactory(edition=edition)

    page = greet.get(WEEK).text

    places = [page.index(part) for part in ('vh" href="#my-visits"', 'id="week"', 'id="my-visits"', 'vh" href="#week"')]
    assert places == sorted(places)


def test_a_closed_week_has_no_visits_to_skip_to(greet: Client) -> None:
    EditionFactory(slug="2026", state=EditionState.CLOSED)

    assert 'href="#my-visits"' not in greet.get(WEEK).text


def test_a_full_card_is_sent_as_a_wish_to_wait(greet: Client, edition: Edition, full: Visit) -> None:
    page = greet.get(WEEK)

    assert input_of(page, full) == 'name="waits"'


def test_waiting_leads_to_the_place_in_line(greet: Client, edition: Edition, full: Visit) -> None:
    answer = send(greet, waits=(full,))
    page = greet.get(answer.url)

    request = WaitingRequest.objects.get()
    assert (answer.status_code, request.wanted) == (302, 1)
    assert page.context["found"] == request


def test_one_press_books_and_waits(greet: Client, edition: Edition, full: Visit) -> None:
    free = VisitFactory(edition=edition)

    answer = send(greet, free, waits=(full,))
    page = greet.get(answer.url)

    assert [row.visit for row in page.context["holding"].confirmed] == [free]
    assert [wish.visit for line in page.context["lines"] for wish in line.wishes] == [full]
    assert list(OutboxMessage.objects.filter(to="daan@example.org").values_list("kind", flat=True)) == [
        "opendoors.booked_and_waiting"
    ]


def test_what_is_waited_for_is_not_shown_to_another_booking(greet: Client, edition: Edition, full: Visit) -> None:
    answer = send(greet, VisitFactory(edition=edition), waits=(full,))
    other = book(VisitFactory(edition=edition, day=3), email="other@example.org")
    query = answer.url.partition("?")[2]

    page = greet.get(f"/fr/sud-est/portes-ouvertes/reservation/{queries.booking_link(other)}/?{query}")

    assert page.context["lines"] == []


@pytest.mark.parametrize(("typed", "wanted"), [("all", 2), ("1", 1), ("2", 2), ("5", 2)])
def test_of_what_is_waited_for_some_or_all(
    greet: Client, edition: Edition, full: Visit, typed: str, wanted: int
) -> None:
    other = VisitFactory(edition=edition, day=2, seats=1)
    held_by("first@example.org", other)

    send(greet, waits=(full, other), wanted=typed)

    assert WaitingRequest.objects.get().wanted == wanted


def test_all_of_visits_at_the_same_time_are_as_many_as_one_can_make(
    greet: Client, edition: Edition, full: Visit
) -> None:
    same_time = VisitFactory(edition=edition, day=1, seats=1)
    held_by("second@example.org", same_time)

    answer = send(greet, waits=(full, same_time))

    assert answer.status_code == 302
    assert WaitingRequest.objects.get().wanted == 1


def test_a_seat_that_is_there_is_ticked_to_be_booked(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)

    page = send(greet, waits=(visit,))

    assert page.status_code == 409
    assert input_of(page, visit) == 'name="visits" checked'
    assert WaitingRequest.objects.count() == 0


def test_what_filled_up_meanwhile_offers_the_waiting_list(greet: Client, edition: Edition, full: Visit) -> None:
    page = send(greet, full)

    tray = page.text[page.text.index('id="gone"') : page.text.index('id="picks"')]
    assert page.status_code == 409
    assert tray.count(f'<input type="checkbox" name="waits" value="{full.uuid}">') == 1
    assert input_of(page, full) == 'name="waits"'


def test_what_was_called_off_meanwhile_has_no_waiting_list(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    Visit.objects.update(state="cancelled")

    page = send(greet, visit)

    assert page.status_code == 409
    assert page.text.count('name="waits"') == 0


def test_nothing_is_booked_where_the_line_is_refused(greet: Client, edition: Edition, full: Visit) -> None:
    free = VisitFactory(edition=edition)
    send(greet, waits=(full,))

    page = send(greet, free, waits=(full,))

    assert page.status_code == 422
    assert taken(free) == [0]
    assert [pick.visit for pick in page.context["waits"]] == [full]


def test_a_link_to_the_week_ticks_the_visit_it_is_about(greet: Client, edition: Edition, full: Visit) -> None:
    free = VisitFactory(edition=edition)

    to_book = greet.get(f"{WEEK}?visit={free.uuid}")
    to_wait = greet.get(f"{WEEK}?visit={full.uuid}")

    assert input_of(to_book, free) == 'name="visits" checked'
    assert input_of(to_wait, full) == 'name="waits" checked'


@pytest.mark.parametrize("number", [1, 3])
def test_a_refused_booking_costs_the_same_however_many_visits(
    greet: Client, edition: Edition, full: Visit, number: int, django_assert_num_queries: Any
) -> None:
    week_of_visits(edition, number)
    send(greet, full)

    with django_assert_num_queries(4):  # the edition with the seats of this moment; three of the transaction
        send(greet, full)


# --- Short ways ----------------------------------------------------------------------------------


def test_close_visits_in_two_municipalities_are_pointed_out(greet: Client, edition: Edition) -> None:
    towns = [Municipality.objects.get(name_fr=name) for name in ("Auderghem", "Etterbeek")]
    visits = [
        VisitFactory(edition=edition, begin=begin, end=end, place__municipality=town)
        for (begin, end), town in zip([("09:00", "10:30"), ("10:45", "12:00")], towns, strict=True)
    ]

    came_back = send(greet, *visits, email="")
    answer = send(greet, *visits)
    booked = greet.get(answer.url)

    assert [len(page.context["hops"]) for page in (came_back, booked)] == [1, 1]
    assert came_back.text.count(came_back.context["hops"][0].words) == 1
    assert BookedVisit.objects.count() == 2


def test_live_seats_of_the_page_of_changes_have_no_waiting_list(greet: Client, edition: Edition, full: Visit) -> None:
    def words(query: str) -> str:
        text = greet.get(f"{WEEK}places/{query}").text
        found = re.search(rf'id="seats-{full.uuid}">(.*)</span>\n', text)
        assert found is not None
        return re.sub("<[^>]+>", "", found[1])

    assert words("?change") == "Complet"
    assert words("").startswith("Complet ·")
