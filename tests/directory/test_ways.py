"""Guided ways: what is public, who answers at this hour, what is found in this place, who composes them."""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from basins.models import User
from basins.rules.people import NotYours
from directory import ways
from directory.enums import CallTime, CrisisKind
from directory.models import GuidedWay, WayStep
from directory.numbers import phone_number
from directory.reference import FACTS, load_ways
from directory.rules import ways as rules
from tests.basins.people_tools import at, sign_in, staff_session
from tests.directory.search_tools import write
from tests.factories import BRUSSELS, basin

pytestmark = pytest.mark.django_db
CRISES = ("danger-to-life", "psychic-crisis", "no-roof-tonight")


@pytest.fixture(autouse=True)
def _crises() -> None:
    load_ways()


def a_way(title: str = "Sortie de l’hôpital", **values: Any) -> GuidedWay:
    code = values.pop("basin", None)
    data = rules.WayData(title_fr=title, title_nl=f"{title} (nl)", **{"is_published": True, **values})
    return rules.save_way(way=None, basin=basin(code) if code else None, data=data, by=None)


def a_step(way: GuidedWay, question: str = "Qui vient ?", **values: Any) -> WayStep:
    data = rules.StepData(question_fr=question, question_nl="Wie komt er?", **values)
    return rules.save_step(way=way, step=None, data=data, by=None)


def page(client: Client, slug: str, *, code: str | None = "sud-est", **params: str) -> Any:
    url = at("directory:way", basin=code, problem=slug) if code else at("directory_region:way", problem=slug)
    return client.get(url, params)


def shown(answer: Any) -> list[list[tuple[str, bool]]]:
    return [[(str(card.service), is_open) for card, is_open in step["cards"]] for step in answer.context["steps"]]


# --- The crises that come along -------------------------------------------------------------------
@pytest.mark.parametrize("slug", CRISES)
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_each_crisis_has_a_page_with_numbers_to_call(greet: Client, slug: str, language: str) -> None:
    answer = greet.get(at("directory_region:way", language, problem=slug))
    assert (answer.status_code, 'href="tel:112"' in answer.text) == (200, True)


def test_their_texts_are_there_in_both_languages_and_their_numbers_work() -> None:
    for step in WayStep.objects.filter(way__slug__in=CRISES):
        assert all((step.question_fr, step.question_nl, step.words_fr, step.words_nl))
        assert phone_number(step.phone) or not step.phone


def test_they_say_that_nobody_checked_them_yet(greet: Client) -> None:
    assert page(greet, "psychic-crisis").context["way"].checked_on is None


def test_loading_again_puts_nothing_back() -> None:
    GuidedWay.objects.filter(slug="psychic-crisis").update(title_fr="Autrement")
    load_ways()
    with (FACTS / "way_steps.csv").open(encoding="utf-8", newline="") as file:
        rows = len(list(csv.DictReader(file)))
    assert GuidedWay.objects.get(slug="psychic-crisis").title_fr == "Autrement"
    assert WayStep.objects.count() == rows


# --- At this hour ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answers", "moment", "expected"),
    [
        (CallTime.ALWAYS, "2026-03-10T03:00", True),
        (CallTime.OUT_OF_HOURS, "2026-03-10T14:00", False),  # a Tuesday
        (CallTime.OUT_OF_HOURS, "2026-03-10T19:00", True),
        (CallTime.OUT_OF_HOURS, "2026-03-10T07:59", True),
        (CallTime.OUT_OF_HOURS, "2026-03-10T08:00", False),
        (CallTime.OUT_OF_HOURS, "2026-03-14T14:00", True),  # a Saturday
        (CallTime.OUT_OF_HOURS, "2026-07-21T14:00", True),  # the national holiday, a Tuesday
        (CallTime.OFFICE_HOURS, "2026-03-10T14:00", True),
        (CallTime.OFFICE_HOURS, "2026-03-10T18:00", False),
        (CallTime.UNKNOWN, "2026-03-10T14:00", None),
    ],
)
def test_who_answers_at_this_hour(answers: str, moment: str, expected: bool | None) -> None:
    now = dt.datetime.fromisoformat(moment).replace(tzinfo=BRUSSELS)
    assert ways.answers_now(answers, now) is expected


def test_what_is_open_now_comes_first(greet: Client) -> None:
    hours = {"byday": "TU", "opens_at": "09:00", "closes_at": "12:00"}
    write("Soins A", terms=["themes:nursing"], areas=["region"])
    write("Soins B", terms=["themes:nursing"], areas=["region"], schedules=[hours])
    way = a_way()
    a_step(way, query="theme=nursing")
    with time_machine.travel(dt.datetime(2026, 3, 10, 10, 0, tzinfo=BRUSSELS), tick=False):
        assert shown(page(greet, way.slug)) == [[("Soins B", True), ("Soins A", False)]]
    with time_machine.travel(dt.datetime(2026, 3, 10, 13, 0, tzinfo=BRUSSELS), tick=False):
        assert [is_open for _name, is_open in shown(page(greet, way.slug))[0]] == [False, False]


# --- In this place --------------------------------------------------------------------------------
def test_a_basin_shows_what_serves_it_and_the_region_everything(greet: Client) -> None:
    write("Ici", terms=["themes:nursing"], areas=["basin:sud-est"])
    write("Ailleurs", terms=["themes:nursing"], areas=["basin:nord"])
    way = a_way()
    a_step(way, query="theme=nursing")
    assert shown(page(greet, way.slug)) == [[("Ici", False)]]
    assert sorted(shown(page(greet, way.slug, code=None))[0]) == [("Ailleurs", False), ("Ici", False)]


def test_what_serves_the_postcode_comes_first(greet: Client) -> None:
    write("Etterbeek", terms=["themes:nursing"], areas=["municipality:21005"])
    write("Ixelles", terms=["themes:nursing"], areas=["municipality:21009"])
    way = a_way()
    a_step(way, query="theme=nursing")
    assert shown(page(greet, way.slug, code=None, near="1040"))[0][0] == ("Etterbeek", False)
    assert shown(page(greet, way.slug, code=None, near="1050"))[0][0] == ("Ixelles", False)


def test_what_is_no_postcode_is_said(greet: Client) -> None:
    assert page(greet, "psychic-crisis", near="9999").context["near_unknown"] is True


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_costs_the_same_however_many_are_found(
    greet: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for place in range(number):
        write(f"Soins {place}", terms=["themes:nursing"], areas=["region"])
    way = a_way()
    a_step(way, query="theme=nursing")
    page(greet, way.slug)
    with django_assert_num_queries(10):
        page(greet, way.slug)


# --- Which are public -----------------------------------------------------------------------------
def listed(client: Client, code: str | None = "sud-est") -> list[str]:
    url = at("directory:ways", basin=code) if code else at("directory_region:ways")
    context = client.get(url).context
    return [str(way) for way, _url in (*context["crises"], *context["others"])]


def test_a_draft_and_another_basins_page_are_not_there(greet: Client) -> None:
    draft = a_way("Brouillon", is_published=False)
    other = a_way("Nord", basin="nord")
    assert listed(greet) == ["Danger de mort", "Crise psychique", "Pas de toit cette nuit"]
    assert [page(greet, way.slug).status_code for way in (draft, other)] == [404, 404]
    assert page(greet, other.slug, code="nord").status_code == 200


def test_crises_stand_first_and_apart(greet: Client) -> None:
    a_way("Au début", position=1)
    assert listed(greet)[-1] == "Au début"


# --- The team -------------------------------------------------------------------------------------
def test_the_team_composes_a_page(alice: User, client: Client, greet: Client) -> None:
    desk = staff_session(Client(), alice)
    said = {"title_fr": "Seul à la maison", "title_nl": "Alleen thuis", "position": "50", "is_published": "on"}
    desk.post(at("directory:staff_way_new", basin="sud-est"), {**said, "everywhere": "on"})
    way = GuidedWay.objects.get(slug="seul-a-la-maison")
    step = {
        "question_fr": "Qui passe ?",
        "question_nl": "Wie komt langs?",
        "answers": "unknown",
        "phone": "02/318 60 58",
    }
    query = "https://bassin.example/fr/sud-est/directory/?q=&theme=loneliness&page=2"
    answer = desk.post(at("directory:staff_step_new", basin="sud-est", way=way.uuid), {**step, "query": query})
    assert answer.status_code == 302
    made = WayStep.objects.get(way=way)
    assert (made.query, made.phone) == ("theme=loneliness", "+3223186058")
    assert page(greet, way.slug).status_code == 200


def test_an_address_that_asks_nothing_is_refused(alice: User) -> None:
    desk = staff_session(Client(), alice)
    step = {"question_fr": "Qui ?", "question_nl": "Wie?", "answers": "unknown", "query": "https://example.org/?page=2"}
    answer = desk.post(at("directory:staff_step_new", basin="sud-est", way=a_way().uuid), step)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["query"])


def test_who_changes_a_step_has_the_page_checked_anew(alice: User) -> None:
    way = a_way()
    step = a_step(way)
    assert rules.mark_checked(way=way, by=alice, today=dt.date(2026, 3, 10)).checked_on == dt.date(2026, 3, 10)
    data = rules.StepData(question_fr="Autre ?", question_nl="Iets anders?")
    rules.save_step(way=way, step=step, data=data, by=alice)
    way.refresh_from_db()
    assert way.checked_on is None


@pytest.mark.parametrize(("name", "up", "order"), [("B", True, "BAC"), ("B", False, "ACB"), ("A", True, "ABC")])
def test_steps_are_moved(name: str, up: bool, order: str) -> None:
    way = a_way()
    steps = {each: a_step(way, each) for each in "ABC"}
    rules.move_step(step=steps[name], by=None, up=up)
    assert "".join(WayStep.objects.filter(way=way).values_list("question_fr", flat=True)) == order


def test_what_is_published_has_a_title_in_both_languages() -> None:
    with pytest.raises(rules.WayRefused):
        rules.save_way(
            way=None, basin=None, data=rules.WayData(title_fr="Seul", title_nl="", is_published=True), by=None
        )


def test_two_pages_of_one_name_have_two_addresses() -> None:
    assert [a_way("Seul").slug, a_way("Seul").slug] == ["seul", "seul-2"]


def test_a_step_does_not_lead_to_its_own_page() -> None:
    way = a_way()
    with pytest.raises(rules.WayRefused):
        a_step(way, leads_to=way)


def test_a_page_that_was_removed_leads_nowhere(alice: User) -> None:
    way, other = a_way("Un"), a_way("Deux", crisis=CrisisKind.OTHER)
    step = a_step(way, leads_to=other)
    rules.remove_way(way=other, by=alice)
    step.refresh_from_db()
    assert step.leads_to is None


def test_strangers_compose_nothing(daan: User) -> None:
    way = a_way()
    with pytest.raises(NotYours):
        rules.save_step(way=way, step=None, data=rules.StepData(question_fr="?", question_nl="?"), by=daan)
    assert sign_in(Client(), daan).get(at("directory:staff_ways", basin="sud-est")).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_teams_list_costs_the_same_however_many_pages(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    GuidedWay.objects.all().delete()
    for place in range(number):
        a_step(a_way(f"Page {place}", basin="sud-est"), query="theme=nursing")
    desk = staff_session(Client(), alice)
    desk.get(at("directory:staff_ways", basin="sud-est"))
    with django_assert_num_queries(7):  # one for the words of all searches
        desk.get(at("directory:staff_ways", basin="sud-est"))
