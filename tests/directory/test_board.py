"""Broad searches: the board in memory gives what the SQL statement gives, also after changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from basins.models import User
from directory.enums import Flag, Visibility
from directory.models import SearchEntry, Service
from directory.rules import indexing, records
from directory.search import finder
from directory.search.board import board, forget_board
from directory.search.finder import Answer
from directory.search.questions import Order, Question
from directory.search.reading import things_in
from tests.directory.factories import LocationFactory, OrganizationFactory
from tests.directory.search_tools import ask, found, write

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)  # a Monday, ten o'clock in Brussels


@pytest.fixture(autouse=True)
def _all_is_broad(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dozen records are few; here one hit is too many for the statement."""
    monkeypatch.setattr(finder, "BROAD", 1)


def by_sql(question: Question, lacking: int = 0) -> Answer:
    return asked(question, lacking, by_sql=True)


def by_board(question: Question, lacking: int = 0) -> Answer:
    return asked(question, lacking)


def asked(question: Question, lacking: int, *, by_sql: bool = False) -> Answer:
    """The answer where results may lack some of the things."""
    known = finder._read(question.words)
    things = things_in(known.words, known.thesaurus)
    at_least = max(len(things) - lacking, min(len(things), 1))
    answer = finder._ask(question, known, things, at_least=at_least, by_sql=by_sql)
    # PostgreSQL and Python may differ in the last digit of a root.
    answer.hits = [replace(hit, distance=hit.distance and round(hit.distance, 6)) for hit in answer.hits]
    return answer


@pytest.fixture
def a_dozen() -> list[Service]:
    """Records that differ in everything that can be chosen."""
    hours = [{"byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}]
    made = []
    for number in range(12):
        values: dict[str, Any] = {
            "terms": [f"themes:{('nursing', 'grief', 'dementia', 'screening')[number % 4]}", "audiences:children"],
            "areas": [("region", "basin:nord", "municipality:21005", "basin:sud-est")[number % 4]],
            "languages": ["fr", "nl"][: 1 + number % 2],
            "kind": ("service", "training", "right")[number % 3],
            "price": ("", "free", "paid")[number % 3],
            "home_visits": number % 2 == 0,
            "no_papers": number % 5 == 0,
            "visibility": "professionals" if number == 7 else "public",
            "schedules": hours if number % 3 == 0 else [],
        }
        if number % 4 == 1:
            values["capacity"] = {"takes_new_people": number % 8 == 1, "said_on": "2026-11-01"}
        owner = OrganizationFactory(name_fr=("Équipe", "Fiche", "Deuil")[number % 3], name_nl="Ploeg")
        if number % 3 != 1:
            place = {"latitude": 50.80 + number / 100, "longitude": 4.36} if number % 2 else {}
            LocationFactory(organization=owner, is_seat=True, postcode=("1040", "1180")[number % 2], **place)
        name = f"Fiche {number}" if number % 4 else "Soins et deuil"
        made.append(write(name, organization=owner, **values))
        Service.objects.filter(pk=made[-1].pk).update(assured_on=dt.date(2026, 1 + number % 12, 3))
    indexing.index_all()
    return made


chosen = st.fixed_dictionaries(
    {},
    optional={
        "theme": st.lists(st.sampled_from(["nursing", "health", "grief", "mental-health"]), unique=True, max_size=2),
        "served": st.lists(st.sampled_from(["1040", "1090", "1180"]), unique=True, max_size=2),
        "language": st.lists(st.sampled_from(["fr", "nl"]), unique=True, max_size=2),
        "kind": st.lists(st.sampled_from(["service", "training", "phone_line"]), unique=True, max_size=2),
        "price": st.just(["free"]),
    },
)
questions = st.builds(
    Question,
    basin=st.sampled_from([None, "nord", "sud-est"]),
    home_basin=st.sampled_from([None, "nord", "sud-est"]),
    chosen=chosen.map(lambda picked: {key: tuple(values) for key, values in picked.items()}),
    criteria=st.lists(
        st.sampled_from([Flag.HOME_VISITS, Flag.NO_PAPERS, Flag.OPEN_NOW, Flag.HAS_PLACES]), unique=True, max_size=2
    ).map(tuple),
    visible=st.sampled_from([(Visibility.PUBLIC,), tuple(Visibility)]),
    words=st.lists(
        st.sampled_from(
            ["deuil", "rouw", "fiche", "3", "équipe", "soins", "domicile", "à domicile", "1040", "enfants", "xyzzy"]
        ),
        max_size=3,
    ).map(" ".join),
    near=st.sampled_from(["", "", "1040", "1090", "9999"]),
    order=st.sampled_from(Order),
    page=st.integers(1, 3),
    per_page=st.sampled_from([3, 20]),
    now=st.just(NOW),
)


@pytest.mark.usefixtures("a_dozen")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=questions, lacking=st.integers(0, 2))
def test_the_board_answers_as_the_statement_does(question: Question, lacking: int) -> None:
    assert by_board(question, lacking) == by_sql(question, lacking)


@pytest.mark.parametrize(
    "asking",
    [{}, {"words": "deuil"}, {"words": "fiche 2"}, {"near": "1040"}, {"order": Order.FRESH}, {"words": "soins deuil"}],
)
def test_the_board_follows_each_change(alice: User, a_dozen: list[Service], asking: dict[str, Any]) -> None:
    question = Question(now=NOW, per_page=50, **asking)
    assert by_board(question) == by_sql(question)
    changed = {"home_visits": False, "terms": ["themes:grief"], "name_fr": "Fiche 2"}
    records.edit_service(service=a_dozen[0], values=changed, by=alice)
    indexing.catch_up()
    assert by_board(question) == by_sql(question)
    records.remove_service(service=a_dozen[3], by=alice)
    assert by_board(question) == by_sql(question)
    write("Deuil nouveau", terms=["themes:screening"])
    assert by_board(question) == by_sql(question)
    indexing.index_all()
    assert by_board(question) == by_sql(question)


def test_a_record_that_is_indexed_late_stands_among_its_equals_by_its_key(a_dozen: list[Service]) -> None:
    question = Question(now=NOW, per_page=50)
    SearchEntry.objects.filter(service=a_dozen[2]).delete()
    finder.find(question)
    indexing.index_all()
    forgotten = SearchEntry.objects.filter(service=a_dozen[2])
    forgotten.update(quality=0, fresh_on=None)
    SearchEntry.objects.exclude(service=a_dozen[2]).update(quality=0, fresh_on=None)
    forget_board()
    assert [hit.service for hit in by_board(question).hits] == sorted(hit.service for hit in by_sql(question).hits)


@pytest.mark.usefixtures("a_dozen")
def test_what_is_known_of_words_is_read_once_and_again_when_something_was_written(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    question = Question(words="fiche", now=NOW)
    assert by_board(question).total == 9
    with django_assert_num_queries(1):  # the words, and whether anything changed
        assert by_board(question).total == 9
    write("Fiche neuve")
    with django_assert_num_queries(4):  # the same; what was written since; what is gone; what has the words
        assert by_board(question).total == 10


@pytest.mark.usefixtures("a_dozen")
def test_who_read_the_revision_before_somebody_wrote_gets_the_newer_board() -> None:
    before = finder._read("").revision
    newest = write("Fiche neuve")
    newer = board(finder._read("").revision)
    assert board(before) is newer
    SearchEntry.objects.filter(service=newest).delete()
    assert board(before) is not newer  # numbers went back


def test_few_hits_are_left_to_the_statement(
    monkeypatch: pytest.MonkeyPatch, a_dozen: list[Service], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(finder, "BROAD", len(a_dozen))
    with django_assert_num_queries(2):  # the words; the answer
        assert by_board(Question(words="fiche", now=NOW)).total == 9


def test_what_changes_by_time_alone_is_taken_up(a_dozen: list[Service]) -> None:
    question = Question(now=NOW, order=Order.FRESH)
    finder.find(question)
    Service.objects.filter(pk=a_dozen[1].pk).update(assured_on=dt.date(2026, 12, 31))
    indexing.index_all()
    assert found(now=NOW, order=Order.FRESH)[0] == "Fiche 1"


@pytest.mark.parametrize("number", [1, 3])
def test_looking_around_asks_the_database_once(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for place in range(number):
        write(f"Fiche {place}")
    ask()
    with django_assert_num_queries(1):  # whether anything changed
        assert ask(criteria=(Flag.LOW_THRESHOLD,)).total == 0
