"""Short ways between visits in different municipalities: what counts as one, and how it is said."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from basins.models import Municipality
from opendoors import travel
from opendoors.models import Edition, Visit
from tests.opendoors.factories import EditionFactory, VisitFactory

pytestmark = pytest.mark.django_db

MORNING = ("09:00", "10:30")


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


def visit(edition: Edition, begin: str, end: str, town: str | None) -> Visit:
    """A visit in the municipality of that name; ``None``: nobody told us."""
    municipality = Municipality.objects.get(name_fr=town) if town else None
    return VisitFactory(edition=edition, begin=begin, end=end, place__municipality=municipality)


def minutes(*visits: Visit) -> list[int]:
    return [hop.minutes for hop in travel.hops(visits)]


def test_a_short_break_to_another_municipality_is_pointed_out(edition: Edition) -> None:
    here, there = visit(edition, *MORNING, "Auderghem"), visit(edition, "10:45", "12:00", "Etterbeek")

    (hop,) = travel.hops([there, here])

    assert (hop.before, hop.after, hop.minutes) == (here, there, 15)


@pytest.mark.parametrize(("begin", "expected"), [("10:30", [0]), ("11:00", [30]), ("11:01", [])])
def test_half_an_hour_is_the_longest_short_break(edition: Edition, begin: str, expected: list[int]) -> None:
    here, there = visit(edition, *MORNING, "Auderghem"), visit(edition, begin, "12:30", "Etterbeek")

    assert minutes(here, there) == expected


@pytest.mark.parametrize(
    ("one", "other"), [("Etterbeek", "Etterbeek"), ("Etterbeek", None), (None, "Etterbeek"), (None, None)]
)
def test_the_same_municipality_or_an_unknown_one_is_no_hop(
    edition: Edition, one: str | None, other: str | None
) -> None:
    here, there = visit(edition, *MORNING, one), visit(edition, "10:45", "12:00", other)

    assert minutes(here, there) == []


def test_visits_at_the_same_time_are_a_clash_and_no_hop(edition: Edition) -> None:
    here, there = visit(edition, *MORNING, "Auderghem"), visit(edition, "10:00", "12:00", "Etterbeek")

    assert minutes(here, there) == []


def test_each_hop_of_a_day_is_named(edition: Edition) -> None:
    visits = [
        visit(edition, *MORNING, "Auderghem"),
        visit(edition, "10:45", "12:00", "Etterbeek"),
        visit(edition, "12:10", "13:00", "Auderghem"),
    ]

    assert minutes(*visits) == [15, 10]


def test_a_hop_is_said_in_the_reader_s_language(edition: Edition) -> None:
    (hop,) = travel.hops([visit(edition, *MORNING, "Auderghem"), visit(edition, "10:45", "12:00", "Etterbeek")])

    with override("nl"):
        words = hop.words

    assert [words.count(part) for part in ("15", "Oudergem", "Etterbeek")] == [1, 1, 1]


@pytest.mark.parametrize(("n", "begin"), [("none", "10:30"), ("one", "10:31"), ("many", "10:45")])
def test_the_script_says_what_the_server_says(edition: Edition, n: str, begin: str) -> None:
    (hop,) = travel.hops([visit(edition, *MORNING, "Auderghem"), visit(edition, begin, "12:00", "Etterbeek")])

    template = travel.script_words("fr")[n]

    assert template.replace("%n", str(hop.minutes)).replace("%a", "Auderghem").replace("%b", "Etterbeek") == hop.words
