"""Hours: what has no rhythm is a period or words, and public holidays are no usual days."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.translation import gettext

from basins.models import User
from core.calendar import is_public_holiday
from directory import wording
from directory.documents import document_of
from directory.enums import Flag
from directory.errors import RecordRefused
from directory.importing.hsds import read_records, read_services
from directory.importing.incoming import Incoming
from directory.importing.problems import Problems
from directory.importing.vocabulary import Vocabulary
from directory.models import SearchEntry, Service
from directory.rules import indexing, records
from directory.search.openings import is_open_at
from tests.basins.people_tools import at
from tests.directory.factories import service
from tests.directory.search_tools import ask, write

pytestmark = pytest.mark.django_db

ALWAYS = {"opens_at": "00:00", "closes_at": "00:00"}
OFFICE = {"byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}
NBSP = "\N{NO-BREAK SPACE}"
CHRISTMAS = dt.datetime(2026, 12, 25, 11, tzinfo=dt.UTC)  # a Friday


def hours(made: Service) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = document_of(Service.objects.get(pk=made.pk))["schedules"]
    return rows


# --- Without a rhythm -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "row",
    [
        {"freq": "", "valid_from": "2026-12-01", "valid_to": "2026-12-05", "opens_at": "09:00", "closes_at": "12:00"},
        {"freq": "", "valid_from": "2026-12-01"},
        {"freq": "", "description_fr": "Sur demande"},
    ],
)
def test_hours_without_a_rhythm_stay_without_one(row: dict[str, Any]) -> None:
    made = service(schedules=[row])
    assert hours(made) == [row]


def test_taking_the_rhythm_away_is_a_change(alice: User) -> None:
    made = service(schedules=[{"valid_from": "2026-12-01"}])
    records.edit_service(service=made, values={"schedules": [{"freq": "", "valid_from": "2026-12-01"}]}, by=alice)
    assert hours(made) == [{"freq": "", "valid_from": "2026-12-01"}]


def test_no_rhythm_no_date_and_no_words_is_refused() -> None:
    with pytest.raises(RecordRefused):
        service(schedules=[{"freq": "", "opens_at": "09:00", "closes_at": "12:00"}])


def test_a_period_is_shown_by_its_dates_and_words_as_words() -> None:
    made = service(
        schedules=[
            {"freq": "", "valid_from": "2026-12-01", "opens_at": "09:00", "closes_at": "12:00"},
            {"freq": "", "valid_from": "2026-12-07", "valid_to": "2026-12-08", "byday": "MO"},
            {"freq": "", "description_fr": "Sur demande"},
        ]
    )
    today = dt.date(2026, 11, 22)
    shown = wording.hours_of(made.schedules.all(), today)
    assert [(each.days.replace(NBSP, " "), each.note) for each in shown] == [
        ("mardi 1er décembre 2026", ""),
        ("lundi, lundi 7 – mardi 8 décembre 2026", ""),
        (gettext("Hours"), "Sur demande"),
    ]
    later = wording.hours_of(made.schedules.all(), dt.date(2026, 12, 2))
    assert len(later) == 2  # a day that is over is not shown


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ({"dtstart": "2026-12-01", "opens_at": "09:00", "closes_at": "12:00"}, ("", "2026-12-01")),
        ({"freq": "", "valid_from": "2026-12-01", "valid_to": "2026-12-05"}, ("", "2026-12-01")),
        ({"freq": None, "description": "Sur demande"}, ("", None)),
        ({"byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}, ("WEEKLY", None)),
        ({"freq": "MONTHLY", "byday": "1MO"}, ("MONTHLY", None)),
        ({"freq": "WEEKLY", "interval": 2, "byday": "MO", "dtstart": "2026-12-07"}, ("WEEKLY", "2026-12-07")),
    ],
)
def test_hsds_without_freq_is_no_week_unless_it_says_days(theirs: dict[str, Any], ours: tuple[str, Any]) -> None:
    source = {"id": "1", "name": "Écoute", "organization": {"id": "2", "name": "Équipe"}, "schedules": [theirs]}
    problems = Problems()
    records = read_records(io.BytesIO(json.dumps([source]).encode()), problems)
    (incoming,) = read_services(records, Vocabulary(), problems, language="fr")
    assert isinstance(incoming, Incoming)
    assert incoming.service is not None
    (row,) = incoming.service["schedules"]
    assert (row["freq"], row.get("valid_from")) == ours


def test_hsds_gives_a_period_back_as_it_came() -> None:
    made = service(schedules=[{"freq": "", "valid_from": "2026-12-01", "valid_to": "2026-12-05"}])
    (row,) = Client().get(f"/api/hsds/v3/services/{made.uuid}").json()["schedules"]
    assert "freq" not in row
    assert (row["dtstart"], row["valid_from"], row["valid_to"]) == ("2026-12-01", "2026-12-01", "2026-12-05")


# --- Public holidays ------------------------------------------------------------------------------
def test_the_public_holidays_of_belgium() -> None:
    named = {(1, 1), (4, 6), (5, 1), (5, 14), (5, 25), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)}
    days = (dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in range(365))
    found = {(day.month, day.day) for day in days if is_public_holiday(day)}
    assert found - {(4, 5), (5, 24)} == named  # Easter and Pentecost are Sundays


@pytest.mark.parametrize(
    ("schedule", "is_open"),
    [
        (OFFICE, False),
        (ALWAYS, True),
        (
            {
                "freq": "",
                "valid_from": "2026-12-24",
                "valid_to": "2026-12-26",
                "opens_at": "09:00",
                "closes_at": "17:00",
            },
            True,
        ),
        ({"freq": "", "valid_from": "2026-12-24", "opens_at": "09:00", "closes_at": "17:00"}, False),
        ({"freq": "", "valid_from": "2026-12-24", "valid_to": "2026-12-26", "is_closed": True}, False),
    ],
)
def test_on_a_public_holiday_only_what_says_so_is_open(schedule: dict[str, Any], is_open: bool) -> None:
    with time_machine.travel(CHRISTMAS, tick=False):
        made = write("Écoute", schedules=[schedule])
        assert ask(criteria=(Flag.OPEN_NOW,), now=CHRISTMAS).total == int(is_open)
        assert ask("écoute", criteria=(Flag.OPEN_NOW,), now=CHRISTMAS).total == int(is_open)
        assert bool(is_open_at(made.schedules.all(), CHRISTMAS)) is is_open


def test_the_week_before_it_is_open_as_usual() -> None:
    moment = CHRISTMAS - dt.timedelta(days=7)
    with time_machine.travel(moment, tick=False):
        write("Écoute", schedules=[OFFICE])
        assert ask(criteria=(Flag.OPEN_NOW,), now=moment).total == 1


def test_the_clock_ends_a_single_day() -> None:
    with time_machine.travel(CHRISTMAS, tick=False):
        write("Écoute", schedules=[{"freq": "", "valid_from": "2026-12-25", "opens_at": "09:00", "closes_at": "17:00"}])
    assert SearchEntry.objects.get().open_week is not None
    with time_machine.travel(CHRISTMAS + dt.timedelta(days=1), tick=False):
        assert indexing.index_changed_by_time(dt.date(2026, 12, 26)) == 1
    assert SearchEntry.objects.get().open_week is None


def test_a_single_training_day_is_no_usual_evening_or_weekend() -> None:
    with time_machine.travel(CHRISTMAS, tick=False):
        write("Cours", schedules=[{"freq": "", "valid_from": "2026-12-25", "opens_at": "18:00", "closes_at": "22:00"}])
    assert ask(criteria=(Flag.EVENINGS,)).total == 0


@pytest.mark.parametrize(("moment", "is_said"), [(CHRISTMAS, True), (CHRISTMAS - dt.timedelta(days=7), False)])
def test_pages_say_that_it_is_a_public_holiday(greet: Client, moment: dt.datetime, is_said: bool) -> None:
    with time_machine.travel(moment, tick=False):
        made = write("Écoute", schedules=[OFFICE], areas=["region"])
        for url in (at("directory:record", basin="sud-est", record=made.uuid), at("directory:search", basin="sud-est")):
            context = greet.get(url).context
            assert (context["view"].is_holiday if "view" in context else context["is_holiday"]) is is_said
