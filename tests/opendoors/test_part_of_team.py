"""A team of four of which three came: noted by host, team, partner and at the door; counted so wherever people are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.utils.translation import override

from basins.models import PartnerKey, User
from opendoors import editions_beside, exports, figures, personal, queries, queries_day, reports
from opendoors.enums import Attendance, EditionState, NotedBy
from opendoors.errors import AttendanceError
from opendoors.models import BookedVisit, Visit
from opendoors.queries_hosts import host_link
from opendoors.rules import attendance as rules
from opendoors.rules import booking
from tests.basins.people_tools import at, staff_session
from tests.factories import basin
from tests.opendoors.day_tools import MINUTE, NINE, guest, visit_today
from tests.opendoors.staff_tools import page
from tests.opendoors.test_day_paper import pages_of

pytestmark = pytest.mark.django_db

PRESENT, EXCUSED, ABSENT = Attendance.PRESENT, Attendance.EXCUSED, Attendance.ABSENT
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Ten past nine, in the middle of the visit."""
    with time_machine.travel(NINE + 10 * MINUTE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visit() -> Visit:
    return visit_today(seats=20)


@pytest.fixture
def team(visit: Visit) -> BookedVisit:
    return guest(visit, "Petra Claes", seats=4, email="petra@example.org", companions="Karim\nSofie\nNoor")


def noted(row: BookedVisit) -> tuple[str, int | None, int | None]:
    row.refresh_from_db()
    return row.attendance, row.came, row.people_came


def by_host(row: BookedVisit, attendance: Attendance = PRESENT, came: int | None = None, **more: Any) -> BookedVisit:
    return rules.note(booked=row, attendance=attendance, by_whom=NotedBy.HOST, came=came, **more)


# --- The word -------------------------------------------------------------------------------------


def test_three_of_four_came(team: BookedVisit) -> None:
    by_host(team, came=3)

    assert noted(team) == ("present", 3, 3)


@pytest.mark.parametrize("came", [None, 4])
def test_all_of_them_came(team: BookedVisit, came: int | None) -> None:
    by_host(team, came=3, at=NINE)
    by_host(team, came=came)

    assert noted(team) == ("present", None, 4)


def test_a_team_that_did_not_come_has_no_part_that_came(team: BookedVisit) -> None:
    by_host(team, came=3, at=NINE)
    by_host(team, ABSENT)

    assert noted(team) == ("absent", None, 0)


def test_the_number_goes_with_its_word_and_the_later_word_stands(team: BookedVisit) -> None:
    by_host(team, came=2, at=NINE + 5 * MINUTE)
    by_host(team, came=3, at=NINE + 4 * MINUTE)

    assert noted(team) == ("present", 2, 2)


@pytest.mark.parametrize(("attendance", "came"), [(PRESENT, 0), (PRESENT, 5), (PRESENT, -1), (ABSENT, 3), (EXCUSED, 1)])
def test_a_number_that_cannot_be_is_refused_and_nothing_is_noted(
    team: BookedVisit, attendance: Attendance, came: int
) -> None:
    with pytest.raises(AttendanceError) as refused:
        by_host(team, attendance, came)

    assert (refused.value.field, noted(team)) == ("came", ("", None, None))


def test_all_are_here_does_not_undo_the_number(visit: Visit, team: BookedVisit) -> None:
    by_host(team, came=3)
    rules.note_all_present(visit=visit, by_whom=NotedBy.HOST)

    assert noted(team) == ("present", 3, 3)


@pytest.mark.parametrize("fields", [{"came": 4}, {"came": 0}, {"attendance": "absent", "came": 2}])
def test_the_database_keeps_nothing_else(team: BookedVisit, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="came_is_part_of_a_team"):
        BookedVisit.objects.filter(pk=team.pk).update(
            **{"attendance": "present", "attendance_at": NINE, "attendance_by": "host"} | fields
        )


@pytest.mark.parametrize(("seats", "stored"), [(3, None), (2, None), (4, 3), (5, 3)])
def test_a_team_that_becomes_smaller_after_it_was_noted(
    team: BookedVisit, clock: time_machine.Traveller, seats: int, stored: int | None
) -> None:
    clock.move_to(NINE - 60 * MINUTE)
    by_host(team, came=3)
    type(team.visit.edition).objects.update(state=EditionState.OPEN, signup_closes_at=NINE)

    booking.change(booking=team.booking, visits=[team.visit.uuid], seats=seats, companions="Karim", by=None)

    assert noted(team)[:2] == ("present", stored)


# --- The host's phone, the team's page --------------------------------------------------------------


def sheet(visit: Visit, language: str = "fr") -> str:
    return at("opendoors:sheet", language, basin="sud-est", token=host_link(visit.host), visit=visit.uuid)


def test_the_list_asks_how_many_of_a_team_and_of_nobody_else(client: Client, visit: Visit, team: BookedVisit) -> None:
    alone = guest(visit)
    by_host(team, came=3)

    found = client.get(sheet(visit)).text

    assert (f'name="n-{team.uuid}"' in found, f'name="n-{alone.uuid}"' in found) == (True, False)
    assert '<option value="4">' in found
    assert '<option value="3" selected>' in found


@pytest.mark.parametrize(
    ("data", "stands"),
    [
        ({"a": "present", "n": "3"}, ("present", 3, 3)),
        ({"a": "present", "n": "4"}, ("present", None, 4)),
        ({"a": "present"}, ("present", None, 4)),
        ({"a": "present", "n": "9"}, ("present", None, 4)),  # the team has become smaller meanwhile
        ({"a": "present", "n": "some"}, ("", None, None)),
        ({"a": "absent", "n": "3"}, ("absent", None, 0)),
        ({"a": "present", "was": "present", "n": "3", "was-n": "4"}, ("present", 3, 3)),
        ({"a": "present", "was": "present", "n": "3", "was-n": "3"}, ("", None, None)),  # nobody touched it
        ({"n": "3"}, ("", None, None)),
    ],
)
def test_the_form_says_how_many(
    client: Client, visit: Visit, team: BookedVisit, data: dict[str, str], stands: tuple[str, int | None, int | None]
) -> None:
    client.post(sheet(visit), {f"{name}-{team.uuid}": value for name, value in data.items()})

    assert noted(team) == stands


def test_the_script_hears_how_many_came(client: Client, visit: Visit, team: BookedVisit) -> None:
    guest(visit)
    sent = {f"a-{team.uuid}": "present", f"n-{team.uuid}": "3", f"ago-{team.uuid}": "60"}

    answer = client.post(sheet(visit), sent, headers={"Accept": "application/json"}).json()

    team.refresh_from_db()
    assert (answer["came"], team.attendance_at) == ({str(team.uuid): 3}, NINE + 9 * MINUTE)


def test_the_basins_team_corrects_how_many(client: Client, alice: User, team: BookedVisit) -> None:
    by_host(team, at=NINE)
    desk, url = staff_session(client, alice), page("staff_day_visit", slug="2026", visit=team.visit.uuid)

    desk.post(url, {f"a-{team.uuid}": "present", f"was-{team.uuid}": "present", f"n-{team.uuid}": "3"})

    assert (noted(team), team.attendance_by) == (("present", 3, 3), "staff")


# --- At the door ------------------------------------------------------------------------------------


def door(visit: Visit) -> str:
    return at("opendoors:here", basin="sud-est", token=queries_day.door_link(visit))


def test_at_the_door_a_team_is_noted_and_asked_how_many_it_is(
    client: Client, team: BookedVisit, clock: time_machine.Traveller
) -> None:
    first = client.post(door(team.visit), {"who": "petra@example.org"})
    stood = noted(team)
    clock.shift(MINUTE)
    second = client.post(door(team.visit), {"who": "petra@example.org", "came": "3"})

    assert (first.status_code, 'name="came"' in first.text, stood) == (200, True, ("present", None, 4))
    assert (second.status_code, noted(team)) == (302, ("present", 3, 3))


def test_who_comes_alone_is_asked_nothing_more(client: Client, visit: Visit) -> None:
    row = guest(visit, email="daan@example.org")

    assert client.post(door(visit), {"who": "daan@example.org"}).status_code == 302
    assert noted(row) == ("present", None, 1)


def test_a_second_of_the_team_who_scans_undoes_nothing(client: Client, team: BookedVisit) -> None:
    by_host(team, came=3, at=NINE)

    shown = client.post(door(team.visit), {"who": team.booking.reference})

    assert (noted(team), '<option value="3" selected>' in shown.text) == (("present", 3, 3), True)


@pytest.mark.parametrize("came", ["5", "0", "many"])
def test_at_the_door_a_number_that_cannot_be_is_said_and_asked_again(
    client: Client, team: BookedVisit, came: str
) -> None:
    answer = client.post(door(team.visit), {"who": "petra@example.org", "came": came})

    assert (answer.status_code, 'aria-invalid="true"' in answer.text, noted(team)) == (422, True, ("", None, None))


# --- A partner's program ----------------------------------------------------------------------------


@pytest.fixture
def program() -> Client:
    key = PartnerKey.objects.create(
        name="Door", prefix="bz_team", digest=sha256(b"bz_team_key").hexdigest(), scopes=["opendoors:attendance"]
    )
    key.basins.add(basin("sud-est"))
    return Client(headers={"Authorization": "Api-Key bz_team_key"})


def send(program: Client, team: BookedVisit, **said: Any) -> Any:
    body = {"expected": [{"reference": team.booking.reference, **said}]}
    return program.patch(
        f"/api/v1/opendoors/attendance/{team.visit.uuid}/", body, content_type="application/json", headers={}
    )


def test_a_program_says_and_reads_how_many(program: Client, team: BookedVisit) -> None:
    (row,) = send(program, team, attendance="present", came=3).json()["expected"]

    assert (row["seats"], row["attendance"], row["came"]) == (4, "present", 3)


@pytest.mark.parametrize(
    ("attendance", "came", "field"),
    [("present", 5, "came"), ("absent", 2, "came"), ("present", 0, "expected"), ("present", 11, "expected")],
)
def test_a_program_that_counts_wrong_is_told_where(
    program: Client, team: BookedVisit, attendance: str, came: int, field: str
) -> None:
    answer = send(program, team, attendance=attendance, came=came)

    assert (answer.status_code, noted(team)) == (422, ("", None, None))
    assert [each["field"].split(".")[0] for each in answer.json()["errors"]] == [field]
    assert answer.json().get("expected") == ([team.booking.reference] if field == "came" else None)


# --- Where people are counted -----------------------------------------------------------------------


@pytest.fixture
def counted(visit: Visit, team: BookedVisit) -> Visit:
    """Of ten booked: five present (three of a team of four, two of two), three absent, one excused, one unsaid."""
    by_host(team, came=3)
    for seats, attendance in ((2, "present"), (2, "absent"), (1, "excused"), (1, "")):
        guest(visit, seats=seats, attendance=attendance)
    return visit


def test_the_teams_page_counts_those_who_came(counted: Visit) -> None:
    days = queries_day.days_of_attendance(counted.edition)
    sums = queries_day.totals(visit for day in days for visit in day.visits)

    assert (sums.present, sums.excused, sums.absent, sums.unsaid, sums.booked) == (5, 1, 3, 1, 10)


def test_the_figures_count_those_who_came_and_add_up(counted: Visit) -> None:
    with override("en"):
        found = figures.of_edition(counted.edition)

    assert {share.label: share.number for share in found.attendance} == {
        "present": 5,
        "excused": 1,
        "absent": 3,
        "not noted": 1,
    }
    assert ([part.present for part in found.by_day], found.booked) == ([5], 10)
    assert figures.seen_at(Visit.objects.filter(pk=counted.pk)) == 5


def test_editions_side_by_side_count_those_who_came(counted: Visit) -> None:
    type(counted.edition).objects.update(state=EditionState.EVALUATED)
    more = visit_today(edition=counted.edition, seats=20)
    guest(more, seats=7, attendance="excused")  # no count of it is too small to be shown
    guest(more, seats=2, attendance="absent")
    guest(more, seats=4)

    made = [row.made for row in editions_beside.side_by_side() if row.url]

    assert made == [5]


def test_the_table_and_ones_own_data_name_the_number(counted: Visit, team: BookedVisit) -> None:
    table = exports.table(counted.edition, "attendance")
    rows = {row[4]: row[8] for row in table.rows()}
    own = next(record for record in personal.records_of("petra@example.org") if record.fields.get("attendance"))

    assert (rows["Petra Claes"], own.fields["attendance"][0].endswith("present (3/4)")) == (3, True)


@pytest.mark.parametrize(("language", "words"), [("fr", "3 personnes"), ("nl", "3 personen")])
def test_the_certificate_names_how_many_came(client: Client, team: BookedVisit, language: str, words: str) -> None:
    by_host(team, came=3)
    rows = queries_day.attended(team.booking, whole_visitor=True)
    (paper,) = pages_of(reports.render_certificate(team.booking, rows, language=language))
    token = queries.visitor_link(team.booking.visitor)
    with time_machine.travel(NINE + dt.timedelta(days=7), tick=False):
        shown = client.get(at("opendoors:certificate", language, basin="sud-est", token=token)).text

    assert words in paper.replace(NBSP, " ")
    assert words in shown.replace(NBSP, " ")


def test_the_sheet_on_paper_has_room_for_the_number(team: BookedVisit) -> None:
    guest(team.visit, "Daan Dubois")
    visits = queries_day.visits_with_sheets(team.visit.edition)

    (paper,) = pages_of(reports.render_sheets(visits, language="fr"))

    assert paper.count("/ 4") == 1
