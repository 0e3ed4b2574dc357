"""What the mails about scarce seats lead to: confirming, answering, leaving; and that only a POST acts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from opendoors import queries, queries_waiting
from opendoors.enums import WishState
from opendoors.models import BookedVisit, Booking, Edition, Visit, WaitingRequest, Wish
from opendoors.rules import addresses, waiting
from opendoors.rules import booking as rules
from tests.basins.people_tools import at, in_french
from tests.opendoors.booking_tools import book, taken
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits
from tests.opendoors.waiting_tools import ask, confirmed_rows, counts, held_by, states, wait, wish_of

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 13, 10, 0, tzinfo=dt.UTC)
EVA = "eva@example.org"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def edition() -> Edition:
    return EditionFactory(slug="2026")


@pytest.fixture
def full(edition: Edition) -> Visit:
    return full_visit(edition)


def full_visit(edition: Edition, **fields: Any) -> Visit:
    """A visit of one seat, which the first visitor holds."""
    visit: Visit = VisitFactory(edition=edition, seats=1, **fields)
    held_by("first@example.org", visit)
    return visit


def page_of(name: str, token: str, **more: Any) -> str:
    return at(f"opendoors:{name}", basin="sud-est", token=token, **more)


def confirm_url(booking: Booking) -> str:
    return page_of("confirm_address", queries.visitor_link(booking.visitor))


def offered(visit: Visit, *others: Visit, **fields: Any) -> Wish:
    """Eva waits, the first visitor gives the seat back: it is on offer to her."""
    request = wait(visit, *others, email=EVA, **fields)
    rules.cancel(booking=Booking.objects.get(visitor__email="first@example.org", booked__visit=visit), by=None)
    return wish_of(request, visit)


def offer_url(wish: Wish) -> str:
    return page_of("offer", queries.visitor_link(wish.request.visitor), wish=wish.uuid)


# --- Confirming an address -----------------------------------------------------------------------


def test_what_is_not_confirmed_says_until_when_and_how(greet: Client, edition: Edition) -> None:
    booking = book(VisitFactory(edition=edition))

    page = greet.get(page_of("booked", queries.booking_link(booking)))

    assert page.context["held_until"] == NOW + dt.timedelta(hours=24)
    assert page.context["confirm_url"] == ""
    assert page.text.count("daan@example.org") == 1


def test_the_link_of_the_mail_offers_to_confirm(greet: Client, edition: Edition) -> None:
    booking = book(VisitFactory(edition=edition))

    page = greet.get(page_of("booked", queries.visitor_link(booking.visitor)))

    assert page.text.count("/confirmer/") == 1


def test_following_the_link_confirms_nothing(greet: Client, edition: Edition) -> None:
    booking = book(VisitFactory(edition=edition))

    page = greet.get(confirm_url(booking))

    booking.refresh_from_db()
    assert (page.status_code, booking.is_held) == (200, True)


def test_saying_yes_makes_the_seats_theirs(greet: Client, edition: Edition) -> None:
    booking = book(VisitFactory(edition=edition))

    answer: Any = greet.post(confirm_url(booking))
    page = greet.get(answer.url)

    booking.refresh_from_db()
    assert (answer.status_code, booking.confirmed_at) == (302, NOW)
    assert page.context["held_until"] is None


def test_who_did_not_book_gives_all_back_on_the_same_page(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = book(visit)

    answer: Any = greet.post(confirm_url(booking), {"answer": "not-me"})
    page = greet.get(answer.url)

    assert (taken(visit), page.context["released"]) == ([0], [])
    assert page.text.count("<form method") == 0


def test_saying_yes_counts_for_the_waiting_list(greet: Client, full: Visit) -> None:
    request = ask(full, email=EVA)
    url = page_of("confirm_address", queries.visitor_link(request.visitor))

    shown = greet.get(url)
    greet.post(url)

    request.refresh_from_db()
    assert shown.context["asked"] == [request]
    assert request.held_until is None


def test_confirming_twice_says_that_it_is_done(greet: Client, edition: Edition) -> None:
    booking = book(VisitFactory(edition=edition))
    greet.post(confirm_url(booking))

    again = greet.post(confirm_url(booking))

    assert again.status_code == 200
    assert again.text.count("<form method") == 0
    assert (again.context["released"], len(again.context["holding"].confirmed)) == ([], 1)


def test_confirming_too_late_says_since_when_and_leads_back(greet: Client, edition: Edition, clock: Any) -> None:
    visit = VisitFactory(edition=edition)
    booking = book(visit)
    clock.move_to(NOW + dt.timedelta(hours=25))
    addresses.release_unconfirmed(now=timezone.now())

    page = greet.post(confirm_url(booking))

    assert [row.visit for row in page.context["released"]] == [visit]
    assert page.text.count(f'href="{page.context["week_url"]}"') >= 1
    assert taken(visit) == [0]


def test_nothing_to_confirm_is_said(greet: Client, edition: Edition) -> None:
    booking = held_by("daan@example.org", VisitFactory(edition=edition))
    rules.cancel(booking=booking, by=None)

    page = greet.get(confirm_url(booking))

    assert page.status_code == 200
    assert page.text.count("<form method") == 0


def test_the_browser_that_booked_cannot_confirm(greet: Client, edition: Edition) -> None:
    booking = book(VisitFactory(edition=edition))

    answer = greet.post(page_of("confirm_address", queries.booking_link(booking)))

    booking.refresh_from_db()
    assert (answer.status_code, booking.is_held) == (404, True)


def test_a_link_of_long_ago_confirms_nothing(greet: Client, edition: Edition, clock: Any) -> None:
    booking = book(VisitFactory(edition=edition))
    clock.move_to(NOW + dt.timedelta(days=300))

    assert greet.post(confirm_url(booking)).status_code == 410


# --- Answering an offer --------------------------------------------------------------------------


def test_an_offer_says_until_when(greet: Client, full: Visit) -> None:
    wish = offered(full)

    page = greet.get(offer_url(wish))

    assert (page.status_code, page.context["reason"]) == (200, "")
    assert counts(full) == (0, 1)


def test_yes_books_the_seat(greet: Client, full: Visit) -> None:
    wish = offered(full)

    answer: Any = greet.post(offer_url(wish), {"answer": "accept"})
    page = greet.get(answer.url)

    assert [row.visit for row in page.context["holding"].confirmed] == [full]
    assert counts(full) == (1, 0)


def test_no_gives_it_to_the_next(greet: Client, full: Visit) -> None:
    wish = offered(full)
    behind = wait(full, email="later@example.org")

    answer = greet.post(offer_url(wish), {"answer": "decline"})

    assert answer.status_code == 302
    assert states(wish.request, behind) == ["declined", "offered"]


def test_what_goes_back_and_which_lines_end_is_said_before(greet: Client, edition: Edition, full: Visit) -> None:
    other = full_visit(edition, day=2)
    same_time = VisitFactory(edition=edition)
    held_by(EVA, same_time)
    wish = offered(full, other, wanted=1)

    page = greet.get(offer_url(wish))

    assert [row.visit for row in page.context["given_back"]] == [same_time]
    assert [one.visit for one in page.context["released"]] == [other]


def test_whoever_wants_two_keeps_the_other_line(greet: Client, edition: Edition, full: Visit) -> None:
    wish = offered(full, full_visit(edition, day=2), wanted=2)

    page = greet.get(offer_url(wish))

    assert page.context["released"] == []


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_an_answer_that_comes_too_late_is_told_why(greet: Client, full: Visit, clock: Any, answer: str) -> None:
    wish = offered(full)
    clock.move_to(NOW + dt.timedelta(hours=49))

    page = greet.post(offer_url(wish), {"answer": answer})

    assert page.status_code == 409
    assert page.context["reason"] == in_french(waiting.WORDS_OF_GONE[WishState.LAPSED])
    assert confirmed_rows(EVA) == []


def test_an_offer_that_is_answered_says_so(greet: Client, full: Visit) -> None:
    wish = offered(full)
    greet.post(offer_url(wish), {"answer": "accept"})

    page = greet.get(offer_url(wish))

    assert page.context["reason"] == in_french(waiting.WORDS_OF_GONE[WishState.ACCEPTED])


def test_somebody_else_s_offer_is_not_found(greet: Client, edition: Edition, full: Visit) -> None:
    wish = offered(full)
    stranger = held_by("stranger@example.org", VisitFactory(edition=edition, day=3)).visitor

    answer = greet.post(page_of("offer", queries.visitor_link(stranger), wish=wish.uuid), {"answer": "accept"})

    assert answer.status_code == 404
    assert counts(full) == (0, 1)


# --- Standing in line ----------------------------------------------------------------------------


def test_whoever_only_waits_has_a_page_by_the_mail(greet: Client, full: Visit) -> None:
    request = wait(full, email=EVA)

    page = greet.get(page_of("booked", queries.visitor_link(request.visitor)))

    assert [line.request for line in page.context["lines"]] == [request]


@pytest.mark.parametrize("name", ["change", "cancel"])
def test_whoever_only_waits_has_nothing_to_change(greet: Client, full: Visit, name: str) -> None:
    request = wait(full, email=EVA)

    assert greet.get(page_of(name, queries.visitor_link(request.visitor))).status_code == 302


def test_an_offer_is_answered_by_the_mail_alone(greet: Client, full: Visit) -> None:
    wish = offered(full)

    by_mail = greet.get(page_of("booked", queries.visitor_link(wish.request.visitor)))
    by_browser = greet.get(page_of("waiting", queries_waiting.waiting_link(wish.request)))

    assert [page.text.count(f"/{wish.uuid}/") for page in (by_mail, by_browser)] == [1, 0]


def test_leaving_asks_first(greet: Client, full: Visit) -> None:
    request = wait(full, email=EVA)

    page = greet.get(page_of("leave_waiting", queries_waiting.waiting_link(request)))

    assert (page.status_code, states(request)) == (200, ["waiting"])


def test_one_leaves_the_lines_one_ticks(greet: Client, edition: Edition, full: Visit) -> None:
    request = wait(full, full_visit(edition, day=2), email=EVA)

    answer: Any = greet.post(
        page_of("leave_waiting", queries_waiting.waiting_link(request)), {"visits": [str(full.uuid)]}
    )
    page = greet.get(answer.url)

    assert states(request) == ["released", "waiting"]
    assert page.context["found"].state == "waiting"


def test_leaving_nothing_is_asked_again(greet: Client, full: Visit) -> None:
    request = wait(full, email=EVA)

    page = greet.post(page_of("leave_waiting", queries_waiting.waiting_link(request)), {})

    assert (page.status_code, states(request)) == (422, ["waiting"])


def test_leaving_again_changes_nothing(greet: Client, full: Visit) -> None:
    request = wait(full, email=EVA)
    url = page_of("leave_waiting", queries_waiting.waiting_link(request))

    answers = [greet.post(url, {"visits": [str(full.uuid)]}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert WaitingRequest.objects.get().state == "left"


@pytest.mark.parametrize("name", ["waiting", "leave_waiting"])
def test_a_forged_link_to_a_line_opens_nothing(greet: Client, edition: Edition, name: str) -> None:
    booking = book(VisitFactory(edition=edition))

    assert greet.get(page_of(name, "forged")).status_code == 404
    assert greet.get(page_of(name, queries.booking_link(booking))).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_a_visitor_costs_the_same_however_many_visits(
    greet: Client, edition: Edition, number: int, django_assert_num_queries: Any
) -> None:
    booking = held_by(EVA, *week_of_visits(edition, number))
    wait(*(full_visit(edition, day=day, begin="18:00", end="19:00") for day in range(number)), email=EVA)
    url = page_of("booked", queries.visitor_link(booking.visitor))
    greet.get(url)

    with django_assert_num_queries(5):  # the booking, its visits, requests, wishes, the lines
        greet.get(url)

    assert BookedVisit.objects.filter(booking=booking).count() == number
