"""Who came, noted by a partner's program: with the scope, in its basins, by the same rules."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.test import Client

from basins.models import PartnerKey
from opendoors.enums import EditionState
from opendoors.models import BookedVisit, Edition, Visit
from tests.factories import basin
from tests.opendoors.day_tools import MINUTE, NINE, guest, running_week, visit_today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visit() -> Visit:
    return visit_today()


def partner(*scopes: str, code: str = "sud-est") -> Client:
    key = PartnerKey.objects.create(
        name="Door", prefix="bz_door", digest=sha256(b"bz_door_key").hexdigest(), scopes=list(scopes)
    )
    key.basins.add(basin(code))
    return Client(headers={"Authorization": "Api-Key bz_door_key"})


@pytest.fixture
def program() -> Client:
    return partner("opendoors:attendance")


def address(visit: Visit) -> str:
    return f"/api/v1/opendoors/attendance/{visit.uuid}/"


def note(client: Client, visit: Visit, *said: dict[str, Any], **more: Any) -> Any:
    return client.patch(address(visit), {"expected": list(said), **more}, content_type="application/json")


def word(row: BookedVisit, attendance: str = "present", **more: Any) -> dict[str, Any]:
    return {"reference": row.booking.reference, "attendance": attendance, **more}


def test_the_list_names_who_is_expected_without_their_address(program: Client, visit: Visit) -> None:
    row = guest(visit, "Daan", seats=2, companions="An", organisation="Wijkhuis", attendance="present")

    answer = program.get(address(visit))

    assert answer.json()["expected"] == [
        {
            "reference": row.booking.reference,
            "name": "Daan",
            "organisation": "Wijkhuis",
            "language": "nl",
            "access_needs": False,
            "companions": ["An"],
            "seats": 2,
            "attendance": "present",
            "came": 2,
            "attendance_at": "2026-12-07T09:00:00+01:00",
            "attendance_by": "host",
        }
    ]
    assert row.booking.visitor.email not in answer.text


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    program: Client, visit: Visit, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        guest(visit)
    program.get(address(visit))  # the key's first use is written

    with django_assert_num_queries(3):
        program.get(address(visit))


def test_what_is_noted_stands_and_comes_back(program: Client, visit: Visit) -> None:
    row = guest(visit)

    answer = note(program, visit, word(row), walk_ins=3)

    assert (answer.status_code, answer.json()["walk_ins"]) == (200, 3)
    assert [(each["attendance"], each["attendance_by"]) for each in answer.json()["expected"]] == [
        ("present", "partner")
    ]
    assert answer["ETag"] == program.get(address(visit), headers={"Accept-Encoding": "identity"})["ETag"]


def test_the_later_word_stands_whichever_arrives_first(program: Client, visit: Visit) -> None:
    row = guest(visit)
    note(program, visit, word(row, "present", at=(NINE - 5 * MINUTE).isoformat()))

    answer = note(program, visit, word(row, "absent", at=(NINE - 10 * MINUTE).isoformat()))

    assert answer.json()["expected"][0]["attendance"] == "present"


def test_the_later_count_of_walk_ins_stands_whichever_arrives_first(program: Client, visit: Visit) -> None:
    note(program, visit, walk_ins=4, walk_ins_at=(NINE - 5 * MINUTE).isoformat())

    answer = note(program, visit, walk_ins=2, walk_ins_at=(NINE - 10 * MINUTE).isoformat())

    assert (answer.json()["walk_ins"], answer.json()["walk_ins_at"]) == (4, "2026-12-07T08:55:00+01:00")


def test_names_that_are_to_be_forgotten_are_not_given(
    program: Client, visit: Visit, clock: time_machine.Traveller
) -> None:
    row = guest(visit)
    clock.move_to(NINE + relativedelta(months=12))
    kept = program.get(address(visit))
    clock.move_to(NINE + relativedelta(months=12, days=7))

    gone = [program.get(address(visit)), note(program, visit, word(row))]

    assert (kept.status_code, [answer.status_code for answer in gone]) == (200, [404, 404])
    assert BookedVisit.objects.get(pk=row.pk).attendance == ""


def test_one_reference_that_is_not_on_the_list_and_nothing_is_noted(program: Client, visit: Visit) -> None:
    row = guest(visit)
    other = guest(visit_today(edition=visit.edition))

    answer = note(program, visit, word(row), word(other))

    assert (answer.status_code, answer.json()["expected"]) == (422, [other.booking.reference])
    assert BookedVisit.objects.get(pk=row.pk).attendance == ""


def test_before_its_day_nothing_is_noted(program: Client, visit: Visit, clock: time_machine.Traveller) -> None:
    row = guest(visit)
    clock.shift(-24 * 60 * MINUTE)

    answer = note(program, visit, word(row))

    assert (answer.status_code, answer.json()["code"]) == (422, "attendance")


def test_a_key_that_books_does_not_read_who_comes(visit: Visit) -> None:
    assert partner("opendoors:book").get(address(visit)).status_code == 403


def test_a_key_of_another_basin_finds_no_list(visit: Visit) -> None:
    client = partner("opendoors:attendance", code="nord")

    assert (client.get(address(visit)).status_code, note(client, visit).status_code) == (404, 404)


def test_a_draft_has_no_list(program: Client) -> None:
    edition: Edition = running_week(state=EditionState.DRAFT)

    assert program.get(address(visit_today(edition=edition))).status_code == 404


def test_a_stranger_needs_a_key(visit: Visit) -> None:
    assert Client().get(address(visit)).status_code == 401


@pytest.mark.parametrize(
    "body",
    [{"walk_ins": -1}, {"walk_ins": "many"}, {"expected": "all"}, {"expected": [{"reference": "X"}]}],
)
def test_a_body_that_is_not_understood_is_told_why(program: Client, visit: Visit, body: dict[str, Any]) -> None:
    answer = program.patch(address(visit), body, content_type="application/json")

    assert answer.status_code == 422


def test_a_program_says_that_all_others_came(program: Client, visit: Visit) -> None:
    one, told, silent = guest(visit), guest(visit, attendance="excused"), guest(visit, seats=3)

    answer = note(program, visit, word(one, "absent"), all_present=True)

    said = {row["reference"]: (row["attendance"], row["attendance_by"]) for row in answer.json()["expected"]}
    assert said == {
        one.booking.reference: ("absent", "partner"),
        told.booking.reference: ("excused", "host"),
        silent.booking.reference: ("present", "partner"),
    }


def test_where_one_word_is_refused_not_all_are_noted_either(program: Client, visit: Visit) -> None:
    row = guest(visit)

    answer = note(program, visit, {"reference": "NOBODY", "attendance": "absent"}, all_present=True)

    assert (answer.status_code, BookedVisit.objects.get(pk=row.pk).attendance) == (422, "")


def test_all_others_are_left_alone_unless_said(program: Client, visit: Visit) -> None:
    row = guest(visit)

    answers = [note(program, visit), note(program, visit, all_present=False)]

    assert ([each.status_code for each in answers], BookedVisit.objects.get(pk=row.pk).attendance) == ([200, 200], "")
