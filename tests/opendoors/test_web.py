"""The visitor's way through the browser, without one: pages, booking, signed links, wrong input."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from basins.models import User
from opendoors import queries
from opendoors.enums import EditionState
from opendoors.models import BookedVisit, Booking, Edition, Visit
from opendoors.rules import booking as rules
from tests.factories import basin
from tests.opendoors.factories import EditionFactory, HostFactory, VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return EditionFactory(slug="2026")


WEEK_FR = "/fr/sud-est/portes-ouvertes/2026/"
WEEK_NL = "/nl/zuid-oost/opendeurdagen/2026/"


def visitor(**more: str) -> dict[str, str]:
    return {"name": "Daan Dubois", "email": "daan@example.org", "organisation": "Wijkhuis", "sector": "social"} | more


def send(client: Client, *visits: Visit, url: str = WEEK_FR, **more: str) -> Any:
    return client.post(url, {**visitor(**more), "visits": [str(visit.uuid) for visit in visits]})


def test_the_grid_shows_every_visit_with_its_seats(greet: Client, edition: Edition) -> None:
    visits = week_of_visits(edition, 3, seats=7)

    page = greet.get(WEEK_FR)

    shown = re.findall(r'name="visits" value="([0-9a-f-]+)"', page.text)
    assert sorted(shown) == sorted(str(visit.uuid) for visit in visits)
    assert page.text.count("7\N{NO-BREAK SPACE}places") + page.text.count("7 places") >= 3


def test_the_kept_grid_shows_the_seats_of_this_moment(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=2)
    greet.get(WEEK_FR)
    send(Client(), visit)

    page = greet.get(WEEK_FR)

    fragment = re.search(rf'id="seats-{visit.uuid}">(.*?)</span> <span>', page.text, re.DOTALL)
    assert fragment is not None
    assert re.sub(r"<[^>]+>", "", fragment[1]).strip() == "1 place"


def test_the_kept_grid_follows_a_new_version_of_the_programme(greet: Client, edition: Edition) -> None:
    week_of_visits(edition, 1)
    greet.get(WEEK_FR)
    VisitFactory(edition=edition, host__name="Nouvelle maison", day=2)
    Edition.objects.filter(pk=edition.pk).update(programme_version=2)

    page = greet.get(WEEK_FR)

    assert page.text.count(">Nouvelle maison</b>") == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_grid_costs_the_same_however_many_visits(
    greet: Client, edition: Edition, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    week_of_visits(edition, number)
    greet.get(WEEK_FR)  # the territory and the programme are kept from the first time on

    with django_assert_num_queries(1):  # the edition with the seats of this moment
        greet.get(WEEK_FR)


@pytest.mark.parametrize("number", [1, 3])
def test_a_first_grid_costs_the_same_however_many_visits(
    greet: Client, edition: Edition, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    week_of_visits(edition, number)

    with django_assert_max_num_queries(10):
        greet.get(WEEK_FR)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_editions_costs_the_same_however_many(
    greet: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        EditionFactory()
    greet.get("/fr/sud-est/portes-ouvertes/")

    with django_assert_num_queries(2):
        page = greet.get("/fr/sud-est/portes-ouvertes/")

    assert len(page.context["rows"]) == number


def test_booking_three_visits_leads_to_a_page_that_holds_them(greet: Client, edition: Edition) -> None:
    visits = week_of_visits(edition, 3)

    answer = send(greet, *visits)
    page = greet.get(answer.url)

    assert answer.status_code == 302
    booking = Booking.objects.get()
    assert (booking.name, booking.organisation, booking.sector) == ("Daan Dubois", "Wijkhuis", "social")
    assert [row.visit for row in page.context["holding"].confirmed] == visits


def test_the_mail_is_in_the_language_of_the_page(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)

    send(greet, visit, url=WEEK_NL)

    assert Booking.objects.get().visitor.language == "nl"


def test_what_went_meanwhile_is_named_and_nothing_typed_is_lost(greet: Client, edition: Edition) -> None:
    full, free = week_of_visits(edition, 2, seats=1)
    send(Client(), full, email="first@example.org")

    page = send(greet, full, free)

    assert page.status_code == 409
    assert [pick.visit for pick in page.context["gone"]] == [full]
    assert [pick.visit for pick in page.context["chosen"]] == [free]
    assert page.context["form"]["name"].value() == "Daan Dubois"
    assert full.host.name in str(page.context["problems"][0])
    assert BookedVisit.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "daan"),
        ("email", ""),
        ("name", ""),
        ("name", "x" * 121),
        ("name", "Da\x00an"),
        ("organisation", "x" * 161),
        ("sector", "astronaut"),
    ],
)
def test_wrong_input_comes_back_with_a_sentence_at_the_field(
    greet: Client, edition: Edition, field: str, value: str
) -> None:
    visit = VisitFactory(edition=edition)

    page = send(greet, visit, **{field: value})

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert Booking.objects.count() == 0


def test_no_visit_ticked_is_said(greet: Client, edition: Edition) -> None:
    page = send(greet)

    assert page.status_code == 422
    assert len(page.context["problems"]) == 1


def test_what_is_no_identifier_is_left_out(greet: Client, edition: Edition) -> None:
    page = greet.post(WEEK_FR, {**visitor(), "visits": ["1 OR 1=1", "<script>"]})

    assert page.status_code == 422


def test_markup_in_a_name_is_shown_as_text(greet: Client, edition: Edition) -> None:
    VisitFactory(edition=edition, host=HostFactory(edition=edition, name="<script>alert(1)</script> & fils"))

    page = greet.get(WEEK_FR)

    assert page.text.count("<script>alert(1)") == 0
    assert page.text.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; fils</b>") == 1


def test_a_closed_week_says_since_when_and_offers_no_form(greet: Client) -> None:
    edition = EditionFactory(slug="2026", state=EditionState.CLOSED, signup_closes_at=timezone.now() - dt.timedelta(2))
    VisitFactory(edition=edition)

    page = greet.get(WEEK_FR)

    assert page.context["form"] is None
    assert page.context["closed_reason"] == rules.why_not_bookable(edition)
    assert page.text.count("disabled") >= 1


def test_a_draft_is_there_for_its_own_staff_alone(greet: Client, alice: User, bram: User) -> None:
    edition = EditionFactory(slug="2026", state=EditionState.DRAFT)

    assert greet.get(WEEK_FR).status_code == 404
    assert queries.editions_for(bram, "sud-est").count() == 0
    assert queries.editions_for(alice, "sud-est").get() == edition


def test_an_edition_of_another_basin_is_not_found_here(greet: Client) -> None:
    EditionFactory(slug="2026", basin=basin("nord"))

    assert greet.get(WEEK_FR).status_code == 404


# --- Live seats ----------------------------------------------------------------------------------


def test_live_seats_come_as_fragments(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=4)

    answer = greet.get(f"{WEEK_FR}places/")

    assert answer.text.count(f'id="seats-{visit.uuid}"') == 1


def test_live_seats_that_did_not_change_are_not_sent_again(greet: Client, edition: Edition) -> None:
    VisitFactory(edition=edition)
    tag = greet.get(f"{WEEK_FR}places/")["ETag"]

    answer = greet.get(f"{WEEK_FR}places/", headers={"if-none-match": tag})

    assert (answer.status_code, answer.content) == (304, b"")


def test_a_visit_has_a_page_of_its_own(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)

    page = greet.get(f"{WEEK_FR}visite/{visit.uuid}/")

    assert page.context["visit"] == visit
