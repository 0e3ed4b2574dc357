"""Nothing found: each filter and each word that was understood can be dropped by one click, and is worth it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from directory.search.stems import spelled
from tests.basins.people_tools import at
from tests.directory.factories import term
from tests.directory.search_tools import ask, found, write

pytestmark = pytest.mark.django_db


def page(client: Client, language: str = "fr", **asked: Any) -> Any:
    return client.get(at("directory:search", basin="sud-est", language=language), {"all": "on", **asked})


def offered(shown: Any) -> dict[str, int]:
    return {drop.label: drop.total for drop in shown.context["drops"]}


@pytest.mark.parametrize(
    ("words", "label"),
    [("psychologue gratuit", "gratuit"), ("psycholoog Gratis", "Gratis"), ("Psychologue, tolk", "tolk")],
)
def test_a_word_that_leaves_nothing_can_be_dropped(greet: Client, words: str, label: str) -> None:
    write("Psychologue", "Psycholoog", terms=["audiences:children"], areas=["region"])
    write("Consultation sociale", no_payment=True, interpreter=True, areas=["region"])
    shown = page(greet, q=words, audience="children", **{"with": "home_visits"})
    assert shown.context["answer"].total == 0
    (chip,) = [
        chip for chip in shown.context["chips"] if chip.label == f"«\N{NO-BREAK SPACE}{label}\N{NO-BREAK SPACE}»"
    ]
    again = greet.get(f"{shown.context['address']}?{chip.query}")
    assert again.context["question"].words.casefold() == words.replace(label, "").replace(",", "").strip().casefold()
    assert again.context["question"].filters == shown.context["question"].filters


def test_each_word_says_how_many_there_are_without_it(greet: Client) -> None:
    write("Psychologue", terms=["audiences:children"], areas=["region"])
    write("Dentiste", terms=["audiences:adults"], no_payment=True, areas=["region"])
    shown = page(greet, q="dentiste gratuit", audience="children")
    assert shown.context["answer"].total == 0
    assert offered(shown) == {term_label("children"): 1, "dentiste gratuit": 1}
    dropped = {drop.label: drop.query for drop in shown.context["drops"]}
    assert greet.get(f"{shown.context['address']}?{dropped['dentiste gratuit']}").context["answer"].total == 1


def term_label(code: str) -> str:
    return str(term("audiences", code).name_fr)


def test_small_words_go_with_the_word_they_belong_to(greet: Client) -> None:
    write("Dentiste", areas=["region"])
    write("Psychologue", terms=["audiences:children"], home_visits=True, areas=["region"])
    shown = page(greet, q="dentiste à domicile", audience="children")
    assert "«\N{NO-BREAK SPACE}à domicile\N{NO-BREAK SPACE}»" in {chip.label for chip in shown.context["chips"]}
    rest = {chip.label: chip.query for chip in shown.context["chips"]}["«\N{NO-BREAK SPACE}dentiste\N{NO-BREAK SPACE}»"]
    assert greet.get(f"{shown.context['address']}?{rest}").context["question"].words == "à domicile"


def test_where_no_single_filter_helps_all_of_them_can_go(greet: Client) -> None:
    write("Dentiste", areas=["region"])
    shown = page(greet, q="dentiste", audience="children", theme="nursing")
    assert offered(shown) == {}
    assert "q=dentiste" in shown.context["words_only"]
    assert f"?{shown.context['words_only']}".replace("&", "&amp;") in shown.content.decode()
    assert greet.get(f"{shown.context['address']}?{shown.context['words_only']}").context["answer"].total == 1


def test_without_results_there_are_as_many_searches_as_things_asked(greet: Client) -> None:
    shown = page(greet, q="dentiste gratuit tolk", audience="children")
    assert [len(place) for place in shown.context["answer"].asked] == [1, 1, 1]
    assert offered(shown) == {}


@pytest.mark.parametrize("words", ["interprète", "tolk", "met tolk", "avec un interprète", "tolken", "interprétariat"])
def test_an_interpreter_is_a_criterion_by_one_word(words: str) -> None:
    write("Dentiste", interpreter=True)
    write("Psychologue")
    assert found(words) == ["Dentiste"]


@pytest.mark.parametrize("words", ["néerlandais", "en néerlandais", "nederlands", "in het Nederlands"])
def test_a_language_alone_is_a_criterion(words: str) -> None:
    write("Dentiste", languages=["nl"])
    write("Psychologue", languages=["fr"])
    assert found(words) == ["Dentiste"]


@pytest.mark.parametrize("words", ["gratuit", "gratis", "kosteloos", "sans frais"])
def test_free_of_charge_is_the_price_and_the_criterion(words: str) -> None:
    write("Dentiste", price="free")
    write("Psychologue", no_payment=True)
    write("Kiné", price="paid")
    assert set(found(words)) == {"Dentiste", "Psychologue"}


def test_words_come_back_as_they_were_typed() -> None:
    assert spelled("Kiné à l’hôpital, été 2024") == ["Kiné", "à", "l", "hôpital", "été", "2024"]
    assert spelled("") == []


def test_an_answer_knows_where_its_things_stand() -> None:
    assert [list(place) for place in ask("kiné à domicile pour enfants").asked] == [[0], [1, 2], [4]]


@pytest.mark.parametrize("words", ["dentiste ouvert maintenant", "tandarts nu open"])
def test_open_now_is_a_criterion_in_words(words: str) -> None:
    moment = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
    hours = {"byday": "MO", "opens_at": "09:00", "closes_at": "17:00"}
    with time_machine.travel(moment, tick=False):
        write("Dentiste", schedules=[hours])
        write("Dentiste du soir", schedules=[hours | {"opens_at": "18:00", "closes_at": "20:00"}])
    assert found(words, now=moment) == ["Dentiste"]
    assert ask(words, now=moment).is_exact


@pytest.mark.parametrize("words", ["dentiste sans attente", "tandarts zonder wachtlijst", "places libres"])
def test_places_free_is_a_criterion_in_words(words: str) -> None:
    moment = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
    with time_machine.travel(moment, tick=False):
        write("Dentiste", capacity={"places_free": 2, "said_on": "2026-11-20"})
        write("Dentiste complet", capacity={"waiting_weeks": 12, "said_on": "2026-11-20"})
    assert found(words, now=moment) == ["Dentiste"]
