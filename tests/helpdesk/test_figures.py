"""The desk's figures: counts, medians and nine of ten in working time; each row opens its tickets; as a table."""

from __future__ import annotations

import csv
import datetime as dt
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from basins.models import Municipality, User
from basins.rights import Role
from core.spoken import BRUSSELS
from directory.models import TaxonomyTerm
from helpdesk import figures
from helpdesk.enums import Channel, Outcome, TicketState
from helpdesk.figures import Delays, percentile
from helpdesk.models import Ticket, WaitingPause
from tests.basins.people_tools import staff_session
from tests.factories import basin, grant
from tests.helpdesk.desk_tools import page
from tests.helpdesk.factories import AskerFactory, TicketFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 13, 16, 0, tzinfo=BRUSSELS)
MONDAY = dt.datetime(2026, 5, 11, 9, 0, tzinfo=BRUSSELS)
YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    return staff_session(client, alice)


def answered(minutes: int, **more: Any) -> Ticket:
    """A ticket of Monday morning that was answered after so many minutes, some of them at night."""
    return TicketFactory(
        received_at=MONDAY,
        first_answered_at=MONDAY + dt.timedelta(minutes=minutes),
        state=TicketState.ANSWERED,
        **more,
    )


def part(counted: figures.Figures, name: str, value: str) -> figures.Part:
    return next(each for each in counted.parts[name] if each.value == value)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60), st.integers(1, 100))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values: list[int], share: int) -> None:
    ordered = sorted(values)

    found = percentile(ordered, share)

    assert found in values
    assert sum(value <= (found or 0) for value in values) * 100 >= share * len(values)
    assert sum(value < (found or 0) for value in values) * 100 < share * len(values)


def test_of_nothing_there_is_no_percentile() -> None:
    assert percentile([], 50) is None


def test_delays_are_working_time_without_the_pauses(alice: User) -> None:
    answered(60)
    over_night = answered(24 * 60 + 30)  # Tuesday 9.30: a day of eight hours and a half hour
    WaitingPause.objects.create(ticket=over_night, started_at=MONDAY, ended_at=MONDAY + dt.timedelta(hours=3))
    TicketFactory(received_at=MONDAY)

    counted = figures.of_period(alice, "sud-est", *YEAR)

    assert (counted.number, counted.delays) == (3, Delays(2, 60, 330))


def test_what_was_merged_counts_where_it_went(alice: User) -> None:
    whole = answered(60)
    TicketFactory(
        received_at=MONDAY, state=TicketState.CLOSED, outcome=Outcome.MERGED, closed_at=NOW, merged_into=whole
    )

    assert figures.of_period(alice, "sud-est", *YEAR).number == 1


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        (dt.datetime(2026, 4, 30, 23, 59, tzinfo=BRUSSELS), 0),
        (dt.datetime(2026, 5, 1, 0, 0, tzinfo=BRUSSELS), 1),
        (dt.datetime(2026, 5, 31, 23, 59, tzinfo=BRUSSELS), 1),
        (dt.datetime(2026, 6, 1, 0, 0, tzinfo=BRUSSELS), 0),
    ],
)
def test_both_days_of_the_period_are_in_it(alice: User, moment: dt.datetime, counts: int) -> None:
    TicketFactory(received_at=moment)

    assert figures.of_period(alice, "sud-est", dt.date(2026, 5, 1), dt.date(2026, 5, 31)).number == counts


def test_parts_are_counted_the_largest_first_and_the_unsaid_last(alice: User) -> None:
    one, other = TaxonomyTerm.objects.filter(taxonomy__code="themes", is_active=True)[:2]
    for theme in (None, None, None, one, other, other):
        answered(30, theme=theme, channel=Channel.PHONE)

    counted = figures.of_period(alice, "sud-est", *YEAR)

    assert [(each.value, each.number) for each in counted.parts["theme"]] == [
        *((other.code, 2), (one.code, 1), ("none", 3)),
    ]
    assert part(counted, "channel", "phone").delays == Delays(6, 30, 30)


def test_another_helpdesks_tickets_are_not_counted(alice: User) -> None:
    TicketFactory(basin=basin("nord"))

    assert figures.of_period(alice, "nord", *YEAR).number == 0
    assert figures.of_period(alice, None, *YEAR).number == 0


def test_counting_anew_waits_some_minutes(desk: Client, alice: User) -> None:
    assert figures.of_period(alice, "sud-est", *YEAR).number == 0
    answered(60)

    assert figures.of_period(alice, "sud-est", *YEAR).number == 0
    caches["shared"].clear()
    assert figures.of_period(alice, "sud-est", *YEAR).number == 1


# --- The page ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "words"), [("fr", "Le helpdesk en chiffres"), ("nl", "De helpdesk in cijfers")])
def test_the_page_in_both_languages(desk: Client, language: str, words: str) -> None:
    answered(24 * 60)

    shown = desk.get(page("staff_figures", language)).content.decode()

    assert words in shown
    assert {"fr": "1 jour ouvrable", "nl": "1 werkdag"}[language] in shown


def test_with_nothing_to_count_it_says_so(desk: Client) -> None:
    assert "Aucune demande ces jours-là" in desk.get(page("staff_figures")).content.decode()


def test_each_row_opens_as_many_tickets_as_it_counts(desk: Client) -> None:
    theme = TaxonomyTerm.objects.filter(taxonomy__code="themes", is_active=True)[0]
    audience = TaxonomyTerm.objects.filter(taxonomy__code="audiences", is_active=True)[0]
    answered(30, theme=theme, audience=audience, municipality=Municipality.objects.first(), channel=Channel.MAIL)
    answered(60, asker=AskerFactory(profession=""), helped="yes", helped_at=NOW)
    TicketFactory(received_at=MONDAY, state=TicketState.CLOSED, outcome=Outcome.SOLVED, closed_at=NOW)
    TicketFactory(received_at=MONDAY - dt.timedelta(days=400))  # not of this year

    tables = desk.get(page("staff_figures")).context["tables"]
    rows = [row for table in tables for row in table["rows"]]

    assert len(tables) == 8
    for row in rows:
        opened = desk.get(row["url"])
        assert (row["url"], opened.context["page"].paginator.count) == (row["url"], row["number"])


def test_both_helpdesks_of_one_person_are_counted_apart_and_together(desk: Client, alice: User) -> None:
    grant(alice, Role.HELPDESK_AGENT, "nord")
    answered(30)
    answered(30, basin=basin("nord"))

    ours = desk.get(page("staff_figures")).context
    all_of_them = desk.get(page("staff_figures"), {"all": "on"}).context

    assert (ours["figures"].number, all_of_them["figures"].number) == (1, 2)
    assert [row["number"] for row in all_of_them["tables"][0]["rows"]] == [1, 1]


@pytest.mark.parametrize(
    "asked", [{"since": "x"}, {"since": "2027-01-01", "until": "2026-01-01"}, {"until": "1999-01-01"}]
)
def test_days_that_make_no_sense_are_put_in_order(desk: Client, asked: dict[str, str]) -> None:
    assert desk.get(page("staff_figures"), asked).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_many(
    desk: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(number):
        answered(30 + place, municipality=Municipality.objects.all()[place])
    desk.get(page("staff_figures"))
    caches["shared"].clear()

    with django_assert_num_queries(9):
        desk.get(page("staff_figures"))


def test_the_table_has_a_line_for_each_number(desk: Client) -> None:
    answered(90, channel=Channel.PHONE)

    response: Any = desk.get(page("staff_figures_csv", "nl"))
    lines = list(csv.reader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig")), delimiter=";"))

    assert lines[1] == ["Alle vragen", "", "1", "1", "90", "90"]
    assert ["Langs welke weg", "per telefoon", "1", "1", "90", "90"] in lines
