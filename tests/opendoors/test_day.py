"""The host's list by its link, with and without its script; the code at the door; private pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils.translation import gettext_lazy

from opendoors import queries, queries_day
from opendoors.enums import EditionState, VisitState
from opendoors.models import BookedVisit, Edition, Visit
from opendoors.queries_hosts import host_link
from opendoors.web.day import WRONG_AT_MOST
from tests.basins.people_tools import at, in_french
from tests.opendoors.day_tools import MINUTE, NINE, guest, running_week, visit_today

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visit() -> Visit:
    return visit_today(host__name="Maison Ouverte")


def sheet(visit: Visit) -> str:
    return at("opendoors:sheet", basin="sud-est", token=host_link(visit.host), visit=visit.uuid)


def door(visit: Visit) -> str:
    return at("opendoors:here", basin="sud-est", token=queries_day.door_link(visit))


def said_of(*rows: BookedVisit) -> list[str]:
    return [BookedVisit.objects.get(pk=row.pk).attendance for row in rows]


def moment_of(row: BookedVisit) -> dt.datetime | None:
    return BookedVisit.objects.get(pk=row.pk).attendance_at


# --- The list as a form ---------------------------------------------------------------------------


def test_the_list_names_who_comes_and_what_they_need(client: Client, visit: Visit) -> None:
    guest(visit, "Daan Dubois", organisation="Wijkhuis", seats=3, companions="An\nBilal", access_needs=True)

    page = client.get(sheet(visit)).text

    for said in ("Daan Dubois", "Wijkhuis", "An, Bilal", "3 places"):
        assert said in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    client: Client, visit: Visit, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        guest(visit)
    client.get(sheet(visit))  # what a process reads once

    with django_assert_num_queries(4):
        client.get(sheet(visit))


def test_the_whole_form_is_saved_without_a_script(client: Client, visit: Visit) -> None:
    one, two, three = guest(visit), guest(visit), guest(visit)
    data = {f"a-{one.uuid}": "present", f"a-{two.uuid}": "excused", f"was-{three.uuid}": "", "walk_ins": "2"}

    answer = client.post(sheet(visit), data)

    visit.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, sheet(visit))
    assert (said_of(one, two, three), visit.walk_ins) == (["present", "excused", ""], 2)


def test_what_nobody_touched_does_not_win_over_what_somebody_else_said(client: Client, visit: Visit) -> None:
    row = guest(visit, attendance="present")

    client.post(sheet(visit), {f"a-{row.uuid}": "absent", f"was-{row.uuid}": "absent", "was-walk_ins": ""})

    assert said_of(row) == ["present"]


def test_all_are_here_without_a_script_with_what_was_ticked_beside_it(client: Client, visit: Visit) -> None:
    one, two, three = guest(visit), guest(visit, attendance="excused"), guest(visit)
    data = {f"a-{one.uuid}": "absent", f"a-{two.uuid}": "excused", f"was-{two.uuid}": "excused", "all": "present"}

    answer = client.post(sheet(visit), data)

    assert (answer.status_code, said_of(one, two, three)) == (302, ["absent", "excused", "present"])


def test_all_are_here_for_the_script_says_how_the_list_stands(client: Client, visit: Visit) -> None:
    one, two = guest(visit), guest(visit, attendance="absent")

    answer = client.post(sheet(visit), {"all": "present"}, headers=JSON)

    assert answer.json()["rows"] == {str(one.uuid): "present", str(two.uuid): "absent"}


@pytest.mark.parametrize("word", ["absent", "excused", "", "all"])
def test_of_all_only_that_they_came_is_said(client: Client, visit: Visit, word: str) -> None:
    row = guest(visit)

    client.post(sheet(visit), {"all": word})

    assert said_of(row) == [""]


def test_enter_in_a_field_does_not_say_that_all_are_here(client: Client, visit: Visit) -> None:
    guest(visit)

    form = client.get(sheet(visit)).text.partition('id="sheet"')[2]

    assert "name=" not in form[form.index("<button") :].partition(">")[0]


@pytest.mark.parametrize(
    "data", [{"a-nothing": "present"}, {f"a-{uuid4()}": "present"}, {"a-": "present"}, {"other": "present"}]
)
def test_what_is_not_on_the_list_is_left_out(client: Client, visit: Visit, data: dict[str, str]) -> None:
    row = guest(visit)

    answer = client.post(sheet(visit), data)

    assert (answer.status_code, said_of(row)) == (302, [""])


def test_a_word_that_is_none_of_ours_is_left_out(client: Client, visit: Visit) -> None:
    row = guest(visit)

    client.post(sheet(visit), {f"a-{row.uuid}": "late"})

    assert said_of(row) == [""]


@pytest.mark.parametrize("number", ["-1", "many", "999"])
def test_a_number_that_cannot_be_comes_back_with_a_sentence(client: Client, visit: Visit, number: str) -> None:
    answer = client.post(sheet(visit), {"walk_ins": number})

    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


def test_the_day_before_the_list_is_shown_and_says_from_when_on(
    client: Client, visit: Visit, clock: time_machine.Traveller
) -> None:
    row = guest(visit, "Daan Dubois")
    clock.move_to(NINE - dt.timedelta(days=1))

    page, answer = client.get(sheet(visit)), client.post(sheet(visit), {f"a-{row.uuid}": "present"})

    assert ("Daan Dubois" in page.text, "disabled" in page.text, "sent-bar" in page.text) == (True, True, False)
    assert (answer.status_code, said_of(row)) == (422, [""])


def test_a_host_sees_the_lists_of_its_own_visits_alone(client: Client, visit: Visit) -> None:
    other = visit_today(edition=visit.edition)
    url = at("opendoors:sheet", basin="sud-est", token=host_link(visit.host), visit=other.uuid)

    assert client.get(url).status_code == 404


def test_a_visit_that_was_called_off_says_so(client: Client, visit: Visit) -> None:
    Visit.objects.update(state=VisitState.CANCELLED)

    assert in_french(gettext_lazy("This visit is called off.")) in client.get(sheet(visit)).text


def test_a_forged_link_opens_nothing(client: Client, visit: Visit) -> None:
    url = at("opendoors:sheet", basin="sud-est", token="forged", visit=visit.uuid)

    assert client.get(url).status_code == 404


def test_a_link_of_long_ago_opens_nothing(client: Client, visit: Visit, clock: time_machine.Traveller) -> None:
    url = sheet(visit)
    clock.shift(dt.timedelta(days=100))

    assert client.get(url).status_code == 410


@pytest.mark.parametrize("page", [sheet, door])
def test_pages_that_a_link_opens_are_kept_nowhere(client: Client, visit: Visit, page: Any) -> None:
    answer = client.get(page(visit))

    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"], "no-store" in answer["Cache-Control"]) == (
        "same-origin",
        "noindex",
        True,
    )


# --- The list as its script sends it ----------------------------------------------------------------


def test_a_tap_counts_from_when_it_was_made(client: Client, visit: Visit, clock: time_machine.Traveller) -> None:
    row = guest(visit)
    clock.shift(30 * MINUTE)

    answer = client.post(sheet(visit), {f"a-{row.uuid}": "present", f"ago-{row.uuid}": "600"}, headers=JSON)

    assert answer.json() == {"rows": {str(row.uuid): "present"}, "came": {}, "walk_ins": 0, "problem": ""}
    assert moment_of(row) == NINE + 20 * MINUTE


def test_an_old_tap_that_arrives_late_does_not_win(client: Client, visit: Visit, clock: time_machine.Traveller) -> None:
    row = guest(visit)
    clock.shift(30 * MINUTE)
    client.post(sheet(visit), {f"a-{row.uuid}": "present"}, headers=JSON)

    answer = client.post(sheet(visit), {f"a-{row.uuid}": "absent", f"ago-{row.uuid}": "60"}, headers=JSON)

    assert answer.json()["rows"] == {str(row.uuid): "present"}


@pytest.mark.parametrize("ago", ["", "soon", "nan", "-50", "1e400", "inf"])
def test_a_moment_that_is_none_counts_as_now(client: Client, visit: Visit, ago: str) -> None:
    row = guest(visit)

    client.post(sheet(visit), {f"a-{row.uuid}": "present", f"ago-{row.uuid}": ago}, headers=JSON)

    assert (said_of(row), moment_of(row)) == (["present"], NINE)


def test_what_cannot_be_noted_is_told_with_what_stands(client: Client) -> None:
    visit = visit_today(edition=running_week(state=EditionState.EVALUATED))
    row = guest(visit, attendance="absent")

    answer = client.post(sheet(visit), {f"a-{row.uuid}": "present"}, headers=JSON)

    assert (answer.status_code, answer.json()["rows"]) == (422, {str(row.uuid): "absent"})
    assert answer.json()["problem"] != ""


# --- At the door ------------------------------------------------------------------------------------


def test_the_code_at_the_door_notes_who_is_here(client: Client, visit: Visit) -> None:
    row = guest(visit, email="daan@example.org")

    answer = client.post(door(visit), {"who": "daan@example.org"}, follow=True)

    assert (answer.status_code, said_of(row)) == (200, ["present"])
    assert in_french(gettext_lazy("You are noted as present. Welcome!")) in answer.text


def test_the_door_names_nobody(client: Client, visit: Visit) -> None:
    guest(visit, "Daan Dubois", email="daan@example.org")

    pages = [client.get(door(visit)), client.post(door(visit), {"who": "daan@example.org"}, follow=True)]

    assert ["Dubois" in page.text for page in pages] == [False, False]


def test_who_is_not_expected_is_told_so_and_nobody_else_is_named(client: Client, visit: Visit) -> None:
    guest(visit, "Daan Dubois", email="daan@example.org")

    answer = client.post(door(visit), {"who": "greet@example.org"})

    assert (answer.status_code, "Dubois" in answer.text, 'aria-invalid="true"' in answer.text) == (422, False, True)


def test_looking_at_the_page_notes_nobody(client: Client, visit: Visit) -> None:
    row = guest(visit, email="daan@example.org")

    client.get(f"{door(visit)}?who=daan@example.org")

    assert said_of(row) == [""]


def test_outside_its_hours_the_door_has_no_form(client: Client, visit: Visit, clock: time_machine.Traveller) -> None:
    clock.shift(-dt.timedelta(hours=1))

    page = client.get(door(visit))

    assert (page.status_code, 'name="who"' in page.text, "8 h 30" in page.text.replace("\xa0", " ")) == (
        200,
        False,
        True,
    )


def test_who_guesses_too_often_has_to_wait(client: Client, visit: Visit) -> None:
    row = guest(visit, email="daan@example.org")
    for number in range(WRONG_AT_MOST):
        client.post(door(visit), {"who": f"v{number}@example.org"})

    answer = client.post(door(visit), {"who": "daan@example.org"})

    assert (answer.status_code, said_of(row)) == (429, [""])


def test_a_team_that_comes_in_together_does_not_have_to_wait(client: Client, visit: Visit) -> None:
    Visit.objects.update(seats=WRONG_AT_MOST + 1)
    rows = [guest(visit, email=f"v{number}@example.org") for number in range(WRONG_AT_MOST + 1)]

    answers = {client.post(door(visit), {"who": row.booking.visitor.email}).status_code for row in rows}

    assert (answers, set(said_of(*rows))) == ({302}, {"present"})


def test_another_links_token_opens_no_door(client: Client, visit: Visit) -> None:
    row = guest(visit)
    tokens = [host_link(visit.host), queries.booking_link(row.booking), queries.visitor_link(row.booking.visitor)]

    answers = [client.get(at("opendoors:here", basin="sud-est", token=token)).status_code for token in tokens]

    assert answers == [404, 404, 404]


def test_a_door_of_a_draft_is_closed(client: Client) -> None:
    edition: Edition = running_week(state=EditionState.DRAFT)

    assert client.get(door(visit_today(edition=edition))).status_code == 404
