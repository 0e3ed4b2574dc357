"""The pages of the figures: the team's, everybody's, and editions side by side."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from basins.models import User
from basins.rules.people import NotYours
from opendoors import figure_charts
from opendoors import figures as counting
from opendoors.editions_beside import side_by_side
from opendoors.enums import Attendance, EditionState
from opendoors.errors import HostingError
from opendoors.models import Edition, PastEdition
from opendoors.past_editions import load_past_editions
from opendoors.rules import past
from opendoors.rules.past import PastEditionData
from tests.basins.people_tools import at, staff_session
from tests.factories import basin
from tests.opendoors.evaluation_tools import came, past_edition, present, said
from tests.opendoors.factories import VisitFactory, week_of_visits
from tests.opendoors.staff_tools import page

pytestmark = pytest.mark.django_db

ROW = PastEditionData(
    name_fr="Bobbel Nord",
    name_nl="Bobbel Noord",
    starts_on=dt.date(2024, 3, 4),
    ends_on=dt.date(2024, 3, 8),
    hosts=12,
    source="rapport 2024",
)


@pytest.fixture
def edition() -> Edition:
    return past_edition(slug="2026", state=EditionState.EVALUATED)


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override(None):
        yield


def crowd(edition: Edition, number: int, **fields: str) -> None:
    visit = VisitFactory(edition=edition, seats=number + 2)
    for each in range(number):
        present(visit, f"{each}@example.org", **fields)


def public(name: str = "figures", **kwargs: str) -> str:
    return at(f"opendoors:{name}", "fr", **{"basin": "sud-est", **kwargs})


# --- One edition ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [state for state in EditionState if state != EditionState.EVALUATED])
def test_before_the_evaluation_nobody_sees_figures(greet: Client, state: str) -> None:
    past_edition(slug="2026", state=state)

    assert greet.get(public(slug="2026")).status_code == 404


def test_everybody_sees_the_figures_of_an_evaluated_week(greet: Client, edition: Edition) -> None:
    crowd(edition, 8)

    figures = greet.get(public(slug="2026")).context["figures"]

    assert (figures.visits, figures.booked, figures.visitors) == (1, 8, 8)
    assert figures.present is None  # of eight, eight: it would say that nobody stayed away


def test_no_small_count_is_on_the_public_page(greet: Client, edition: Edition) -> None:
    crowd(edition, 3, sector="health")

    answer = greet.get(public(slug="2026"))

    charts = answer.context["charts"] + answer.context["answer_charts"]
    of_people = [row.bars[-1].value for chart in charts for row in chart.rows]
    assert set(of_people) == {None}


def test_quotes_stand_in_their_own_language(greet: Client, edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    said(present(visit), best="Heel warm onthaal.", language="nl", may_quote=True, is_quoted=True)
    said(present(visit, "greet@example.org"), best="Pas pour le public.", language="fr", may_quote=True)

    html = greet.get(public(slug="2026")).content.decode()

    assert '<blockquote class="lead" lang="nl"><p>Heel warm onthaal.</p></blockquote>' in html
    assert "Pas pour le public." not in html


def test_a_quote_is_no_markup(greet: Client, edition: Edition) -> None:
    said(present(VisitFactory(edition=edition)), best="<b>x</b>", may_quote=True, is_quoted=True)

    assert "&lt;b&gt;x&lt;/b&gt;" in greet.get(public(slug="2026")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_public_page_costs_the_same_however_much_there_is(
    number: int, greet: Client, edition: Edition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for visit in week_of_visits(edition, number):
        said(present(visit, f"{visit.pk}@example.org"), best="Bien.", may_quote=True, is_quoted=True)

    greet.get(public(slug="2026"))  # the frame of the pages is read once

    # edition; visits, seats, bookings, visitors, lines; answers, visitors asked, hosts asked; quotes
    with django_assert_num_queries(10):
        greet.get(public(slug="2026"))


def test_the_team_sees_small_counts_at_any_time(client: Client, alice: User) -> None:
    edition = past_edition(slug="2026")
    crowd(edition, 2)

    answer = staff_session(client, alice).get(page("staff_figures", slug="2026"))

    assert (answer.context["figures"].visitors, answer.context["is_public"]) == (2, False)


def test_the_team_takes_the_figures_away_as_a_table(client: Client, alice: User, edition: Edition) -> None:
    crowd(edition, 2)

    answer = staff_session(client, alice).get(page("staff_figures_csv", "nl", slug="2026"))

    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert {len(row) for row in rows} == {4}
    assert [row[3] for row in rows[1:6]] == ["1", "1", "0", "4", "2"]  # hosts, visits, called off, seats, taken


# --- Charts --------------------------------------------------------------------------------------


def test_charts_say_what_they_find(english: None, edition: Edition) -> None:
    day_one, day_two = week_of_visits(edition, 2, seats=12)
    for number in range(6):
        came(day_one, f"{number}@example.org", attendance=Attendance.PRESENT if number else "")
    came(day_two, "7@example.org")

    charts = figure_charts.charts_of(counting.of_edition(edition))

    assert [chart.finding.split(": lun")[0] for chart in charts] == [
        "Most seats taken",
        "French: 7 seats taken out of 24",
        "Visitors by their field of work",
        "Dutch: 7 visitors, the largest group",
        "5 people out of 7 were seen",
    ]


def test_of_two_days_with_as_many_seats_taken_none_is_in_the_title(english: None, edition: Edition) -> None:
    for number, visit in enumerate(week_of_visits(edition, 2, seats=12)):
        came(visit, f"{number}@example.org")

    charts = figure_charts.charts_of(counting.of_edition(edition))

    assert charts[0].finding == "Seats and people per day"


def test_what_nobody_said_is_no_headline(english: None, edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=12)
    for number in range(3):
        came(visit, f"{number}@example.org")
    came(visit, "nurse@example.org", sector="health")

    charts = figure_charts.charts_of(counting.of_edition(edition))

    (fields,) = [chart for chart in charts if chart.measure == "Visitors by their field of work"]
    assert fields.finding == "Health care: 1 visitor, the largest group"


def test_a_count_that_is_not_published_is_said_to_be_hidden(english: None, edition: Edition) -> None:
    crowd(edition, 3)

    charts = figure_charts.charts_of(counting.for_everybody(counting.of_edition(edition)))

    assert {row.bars[-1].said for chart in charts for row in chart.rows} == {"not shown"}


def test_many_hidden_parts_are_one_row(english: None, edition: Edition) -> None:
    for day, sector in enumerate(("health", "social")):
        visit = VisitFactory(edition=edition, day=day, seats=9)
        for number in range(9 - day):
            came(visit, f"{sector}{number}@example.org", sector=sector)

    charts = figure_charts.charts_of(counting.for_everybody(counting.of_edition(edition)))

    (fields,) = [chart for chart in charts if chart.measure == "Visitors by their field of work"]
    assert [(row.label, row.bars[0].said) for row in fields.rows] == [("Health care", "9"), ("the others", "not shown")]


# --- Side by side --------------------------------------------------------------------------------


def test_earlier_editions_came_with_the_platform() -> None:
    rows = {(row.basin.code, row.starts_on.year): (row.hosts, row.visitors) for row in PastEdition.objects.all()}

    assert rows == {
        ("sud-est", 2024): (52, None),
        ("sud", 2024): (None, None),
        ("nord-est", 2025): (24, 79),
        ("centre-ouest", 2025): (44, 132),
        ("sud-est", 2025): (None, None),
        ("sud", 2025): (None, None),
        ("nord", 2025): (None, None),
    }


def test_loading_them_again_puts_nothing_back() -> None:
    PastEdition.objects.filter(visitors=79).update(visitors=80)

    load_past_editions()

    assert (PastEdition.objects.count(), PastEdition.objects.filter(visitors=80).count()) == (7, 1)


def test_ours_stand_beside_them_in_order_of_time(edition: Edition) -> None:
    crowd(edition, 8)
    past_edition(state=EditionState.RUNNING)

    rows = side_by_side()

    assert [row.starts_on for row in rows] == sorted(row.starts_on for row in rows)
    assert [(row.visitors, row.made, row.hosts) for row in rows if row.url] == [(8, None, 1)]


def test_who_was_seen_is_counted_where_it_says_nothing_of_the_others(edition: Edition) -> None:
    crowd(edition, 8)
    for number in range(6):
        came(VisitFactory(edition=edition, day=1), f"absent-{number}@example.org", attendance=Attendance.ABSENT)

    (row,) = [row for row in side_by_side() if row.url]

    assert (row.made, row.made_hidden) == (8, False)


def test_nobody_noted_who_came_is_not_zero(edition: Edition) -> None:
    came(VisitFactory(edition=edition))

    (row,) = [row for row in side_by_side() if row.url]

    assert (row.made, row.made_hidden, row.visitors, row.visitors_hidden) == (None, False, None, True)


def test_a_week_on_both_lists_stands_there_once() -> None:
    past_edition(starts_on=dt.date(2025, 11, 3), ends_on=dt.date(2025, 11, 7), state=EditionState.EVALUATED)

    rows = [row for row in side_by_side() if (row.basin_code, row.starts_on) == ("sud-est", dt.date(2025, 11, 3))]

    assert [bool(row.url) for row in rows] == [True]


def test_the_page_says_what_nobody_counted(greet: Client) -> None:
    html = greet.get(public("figures_all")).content.decode()

    assert html.count('class="none"') == 9  # four without hosts, five without visitors


@pytest.mark.parametrize("number", [1, 3])
def test_side_by_side_costs_the_same_however_many(
    number: int, greet: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(number):
        crowd(past_edition(state=EditionState.EVALUATED), 2)

    with django_assert_num_queries(3):  # attendance, our editions, earlier editions
        side_by_side()


def test_the_page_of_all_editions_is_counted_once_for_many_readers(
    greet: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    greet.get(public("figures_all"))

    with django_assert_num_queries(0):
        greet.get(public("figures_all"))


# --- Earlier editions, kept by the team ----------------------------------------------------------


def test_the_team_writes_an_earlier_edition_down(bram: User) -> None:
    row = past.keep(basin=basin("nord"), data=ROW, by=bram)

    assert (row.hosts, row.visitors, str(row)) == (12, None, "Bobbel Nord (2024)")


def test_the_team_of_another_basin_writes_nothing(alice: User) -> None:
    with pytest.raises(NotYours):
        past.keep(basin=basin("nord"), data=ROW, by=alice)


def test_a_week_is_written_down_once(bram: User) -> None:
    past.keep(basin=basin("nord"), data=ROW, by=bram)

    with pytest.raises(HostingError):
        past.keep(basin=basin("nord"), data=ROW, by=bram)


def test_the_back_office_keeps_empty_counts_empty(client: Client, alice: User) -> None:
    row = PastEdition.objects.get(basin__code="sud-est", starts_on=dt.date(2024, 12, 2))
    desk = staff_session(client, alice)
    fields = {
        "name_fr": "Le Grand Bain",
        "name_nl": "Het Grote Bad",
        "starts_on": "2024-12-02",
        "ends_on": "2024-12-06",
        "hosts": "52",
        "visits": "73",
        "seats": "938",
        "visitors": "131",
        "made": "",
        "source": "rapport",
    }

    desk.post(at("admin:opendoors_pastedition_change", object_id=row.pk), fields)

    assert PastEdition.objects.values_list("visitors", "made", "source").get(pk=row.pk) == (131, None, "rapport")


def test_the_back_office_shows_own_editions_alone(client: Client, alice: User) -> None:
    answer = staff_session(client, alice).get(at("admin:opendoors_pastedition_changelist"))

    assert {row.basin.code for row in answer.context["cl"].result_list} == {"sud-est"}


def test_what_was_written_by_mistake_can_go(bram: User) -> None:
    row = past.keep(basin=basin("nord"), data=ROW, by=bram)

    past.remove(row=row, by=bram)

    assert not PastEdition.objects.filter(pk=row.pk).exists()
