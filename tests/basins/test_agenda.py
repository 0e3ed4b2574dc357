"""The common calendar and its feed, which loop over the registry."""

from __future__ import annotations

import datetime as dt
from typing import Any

import icalendar
import pytest
import time_machine
from django.test import Client

from basins.missions import AgendaItem, Mission, Period, missions
from basins.web.rows import when
from core.bilingual import Text
from core.spoken import BRUSSELS
from opendoors.enums import EditionState
from tests.basins.pages import url
from tests.factories import basin
from tests.opendoors.factories import EditionFactory

pytestmark = pytest.mark.django_db

TODAY = "2025-05-15 10:00"


def item(uid: str = "a", **more: Any) -> AgendaItem:
    values: dict[str, Any] = {
        "uid": uid,
        "title": Text("Santé mentale", "fr", is_fallback=False),
        "starts": dt.datetime(2025, 5, 20, 9, 15, tzinfo=BRUSSELS),
        "ends": dt.datetime(2025, 5, 20, 12, 15, tzinfo=BRUSSELS),
        "url": "/fr/sud-est/",
        "kind": "Concertation",
        "basin_code": "sud-est",
    }
    return AgendaItem(**values | more)


class Samples(Mission):
    """A mission with the dates a test gives it, which says for which days it was asked."""

    name = "samples"

    def __init__(self, *items: AgendaItem) -> None:
        self.items = items
        self.asked: list[tuple[str | None, Period]] = []

    def agenda(self, basin: Any, period: Period) -> tuple[AgendaItem, ...]:
        self.asked.append((basin.code if basin else None, period))
        return self.items


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the agenda be that of one mission."""

    def put(*items: AgendaItem) -> Samples:
        mission = Samples(*items)
        monkeypatch.setattr("basins.queries.missions", lambda: (mission,))
        return mission

    return put


def shown(response: Any) -> list[str]:
    return [str(row.title) for _month, rows, _days_off in response.context["months"] for row in rows]


@time_machine.travel(TODAY, tick=False)
def test_what_comes_is_shown_in_order_of_time_and_by_month(client: Client, only: Any) -> None:
    june = dt.date(2025, 6, 3)
    only(
        item("b", title=Text("Juin", "fr", is_fallback=False), starts=june, ends=june + dt.timedelta(days=1)),
        item("a", title=Text("Mai", "fr", is_fallback=False)),
    )

    response = client.get(url("agenda"))

    months = [(month, len(rows)) for month, rows, _days_off in response.context["months"]]
    assert months == [(dt.date(2025, 5, 1), 1), (dt.date(2025, 6, 1), 1)]
    assert shown(response) == ["Mai", "Juin"]


@time_machine.travel(TODAY, tick=False)
def test_two_years_are_asked_for_once_and_the_month_that_lies_outside(client: Client, only: Any) -> None:
    mission = only()

    client.get(url("agenda"))
    client.get(url("agenda", basin=None), {"month": "2019-02"})

    assert mission.asked == [
        ("sud-est", Period(dt.date(2024, 5, 1), dt.date(2026, 5, 31))),
        (None, Period(dt.date(2019, 2, 1), dt.date(2026, 5, 31))),
    ]


@time_machine.travel(TODAY, tick=False)
@pytest.mark.parametrize(
    ("month", "titles"),
    [("", ["Mai", "Juin"]), ("2025-05", ["Hier", "Mai"]), ("2025-06", ["Juin"]), ("2025-02", [])],
)
def test_only_the_days_asked_for_are_shown(client: Client, only: Any, month: str, titles: list[str]) -> None:
    yesterday = dt.date(2025, 5, 14)
    only(
        item("a", title=Text("Mai", "fr", is_fallback=False)),
        item("b", title=Text("Juin", "fr", is_fallback=False), starts=dt.date(2025, 6, 1), ends=dt.date(2025, 6, 2)),
        item("c", title=Text("Hier", "fr", is_fallback=False), starts=yesterday, ends=yesterday + dt.timedelta(1)),
        item("d", title=Text("Vieux", "fr", is_fallback=False), starts=dt.date(2023, 1, 1), ends=dt.date(2023, 1, 2)),
    )

    assert shown(client.get(url("agenda"), {"month": month})) == titles


@time_machine.travel(TODAY, tick=False)
def test_only_months_that_have_something_are_offered_and_this_one(client: Client, only: Any) -> None:
    only(item(starts=dt.date(2025, 10, 30), ends=dt.date(2025, 11, 2)))

    choices = client.get(url("agenda")).context["form"].fields["month"].choices

    assert [value for value, _label in choices] == ["", "2025-05", "2025-10", "2025-11"]


def test_a_month_long_ago_is_among_the_choices(client: Client) -> None:
    form = client.get(url("agenda"), {"month": "2019-03"}).context["form"]

    assert form.is_valid()
    assert form["month"].value() == "2019-03"


@pytest.mark.parametrize("month", ["2025-13", "x", "0000-01", "2025-5", "<script>", "²⁰²⁵-01"])
def test_a_month_that_makes_no_sense_is_left_out(client: Client, month: str) -> None:
    response = client.get(url("agenda"), {"month": month, "kind": "<script>"})

    assert response.status_code == 200
    assert response.context["first"] is None


@time_machine.travel(TODAY, tick=False)
def test_one_kind_alone_is_shown_when_chosen(client: Client, only: Any) -> None:
    only(item("a"), item("b", kind="Atelier", title=Text("Atelier n° 8", "fr", is_fallback=False)))

    response = client.get(url("agenda"), {"kind": "Atelier"})

    assert shown(response) == ["Atelier n° 8"]
    assert [value for value, _label in response.context["form"].fields["kind"].choices] == [
        "",
        "Atelier",
        "Concertation",
    ]


@time_machine.travel(TODAY, tick=False)
def test_a_kind_that_these_days_do_not_have_shows_all(client: Client, only: Any) -> None:
    only(item())

    response = client.get(url("agenda"), {"kind": "Rien"})

    assert shown(response) == ["Santé mentale"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "Mardi, 9 h 15 – 12 h 15"),
        ({"starts": dt.date(2025, 5, 20), "ends": dt.date(2025, 5, 21)}, "Mardi"),
        (
            {"starts": dt.date(2025, 11, 3), "ends": dt.date(2025, 11, 8)},
            "Lundi 3 – vendredi 7 novembre 2025",
        ),
    ],
)
def test_when_is_said_as_people_say_it(more: dict[str, Any], words: str) -> None:
    assert when(item(**more)).replace("\N{NO-BREAK SPACE}", " ") == words


@time_machine.travel(TODAY, tick=False)
def test_a_title_in_the_other_language_is_marked(client: Client, only: Any) -> None:
    only(item(title=Text("<b>Overleg</b>", "nl", is_fallback=True)))

    page = client.get(url("agenda", "fr")).content.decode()

    assert '<span lang="nl">&lt;b&gt;Overleg&lt;/b&gt;</span>' in page


@time_machine.travel(TODAY, tick=False)
def test_a_date_that_does_not_take_place_says_so_and_books_nothing(client: Client, only: Any) -> None:
    only(item(cancelled=True, action="S’inscrire"))

    row = client.get(url("agenda")).context["months"][0][1][0]

    assert row.action_url == ""
    assert len(row.meta.split(" · ")) == 3


# --- The feed ------------------------------------------------------------------------------------


def feed(client: Client, language: str = "fr", code: str | None = "sud-est") -> tuple[Any, list[Any]]:
    response = client.get(url("agenda_feed", language, code))
    calendar = icalendar.Calendar.from_ical(response.content)
    return response, list(calendar.walk("VEVENT"))


def test_the_feed_is_a_valid_calendar(client: Client, only: Any) -> None:
    only(item(place="Rue de l’Exemple 12; 1040 Etterbeek, 2e étage"))

    response, events = feed(client)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    assert [(str(each["UID"]), str(each["SUMMARY"]), str(each["LOCATION"])) for each in events] == [
        ("a", "Santé mentale", "Rue de l’Exemple 12; 1040 Etterbeek, 2e étage")
    ]
    assert events[0].decoded("DTSTART") == dt.datetime(2025, 5, 20, 9, 15, tzinfo=BRUSSELS)
    assert str(events[0]["URL"]) == "http://localhost:8000/fr/sud-est/"


def test_whole_days_end_on_the_day_after(client: Client, only: Any) -> None:
    only(item(starts=dt.date(2025, 11, 3), ends=dt.date(2025, 11, 8)))

    _response, events = feed(client)

    assert (events[0].decoded("DTSTART"), events[0].decoded("DTEND")) == (dt.date(2025, 11, 3), dt.date(2025, 11, 8))


def test_the_same_date_has_the_same_uid_in_both_languages(client: Client) -> None:
    EditionFactory()

    french, dutch = feed(client, "fr")[1], feed(client, "nl")[1]

    assert sorted(str(each["UID"]) for each in french) == sorted(str(each["UID"]) for each in dutch)
    assert {str(each["SUMMARY"]) for each in french} != {str(each["SUMMARY"]) for each in dutch}


def test_the_feed_of_a_basin_has_its_own_dates_the_regions_all(client: Client) -> None:
    EditionFactory()
    EditionFactory(basin=basin("nord"))

    assert len(feed(client)[1]) == 2  # the week, and its last day to sign up
    assert len(feed(client, code=None)[1]) == 4


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("page", ["agenda", "agenda_feed"])
def test_queries_do_not_grow(client: Client, number: int, page: str, django_assert_num_queries: Any) -> None:
    client.get(url(page))
    for _n in range(number):
        EditionFactory(state=EditionState.OPEN)

    with django_assert_num_queries(4):  # the basin, the meetings, the editions, those whose sign-up ends
        client.get(url(page))


def test_every_mission_answers_for_a_basin_and_for_the_region() -> None:
    period = Period(dt.date(2025, 1, 1), dt.date(2025, 12, 31))

    for mission in missions():
        for row in (None, basin("sud-est")):
            assert list(mission.agenda(row, period)) == []
