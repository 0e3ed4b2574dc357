"""National register numbers are kept nowhere: not of hosts, not of who books or waits, not from a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import translation

from basins.models import User
from basins.rules.privacy import NationalNumberFound, holds_national_number
from opendoors.models import Booking, Edition, Host, WaitingRequest
from opendoors.rules import booking as booking_rules
from opendoors.rules import by_host, editions, hosting, validating
from opendoors.rules.programme_data import PlaceData
from tests.basins.people_tools import staff_session
from tests.factories import basin
from tests.opendoors.booking_tools import book
from tests.opendoors.factories import EditionFactory, week_of_visits
from tests.opendoors.host_tools import called_edition, host_data, propose
from tests.opendoors.programme_tools import december, lines, problems
from tests.opendoors.staff_tools import page
from tests.opendoors.test_editions import DATA
from tests.opendoors.waiting_tools import ask

pytestmark = pytest.mark.django_db

NISS = "85.07.30-033.28"
WORDS = f"Demandez Jeanne, {NISS}"


@pytest.mark.parametrize("field", ["name", "description_fr", "welcome_nl", "contact_name", "contact_phone"])
def test_no_text_of_a_proposal_keeps_one(field: str) -> None:
    with pytest.raises(NationalNumberFound) as caught:
        propose(called_edition(), **{field: WORDS})

    assert caught.value.field == field
    assert not Host.objects.exists()


def test_a_host_keeps_none_by_its_link() -> None:
    host = propose(called_edition())

    with pytest.raises(NationalNumberFound):
        by_host.edit_host(host=host, data=host_data(welcome_fr=WORDS))


def test_a_place_keeps_none(alice: User) -> None:
    host = propose(called_edition())
    place = host.places.get()

    data = PlaceData(street_fr="Rue Haute 1", directions_nl=WORDS)

    with pytest.raises(NationalNumberFound) as added:
        hosting.add_place(host=host, data=data, by=alice)
    with pytest.raises(NationalNumberFound) as edited:
        hosting.edit_place(place=place, data=data, by=alice)

    assert [added.value.field, edited.value.field] == ["directions_nl", "directions_nl"]


@pytest.mark.parametrize("step", [validating.accept, validating.ask_change, validating.refuse])
def test_the_teams_word_keeps_none(step: Callable[..., Host], alice: User) -> None:
    host = propose(called_edition())

    with pytest.raises(NationalNumberFound):
        step(host=host, by=alice, note=WORDS)


def test_the_word_on_a_visit_keeps_none(alice: User) -> None:
    host = propose(called_edition())
    visit = host.visits.select_related("host__edition").get()

    with pytest.raises(NationalNumberFound):
        validating.refuse_visit(visit=visit, by=alice, note=WORDS)


@pytest.mark.parametrize("field", ["name", "organisation", "companions"])
def test_no_booking_keeps_one(field: str) -> None:
    visit, *_others = week_of_visits(EditionFactory())

    with pytest.raises(NationalNumberFound) as caught:
        book(visit, seats=2, **{field: WORDS})

    assert caught.value.field == field
    assert not Booking.objects.exists()


def test_a_changed_booking_keeps_none() -> None:
    visit, *_others = week_of_visits(EditionFactory())
    booking = book(visit, seats=2)

    with pytest.raises(NationalNumberFound):
        booking_rules.change(booking=booking, visits=[visit.uuid], by=None, companions=WORDS)


def test_nobody_waits_with_one() -> None:
    visit, *_others = week_of_visits(EditionFactory(), seats=1)
    book(visit)

    with pytest.raises(NationalNumberFound):
        ask(visit, name=WORDS)

    assert not WaitingRequest.objects.exists()


def test_in_a_file_it_is_a_problem_of_its_line() -> None:
    content = lines(f"2024-12-02,09:00,10:30,A,12,{NISS}", head="date,start,end,host,seats,contact_name")

    with translation.override("en"):
        found = problems(december(), content)

    assert found == ["Line 2, column “contact_name”: Take the national register number out: it must not be kept here."]


def test_a_phone_number_with_its_country_is_none() -> None:
    # Without its plus it would be a *bis* number: the 12th of the seventh month, with the right check digits.
    check = 97 - 324712123 % 97
    phone = f"+32 471 21 23 {check:02}"

    host = hosting.add_host(edition=called_edition(), data=host_data(contact_phone=phone), by=None)

    assert host.contact_phone == phone
    assert holds_national_number(phone.removeprefix("+"))


@pytest.mark.parametrize("field", ["name_fr", "name_nl", "intro_fr", "intro_nl", "call_text_fr", "call_text_nl"])
def test_no_text_of_an_edition_keeps_one(field: str, alice: User) -> None:
    edition = editions.create(basin=basin(), data=DATA, by=alice)
    data = replace(DATA, slug="other", **{field: WORDS})  # type: ignore[arg-type]  # fields by name

    with pytest.raises(NationalNumberFound) as created:
        editions.create(basin=basin(), data=data, by=alice)
    with pytest.raises(NationalNumberFound) as edited:
        editions.edit(edition=edition, data=data, by=alice)

    assert [created.value.field, edited.value.field] == [field, field]
    assert Edition.objects.values_list("slug", field).get() == (DATA.slug, getattr(DATA, field))


def test_the_page_of_an_edition_says_at_which_field(client: Client, alice: User) -> None:
    edition = EditionFactory(slug="2026")
    team, url = staff_session(client, alice), page("staff_edition_edit", slug="2026")
    shown = team.get(url).context["form"]
    sent = {field.html_name: field.value() if field.value() is not None else "" for field in shown}

    answer = team.post(url, {**sent, "intro_fr": WORDS})

    edition.refresh_from_db()
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["intro_fr"])
    assert WORDS not in edition.intro_fr
