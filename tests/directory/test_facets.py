"""Facets: what can be chosen, with counts as if the facet's own choice were not made."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.enums import Flag
from directory.search.facets import FACETS
from directory.search.finder import Answer
from tests.directory.factories import LocationFactory
from tests.directory.search_tools import ask, found, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> None:
    """Two of nursing (one at home, one in Dutch), one of grief in the whole Region."""
    write("Soins un", terms=["themes:nursing", "audiences:children"], areas=["municipality:21005"], home_visits=True)
    write("Soins deux", terms=["themes:nursing"], areas=["basin:nord"], languages=["nl"], price="free")
    write("Deuil", terms=["themes:grief"], areas=["region"], languages=["nl", "fr"], kind="phone_line")


def count(answer: Answer, facet: str, code: str) -> int:
    return answer.counts[facet][code]


@pytest.mark.usefixtures("three")
def test_values_are_counted_with_their_broader_terms() -> None:
    answer = ask()
    assert (count(answer, "theme", "health"), count(answer, "theme", "nursing")) == (2, 2)
    assert (count(answer, "theme", "mental-health"), count(answer, "language", "nl")) == (1, 2)
    assert (count(answer, "kind", "phone_line"), count(answer, "price", "free")) == (1, 1)


@pytest.mark.usefixtures("three")
def test_what_serves_the_region_serves_each_place() -> None:
    answer = ask()
    assert [count(answer, "served", code) for code in ("1040", "1090", "1180")] == [2, 2, 1]
    assert sorted(found(chosen={"served": ("1040",)})) == ["Deuil", "Soins un"]


@pytest.mark.usefixtures("three")
def test_several_values_of_a_facet_mean_any_and_leave_its_other_counts() -> None:
    answer = ask(chosen={"theme": ("nursing",)})
    assert (answer.total, count(answer, "theme", "grief"), count(answer, "language", "nl")) == (2, 1, 1)
    assert ask(chosen={"theme": ("nursing", "grief")}).total == 3


@pytest.mark.usefixtures("three")
def test_several_facets_mean_all_of_them() -> None:
    answer = ask(chosen={"theme": ("nursing",), "language": ("nl",)})
    assert (answer.total, count(answer, "theme", "grief"), count(answer, "language", "fr")) == (1, 1, 0)
    assert answer.without == {"theme": 2, "language": 2}


@pytest.mark.usefixtures("three")
def test_a_narrower_term_beside_its_broader_one_narrows_it() -> None:
    assert found(chosen={"theme": ("mental-health", "grief")}) == ["Deuil"]
    assert ask(chosen={"theme": ("health", "mental-health", "grief")}).total == 3


@pytest.mark.usefixtures("three")
def test_the_basin_is_a_filter_that_can_be_dropped() -> None:
    answer = ask(basin="nord")
    assert (answer.total, answer.without) == (2, {"basin": 3})


def test_criteria_must_all_be_met() -> None:
    write("Les deux", home_visits=True, no_papers=True)
    write("Une seule", home_visits=True)
    answer = ask(criteria=(Flag.HOME_VISITS,))
    assert (answer.total, count(answer, "with", "no_papers")) == (2, 1)
    assert found(criteria=(Flag.HOME_VISITS, Flag.NO_PAPERS)) == ["Les deux"]


def test_step_free_access_is_that_of_a_place() -> None:
    for name, step_free in [("Oui", True), ("Non", False), ("Inconnu", None)]:
        place = LocationFactory(step_free=step_free)
        write(name, organization=place.organization, places=[str(place.uuid)])
    assert found(criteria=(Flag.STEP_FREE,)) == ["Oui"]


def test_places_fade_after_six_weeks() -> None:
    write("A dit oui", capacity={"takes_new_people": True, "said_on": "2026-11-01"})
    write("A dit non", capacity={"takes_new_people": False, "said_on": "2026-11-01"})
    soon, late = dt.datetime(2026, 11, 20, tzinfo=dt.UTC), dt.datetime(2027, 1, 20, tzinfo=dt.UTC)
    assert found(criteria=(Flag.HAS_PLACES,), now=soon) == ["A dit oui"]
    assert found(criteria=(Flag.HAS_PLACES,), now=late) == []
    assert count(ask(now=soon), "with", "has_places") == 1


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (dt.datetime(2026, 11, 23, 8, 30, tzinfo=dt.UTC), True),  # Monday, half past nine in Brussels
        (dt.datetime(2026, 11, 23, 7, 30, tzinfo=dt.UTC), False),
        (dt.datetime(2026, 7, 6, 7, 30, tzinfo=dt.UTC), True),  # in summer two hours ahead
        (dt.datetime(2026, 11, 24, 8, 30, tzinfo=dt.UTC), False),
        (dt.datetime(2026, 11, 27, 23, 30, tzinfo=dt.UTC), True),  # the night from Friday to Saturday
        (dt.datetime(2026, 11, 28, 4, 0, tzinfo=dt.UTC), False),
    ],
)
def test_open_now_is_by_the_clock_of_brussels(moment: dt.datetime, is_open: bool) -> None:
    hours = [
        {"byday": "MO", "opens_at": "09:00", "closes_at": "12:00"},
        {"byday": "FR", "opens_at": "22:00", "closes_at": "04:00"},
    ]
    with time_machine.travel(dt.datetime(2026, 6, 1, tzinfo=dt.UTC), tick=False):
        write("Garde", schedules=hours)
    assert (ask(criteria=(Flag.OPEN_NOW,), now=moment).total == 1) is is_open


def test_a_record_that_does_not_say_whom_it_serves_is_found_where_it_stands() -> None:
    place = LocationFactory(postcode="1040")
    write("Muet", organization=place.organization, places=[str(place.uuid)])
    assert (ask(basin="sud-est").total, ask(basin="nord").total) == (1, 0)


CHOICES: dict[str, list[str]] = {
    "theme": ["nursing", "grief", "health", "mental-health"],
    "served": ["1040", "1090"],
    "language": ["nl", "fr"],
    "kind": ["service", "phone_line"],
    "price": ["free"],
}


@pytest.mark.usefixtures("three")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.fixed_dictionaries(
        {}, optional={key: st.lists(st.sampled_from(each), unique=True, min_size=1) for key, each in CHOICES.items()}
    )
)
def test_every_count_is_what_choosing_that_value_alone_would_give(chosen: dict[str, list[str]]) -> None:
    question = {key: tuple(values) for key, values in chosen.items()}
    answer = ask(chosen=question)
    for facet in FACETS:
        for code in CHOICES.get(facet.key, ()):
            assert count(answer, facet.key, code) == ask(chosen={**question, facet.key: (code,)}).total
    for key in question:
        rest = {name: values for name, values in question.items() if name != key}
        assert answer.without[key] == ask(chosen=rest).total
