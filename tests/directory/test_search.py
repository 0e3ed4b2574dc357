"""Search: both languages at once, any form of a word, synonyms, typos, the order, and what is not shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from basins.models import User
from directory.enums import Visibility
from directory.models import SearchEntry, SearchWord, Service
from directory.rules import indexing, merging, records, terms
from directory.rules.terms import TermData
from directory.search import finder
from directory.search.questions import Order
from tests.directory.factories import LocationFactory, OrganizationFactory, term
from tests.directory.search_tools import ask, found, names, write

pytestmark = pytest.mark.django_db


# --- Words ----------------------------------------------------------------------------------------
def test_a_french_word_finds_a_record_that_is_in_dutch_alone() -> None:
    write(name_nl="Praktijk Zonneweg", short_description_nl="Een kinesist komt langs.")
    assert found("kinésithérapeute") == ["Praktijk Zonneweg"]


def test_a_dutch_word_finds_a_record_that_carries_the_term_alone() -> None:
    write("Cabinet du Parc", terms=["themes:physiotherapy"])
    assert found("kinesitherapeut") == ["Cabinet du Parc"]


@pytest.mark.parametrize(
    "typed", ["infirmière", "INFIRMIERES", "infirmieres", "infirmier", "verpleegster", "verplegers"]
)
def test_accents_capitals_and_plurals_do_not_matter(typed: str) -> None:
    write("Infirmières du quartier", terms=["themes:nursing"])
    assert found(typed) == ["Infirmières du quartier"]


@pytest.mark.parametrize("typed", ["ergo", "ergoth", "logo ergo"])
def test_the_beginning_of_a_word_is_enough(typed: str) -> None:
    write("Ergothérapie et logopédie")
    assert found(typed) == ["Ergothérapie et logopédie"]


def test_all_that_is_asked_for_must_be_there() -> None:
    write("Psychologue au cabinet")
    write("Psychologue qui se déplace", home_visits=True)
    assert found("psychologue à domicile") == ["Psychologue qui se déplace"]


def test_one_word_of_a_turn_is_not_the_turn() -> None:
    write("Psychologue de la Maison", name_nl="Psycholoog van het Huis")
    write("Psychologue mobile", home_visits=True)
    assert found("psychologue à domicile") == ["Psychologue mobile"]
    assert found("psycholoog aan huis")[0] == "Psychologue mobile"


def test_a_place_that_is_typed_is_a_place_served() -> None:
    write("Dentiste du Nord", areas=["basin:nord"])
    write("Dentiste d’ailleurs", areas=["municipality:21005"])
    assert found("dentiste etterbeek") == ["Dentiste d’ailleurs"]
    assert found("tandarts jette") == ["Dentiste du Nord"]


def test_small_words_do_not_count() -> None:
    write("Repas pour les aînés")
    assert ask("des repas chez les aînés").is_exact
    assert ask("des repas chez les aînés de la ville").missing == 1  # the town counts


def test_small_words_alone_are_looked_for() -> None:
    write("Chez nous")
    assert found("chez nous") == ["Chez nous"]


def test_a_former_name_still_finds_the_record() -> None:
    write("La Nouvelle Maison", former_names=["Het Oude Huis"])
    assert found("oude huis") == ["La Nouvelle Maison"]


def test_the_name_of_a_merged_organisation_finds_the_records(alice: User) -> None:
    old, new = OrganizationFactory(name_fr="Vieille Asbl"), OrganizationFactory(name_fr="Grande Asbl")
    write("Permanence", organization=new)
    merging.merge_organizations(organizations=[old], into=new, by=alice)
    indexing.catch_up()
    assert found("vieille asbl") == ["Permanence"]


def test_a_new_synonym_counts_at_once(alice: User) -> None:
    write("Cabinet", terms=["themes:dental-care"])
    assert ask("quenottes").total == 0
    row = term("themes", "dental-care")
    data = TermData(code=row.code, name_fr="Soins dentaires", name_nl="Tandzorg", synonyms_fr=("quenottes",))
    terms.save_term(taxonomy=row.taxonomy, term=row, data=data, parent=row.parent, by=alice)
    assert found("quenottes") == ["Cabinet"]


# --- Typos, and when nothing has all of it --------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("psycologue", "psychologue"),
        ("psychologeu", "psychologue"),
        ("kinesiterapeut", "kinesitherapeut"),
        ("tandarst", "tandarts"),
        ("dantiste", "dentiste"),
    ],
)
def test_a_typo_is_put_right_and_that_is_said(typed: str, meant: str) -> None:
    write("Psychologue, dentiste, kiné", terms=["themes:physiotherapy", "themes:chronic-illness", "themes:dental-care"])
    indexing.index_all()
    answer = ask(typed)
    assert (names(answer), answer.meant) == (["Psychologue, dentiste, kiné"], {typed: meant})


def test_what_has_most_is_shown_when_nothing_has_all() -> None:
    write("Psychologue au cabinet")
    answer = ask("psychologue trapéziste")
    assert (names(answer), answer.missing, answer.is_exact) == (["Psychologue au cabinet"], 1, False)


def test_nonsense_finds_nothing() -> None:
    write("Psychologue")
    answer = ask("zzzqqq")
    assert (answer.total, answer.matched, answer.meant) == (0, 0, {})


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "'",
            "''",
            "\\",
            "a & | ! <-> b",
            "':*",
            "%s %(x)s",
            "$$; DROP TABLE",
            "(((",
            "!!!",
            "<script>",
            "🙂",
            "\u202e",
        ),
        *("a" * 5000, "é" * 300, "x " * 500, "0" * 80, "ﬃ ﷺ", "-- ;", "*", ":A", "_", "'un'deux'", "l’eau d'ici"),
    ],
)
def test_hostile_words_do_no_harm(typed: str) -> None:
    write("Psychologue")
    assert isinstance(ask(typed).total, int)


# --- Order ----------------------------------------------------------------------------------------
def test_names_come_before_terms_and_terms_before_texts() -> None:
    write("Entre autres", description_fr="On y parle aussi de démence.")
    write("Accueil", terms=["themes:dementia"])
    write("Café démence")
    assert found("démence") == ["Café démence", "Accueil", "Entre autres"]


def test_the_whole_name_comes_first() -> None:
    write("La Maison ouverte de Forest")
    write("Maison ouverte")
    assert found("maison ouverte")[0] == "Maison ouverte"


def test_what_serves_the_place_comes_before_what_stands_near_it() -> None:
    near = LocationFactory(postcode="1040")
    write("Tout près", organization=near.organization, places=[str(near.uuid)], areas=["municipality:21010"])
    write("Vient chez vous", areas=["municipality:21005"])
    assert found("", near="1040") == ["Vient chez vous", "Tout près"]


def test_records_can_be_sorted_by_distance() -> None:
    for name, postcode in [("Loin", "1180"), ("Près", "1040"), ("Entre deux", "1050")]:
        place = LocationFactory(postcode=postcode)
        write(name, organization=place.organization, places=[str(place.uuid)])
    write("Nulle part")
    answer = ask(near="1040", order=Order.DISTANCE)
    assert names(answer) == ["Près", "Entre deux", "Loin", "Nulle part"]
    assert [hit.distance is None for hit in answer.hits] == [False, False, False, True]


def test_records_can_be_sorted_by_freshness() -> None:
    for name, day in [("Vieux", dt.date(2024, 1, 1)), ("Frais", dt.date(2026, 11, 1))]:
        Service.objects.filter(pk=write(name).pk).update(assured_on=day)
    write("Jamais")
    indexing.index_all()
    assert found(order=Order.FRESH) == ["Frais", "Vieux", "Jamais"]


def test_pages_hold_what_is_left() -> None:
    for number in range(5):
        write(f"Fiche {number}")
    pages = [found("fiche", per_page=2, page=page) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert len({name for page in pages for name in page}) == 5


# --- Who sees what --------------------------------------------------------------------------------
def test_strangers_find_what_is_public_alone() -> None:
    write("Pour tous")
    write("Pour professionnels", visibility="professionals")
    write("Sur envoi", visibility="on_referral")
    assert found() == ["Pour tous"]
    assert sorted(found(visible=tuple(Visibility))) == ["Pour professionnels", "Pour tous", "Sur envoi"]


def test_the_address_of_a_shelter_finds_nothing() -> None:
    place = LocationFactory(street_fr="Rue Cachée 3", postcode="1082", hides_address=True)
    made = write("Refuge", organization=place.organization, places=[str(place.uuid)])
    assert found("cachée") == []
    assert found("1082") == ["Refuge"]  # it does not say whom it serves, so it counts for all
    assert SearchEntry.objects.get(service=made).latitude is None


def entries() -> list[dict[str, Any]]:
    """All entries, without the number of their writing."""
    return [{name: value for name, value in row.items() if name != "revision"} for row in SearchEntry.objects.values()]


# --- The index follows ----------------------------------------------------------------------------
def test_a_change_is_in_the_index_when_its_transaction_is_over(
    alice: User, django_capture_on_commit_callbacks: object
) -> None:
    made = write("Ancien nom")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # the fixture's own type
        records.edit_service(service=made, values={"name_fr": "Autre chose"}, by=alice)
    assert (found("ancien"), found("autre chose")) == ([], ["Autre chose"])


def test_a_removed_record_is_gone_from_the_index(alice: User) -> None:
    records.remove_service(service=write("Éphémère"), by=alice)
    assert found("éphémère") == []


def test_the_index_can_be_made_anew() -> None:
    write("Psychologue")
    before = entries()
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    assert indexing.index_all() == 1
    assert entries() == before
    assert ask("psycologue").meant == {"psycologue": "psychologue"}


def test_more_than_a_person_waits_for_is_left_to_the_clock() -> None:
    write("Un")
    SearchEntry.objects.all().delete()
    assert indexing.catch_up(at_most=0) == 0
    assert indexing.catch_up() == 1


def test_hours_that_begin_within_the_week_are_indexed_by_the_clock() -> None:
    hours = [{"byday": "MO", "opens_at": "09:00", "closes_at": "17:00", "valid_from": "2026-11-23"}]
    with time_machine.travel(dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC), tick=False):
        made = write("Bientôt", schedules=hours)
    assert SearchEntry.objects.get().open_week is None
    with time_machine.travel(dt.datetime(2026, 11, 17, 1, tzinfo=dt.UTC), tick=False):
        assert indexing.index_changed_by_time(dt.date(2026, 11, 17)) == 1
    assert SearchEntry.objects.get(service=made).open_week is not None


# --- Cost -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 3])
def test_a_search_is_two_queries(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for place in range(number):
        write(f"Psychologue {place}")
    ask("psychologue")  # the thesaurus is kept from the first time on
    finder.forget_answers()
    with django_assert_num_queries(2):  # the words with their stems; the answer with all its counts
        assert ask("psychologue").total == number
    with django_assert_num_queries(1):  # the same again: whether anything changed since
        assert ask("psychologue").total == number


def test_a_kept_answer_is_not_given_once_a_record_changed(alice: User) -> None:
    made = write("Psychologue")
    assert found("psychologue") == ["Psychologue"]
    records.edit_service(service=made, values={"name_fr": "Dentiste"}, by=alice)
    indexing.catch_up()
    assert ask("psychologue").total == 0


def test_a_kept_answer_is_not_given_once_a_record_is_gone(alice: User) -> None:
    made = write("Psychologue")
    assert ask().total == 1
    records.remove_service(service=made, by=alice)
    assert ask().total == 0


def test_a_kept_answer_is_not_given_to_others() -> None:
    write("Pour professionnels", visibility="professionals")
    assert (ask(visible=tuple(Visibility)).total, ask().total) == (1, 0)


def test_a_rebuilt_entry_is_the_same_entry() -> None:
    made = write("Psychologue", terms=["themes:grief"], areas=["region"], home_visits=True)
    before = entries()
    Service.objects.filter(pk=made.pk).update(changed_seq=made.changed_seq)
    indexing.index_all()
    assert entries() == before
