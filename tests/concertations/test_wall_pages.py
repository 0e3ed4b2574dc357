"""The wall in the room: by its code on a phone and on a screen; and the workshops one chooses by phone."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from concertations.enums_tables import SeatingKind, WallState
from concertations.models import Phone, Point, PostIt, Seating, Wall
from concertations.rules import post_its, seating_plans
from tests.concertations.factories import MeetingFactory, SeriesFactory
from tests.concertations.room_tools import advance, group, planned, room, stick, wall
from tests.concertations.staff_tools import page

pytestmark = pytest.mark.django_db


def at(row: Wall, name: str = "wall") -> str:
    basin = row.meeting.series.basin
    return page(name, basin.code if basin else None, code=row.code)


def writes(client: Client, row: Wall, text: str = "plus de logements", kind: str = "need") -> int:
    return client.post(at(row), {"act": "write", "text": text, "kind": kind}).status_code


# --- The door --------------------------------------------------------------------------------------


def test_the_code_leads_to_its_wall(greet: Client) -> None:
    row = wall()
    answer = greet.get(page("wall_enter"), {"code": f" {row.code.lower()} "})
    assert (answer.status_code, answer["Location"]) == (302, at(row))


@pytest.mark.parametrize(("code", "status"), [("", 200), ("NONE22", 404)])
def test_a_code_of_no_wall_is_said(greet: Client, code: str, status: int) -> None:
    assert greet.get(page("wall_enter"), {"code": code}).status_code == status


def test_a_wall_in_preparation_is_not_there(greet: Client) -> None:
    row = wall(state=WallState.DRAFT)
    names = ("wall", "wall_now", "wall_screen", "wall_screen_now")
    assert {greet.get(at(row, name)).status_code for name in names} == {404}


def test_the_region_has_walls_too(greet: Client) -> None:
    row = wall(MeetingFactory(series=SeriesFactory(basin=None)))
    assert (greet.get(at(row)).status_code, greet.get(page("wall", code=row.code)).status_code) == (200, 404)


# --- Writing ---------------------------------------------------------------------------------------


def test_a_phone_writes_two_and_no_third(greet: Client) -> None:
    row = wall()
    greet.get(at(row))
    assert [writes(greet, row), writes(greet, row), writes(greet, row)] == [302, 302, 422]
    assert [(post_it.number, post_it.language) for post_it in PostIt.objects.all()] == [(1, "fr"), (2, "fr")]


def test_another_phone_writes_its_own() -> None:
    row = wall(post_its_each=1)
    assert [writes(Client(), row), writes(Client(), row)] == [302, 302]
    assert Phone.objects.count() == 2


def test_looking_writes_nothing(greet: Client) -> None:
    row = wall()
    for name in ("wall", "wall_now", "wall_screen", "wall_screen_now"):
        greet.get(at(row, name))
    assert Phone.objects.count() == 0


def test_the_cookie_is_for_the_page_alone_and_short(greet: Client) -> None:
    row = wall()
    cookie = greet.get(at(row)).cookies[f"wall-{row.code}"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 43200)


def test_what_is_kept_of_a_phone_is_not_what_it_holds(greet: Client) -> None:
    row = wall()
    writes(greet, row)
    assert Phone.objects.get().digest != greet.cookies[f"wall-{row.code}"].value


def test_what_is_wrong_is_said_at_its_field_and_what_was_written_stays(greet: Client) -> None:
    answer = greet.post(at(wall()), {"act": "write", "text": "85.07.30-033.28", "kind": "need"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])
    assert answer.context["form"]["text"].value() == "85.07.30-033.28"


def test_a_post_it_is_taken_back(greet: Client) -> None:
    row = wall()
    writes(greet, row)
    assert greet.post(at(row), {"act": "back", "number": "1"}).status_code == 302
    assert PostIt.objects.count() == 0


def test_once_the_writing_has_ended_it_is_said(greet: Client) -> None:
    row = advance(wall(), WallState.SORTING)
    assert writes(greet, row) == 409


def test_nothing_else_is_done_by_a_phone(greet: Client) -> None:
    assert greet.post(at(wall()), {"act": "hide"}).status_code == 404


# --- Points ----------------------------------------------------------------------------------------


def marking_wall() -> Wall:
    row = wall()
    for name in "abcd":
        group(row, name)
    return advance(row, WallState.SORTING, WallState.MARKING)


def test_a_phone_gives_its_points_and_sees_them_again(greet: Client) -> None:
    row = marking_wall()
    a, b, c, _d = (str(each.uuid) for each in row.clusters.all())
    assert greet.post(at(row), {"act": "mark", "P": [a, b], "S": [c]}).status_code == 302
    form = greet.get(at(row)).context["form"]
    assert (sorted(form.initial["P"]), form.initial["S"]) == (sorted([a, b]), [c])


def test_a_fourth_point_is_refused_at_its_field(greet: Client) -> None:
    row = marking_wall()
    answer = greet.post(at(row), {"act": "mark", "P": [str(each.uuid) for each in row.clusters.all()]})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["P"])
    assert Point.objects.count() == 0


def test_ranks_are_shown_and_no_count(greet: Client) -> None:
    row = marking_wall()
    a = row.clusters.all()[0]
    for _phone in range(7):
        Client().post(at(row), {"act": "mark", "P": [str(a.uuid)]})
    row = advance(row, WallState.SHOWN)
    groups = greet.get(at(row)).context["groups"]
    assert [(str(each.cluster), each.priority) for each in groups][:2] == [("a", 1), ("b", 0)]


# --- What is new -----------------------------------------------------------------------------------


def test_nothing_new_is_one_small_query(greet: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    row = wall()
    greet.get(at(row))
    with django_assert_num_queries(1):
        answers = greet.get(at(row, "wall_now"), {"v": row.stage})
    assert (answers.status_code, answers.content) == (204, b"")


def test_a_post_it_of_another_does_not_disturb_who_writes(greet: Client) -> None:
    row = wall()
    stick(row, "un", phone="another")
    assert greet.get(at(row, "wall_now"), {"v": row.stage}).status_code == 204


def test_a_step_brings_the_next_page_to_the_phone(greet: Client) -> None:
    row = wall()
    before = row.stage
    advance(row, WallState.SORTING)
    answer = greet.get(at(row, "wall_now"), {"v": before})
    assert (answer.status_code, answer.context["wall"].state) == (200, WallState.SORTING)


def test_the_screen_shows_a_new_post_it(greet: Client) -> None:
    row = wall()
    before = row.version
    assert greet.get(at(row, "wall_screen_now"), {"v": before}).status_code == 204
    stick(row, "plus de logements", phone="one")
    answer = greet.get(at(row, "wall_screen_now"), {"v": before})
    assert [note.text for note in answer.context["shown"].loose] == ["plus de logements"]


def test_what_was_taken_off_is_not_on_the_screen(greet: Client) -> None:
    row = wall()
    post_its.hide(post_it=stick(row, "Madame X"), hidden=True, by=None)
    assert greet.get(at(row, "wall_screen")).context["shown"].loose == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_screen_costs_the_same_however_much_hangs_there(
    greet: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = wall()
    for each in range(number):
        stick(row, f"post-it {each}", phone=f"phone {each}")
        group(row, f"group {each}")
    greet.get(at(row, "wall_screen"))
    with django_assert_num_queries(4):
        greet.get(at(row, "wall_screen"))


# --- Workshops -------------------------------------------------------------------------------------


def choosing(**fields: object) -> Seating:
    row = planned(room(3), kind=SeatingKind.ROUNDS)
    return seating_plans.let_choose(seating=row, is_open=True, by=None)


def choose_page(row: Seating, basin: str = "sud-est") -> str:
    return page("choose", basin, seating=row.uuid)


def test_somebody_chooses_by_phone(greet: Client) -> None:
    row = choosing()
    registration = row.meeting.registrations.all()[0]
    first = row.subjects.all()[0]
    answer = greet.post(choose_page(row), {"who": registration.reference, "choice_1": first.uuid})
    assert answer.status_code == 302
    assert [(each.participant, each.subject) for each in row.wanted.all()] == [(registration.participant, first)]


def test_who_is_nobody_here_is_told_so(greet: Client) -> None:
    answer = greet.post(choose_page(choosing()), {"who": "nobody@example.org"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["who"])


def test_guessing_ends_after_twenty_wrong_lines(greet: Client) -> None:
    row = choosing()
    statuses = [greet.post(choose_page(row), {"who": f"n{number}@example.org"}).status_code for number in range(21)]
    assert statuses == [422] * 20 + [429]


def test_a_seating_of_another_kind_or_basin_has_no_such_page(greet: Client) -> None:
    row = choosing()
    tables = planned(row.meeting)
    urls = [choose_page(tables), choose_page(row, "nord")]
    assert {greet.get(url).status_code for url in urls} == {404}


def test_before_it_is_open_nothing_can_be_chosen(greet: Client) -> None:
    row = planned(room(2), kind=SeatingKind.ROUNDS)
    assert greet.get(choose_page(row)).status_code == 200
    registration = row.meeting.registrations.all()[0]
    assert greet.post(choose_page(row), {"who": registration.reference}).status_code == 422
