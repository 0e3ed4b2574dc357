"""Looking around without words: the board in memory gives what the SQL statement gives, also after changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from basins.models import User
from directory.enums import Flag, Visibility
from directory.models import Service
from directory.rules import indexing, records
from directory.search import finder
from directory.search.finder import Answer
from directory.search.questions import Order, Question
from tests.directory.search_tools import ask, found, write

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)  # a Monday, ten o'clock in Brussels


def by_sql(question: Question) -> Answer:
    return finder._ask(question, finder._read(""), [], at_least=0, by_sql=True)


def by_board(question: Question) -> Answer:
    return finder._ask(question, finder._read(""), [], at_least=0)


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
        made.append(write(f"Fiche {number}", **values))
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
    order=st.sampled_from([Order.RELEVANCE, Order.FRESH]),
    page=st.integers(1, 3),
    per_page=st.sampled_from([3, 20]),
    now=st.just(NOW),
)


@pytest.mark.usefixtures("a_dozen")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=questions)
def test_the_board_answers_as_the_statement_does(question: Question) -> None:
    assert by_board(question) == by_sql(question)


def test_the_board_follows_each_change(alice: User, a_dozen: list[Service]) -> None:
    question = Question(now=NOW, per_page=50)
    finder.find(question)
    records.edit_service(service=a_dozen[2], values={"home_visits": False, "terms": ["themes:grief"]}, by=alice)
    indexing.catch_up()
    assert by_board(question) == by_sql(question)
    records.remove_service(service=a_dozen[3], by=alice)
    assert by_board(question) == by_sql(question)
    write("Nouvelle", terms=["themes:screening"])
    assert by_board(question) == by_sql(question)
    indexing.index_all()
    assert by_board(question) == by_sql(question)


def test_what_changes_by_time_alone_is_taken_up(a_dozen: list[Service]) -> None:
    question = Question(now=NOW, order=Order.FRESH)
    finder.find(question)
    Service.objects.filter(pk=a_dozen[0].pk).update(assured_on=dt.date(2026, 12, 31))
    indexing.index_all()
    assert found(now=NOW, order=Order.FRESH)[0] == "Fiche 0"


@pytest.mark.parametrize("number", [1, 3])
def test_looking_around_asks_the_database_once(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for place in range(number):
        write(f"Fiche {place}")
    ask()
    with django_assert_num_queries(1):  # whether anything changed
        assert ask(criteria=(Flag.LOW_THRESHOLD,)).total == 0
