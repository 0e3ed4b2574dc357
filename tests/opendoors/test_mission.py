"""What the open-door weeks give to the common pages."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import resolve
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from basins.missions import Period
from basins.models import User
from opendoors import queries
from opendoors.enums import EditionState
from opendoors.mission import mission
from opendoors.models import Booking, Edition, Host, Visit, Visitor
from opendoors.rules import booking as rules
from opendoors.rules import hosting
from tests.factories import basin
from tests.opendoors.factories import EditionFactory, HostFactory, VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return EditionFactory(slug="2026")


def held(*visits: Visit, email: str = "daan@example.org") -> Booking:
    return rules.book(
        visits=[visit.uuid for visit in visits], name="Daan", email=email, language="fr", by=None, organisation="WGC"
    )


def around(edition: Edition) -> Period:
    return Period(edition.starts_on - dt.timedelta(days=60), edition.ends_on + dt.timedelta(days=60))


def test_the_agenda_has_the_week_and_the_last_day_to_sign_up(edition: Edition) -> None:
    items = list(mission.agenda(basin(), around(edition)))

    assert [item.uid for item in items] == [f"opendoors-{edition.uuid}", f"opendoors-last-day-{edition.uuid}"]
    assert (items[0].starts, items[0].ends) == (edition.starts_on, edition.ends_on + dt.timedelta(days=1))


def test_the_agenda_keeps_drafts_and_other_basins_out(edition: Edition) -> None:
    EditionFactory(state=EditionState.DRAFT)
    EditionFactory(basin=basin("nord"))

    assert len(list(mission.agenda(basin(), around(edition)))) == 2


def test_figures_count_hosts_visits_visitors_and_booked_visits(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    held(first, second)
    held(first, email="greet@example.org")

    figures = {figure.key: figure.value for figure in mission.figures(basin(), around(edition))}

    assert figures == {
        "opendoors.hosts": 2,
        "opendoors.visits": 2,
        "opendoors.visitors": 2,
        "opendoors.booked": 3,
        "opendoors.present": 0,
    }


def test_figures_leave_out_what_was_called_off(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    held(first, second)
    hosting.cancel_visit(visit=second, by=None)

    figures = {figure.key: figure.value for figure in mission.figures(basin(), around(edition))}

    assert figures == {
        "opendoors.hosts": 1,
        "opendoors.visits": 1,
        "opendoors.visitors": 1,
        "opendoors.booked": 1,
        "opendoors.present": 0,
    }


def test_search_finds_a_host_without_its_accents(edition: Edition) -> None:
    HostFactory(edition=edition, name="Équipe Mobile Tela")

    assert [hit.title.value for hit in mission.search("equipe tela", basin())] == ["Équipe Mobile Tela"]


def test_search_finds_a_week_by_its_name_in_either_language(edition: Edition) -> None:
    assert [hit.title.value for hit in mission.search("grote bad", basin())] == ["Le Grand Bain"]


def test_search_finds_a_week_by_name_and_year(edition: Edition) -> None:
    words = f"grand bain {edition.starts_on.year}"

    assert [(hit.title.value, hit.score) for hit in mission.search(words, basin())] == [("Le Grand Bain", 0.8)]


@pytest.mark.parametrize(
    ("words", "score"),
    [("Équipe Mobile Tela", 1.0), ("mobile", 0.8), ("tela-mobile", 0.8), ("obile", None), ("mobile vaccin", None)],
)
def test_hosts_are_scored_as_everything_else_is(edition: Edition, words: str, score: float | None) -> None:
    HostFactory(edition=edition, name="Équipe Mobile Tela")

    assert [hit.score for hit in mission.search(words, basin())] == ([score] if score else [])


def test_the_excerpt_of_a_week_ends_with_a_whole_word() -> None:
    EditionFactory(intro_fr="rencontre " * 30)

    (hit,) = mission.search("grand bain", basin())

    assert hit.excerpt.endswith("rencontre …")


def test_search_for_nothing_finds_nothing(edition: Edition) -> None:
    assert list(mission.search("   ", basin())) == []


def test_my_visits_show_what_is_to_come(edition: Edition, daan: User) -> None:
    visits = week_of_visits(edition, 2)
    held(*visits)

    (section,) = mission.mine(daan)

    assert [item.title.value for item in section.items] == [visit.host.name for visit in visits]


def test_visits_of_several_weeks_are_a_section_each_with_its_own_link(edition: Edition, daan: User) -> None:
    other = EditionFactory(basin=basin("nord"), name_fr="Portes du Nord", name_nl="Poorten van het Noorden")
    bookings = [held(VisitFactory(edition=edition)), held(VisitFactory(edition=other, day=1))]

    sections = list(mission.mine(daan))

    assert [section.title.partition(" · ")[2] for section in sections] == [
        f"Le Grand Bain {edition.starts_on.year}",
        f"Portes du Nord {other.starts_on.year}",
    ]
    assert [len(section.items) for section in sections] == [1, 1]
    assert [_holder(section.url) for section in sections] == [booking.visitor for booking in bookings]


@pytest.mark.parametrize("number", [1, 3])
def test_my_visits_cost_the_same_however_many_weeks(
    number: int, daan: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for week in range(number):
        held(VisitFactory(edition=EditionFactory(), day=week))

    with django_assert_num_queries(3):  # seats held, places in lines, services that host
        list(mission.mine(daan))


def test_a_host_s_contact_sees_the_visits_and_the_seats_taken(edition: Edition, chantal: User) -> None:
    visit = VisitFactory(edition=edition, seats=5, host__contact_email="chantal@example.org")
    held(visit)

    with translation.override(None):
        (section,) = mission.mine(chantal)

    assert [(item.starts, item.place) for item in section.items] == [(visit.starts_at, "Seats taken: 1 of 5")]


def _holder(url: str) -> Visitor:
    found = resolve(url).kwargs
    return queries.holding(found["token"], found["basin"]).booking.visitor


def test_a_draft_waits_for_the_staff_of_its_basin(alice: User, bram: User) -> None:
    EditionFactory(state=EditionState.DRAFT)

    assert len(list(mission.tasks_for(alice))) == 1
    assert list(mission.tasks_for(bram)) == []


def test_personal_data_names_bookings_and_the_host_s_contact(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, host__contact_email="daan@example.org")
    booking = held(visit)

    records = {record.reference: record.fields for record in mission.personal_data("Daan@Example.org")}

    assert records[booking.reference]["organisation"] == "WGC"
    assert records[visit.host.name]["email"] == "daan@example.org"


def test_forgetting_erases_the_person_and_keeps_the_figures(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    held(visit)

    with time_machine.travel(visit.ends_at + dt.timedelta(days=1)):
        forgotten = mission.forget("daan@example.org")

    assert forgotten.kept == []
    assert Visitor.objects.filter(email__contains="daan").count() == 0
    assert Booking.objects.get().name == "—"
    assert Visit.objects.get(pk=visit.pk).seats_taken == 1


def test_forgetting_gives_seats_to_come_back(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    held(visit)

    mission.forget("daan@example.org")

    assert Visit.objects.get(pk=visit.pk).seats_taken == 0


def test_forgetting_keeps_the_contact_of_a_visit_to_come_and_says_why(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, host__contact_email="chantal@example.org")

    forgotten = mission.forget("chantal@example.org")

    assert [kept.what for kept in forgotten.kept] == [visit.host.name]
    assert Host.objects.get(pk=visit.host.pk).contact_email == "chantal@example.org"
