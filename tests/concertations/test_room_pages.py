"""The team's pages of tables and walls: who may, what they do, what they show."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from basins.models import Need, User
from basins.rights import Role
from concertations import queries_tables
from concertations.enums_tables import SeatingKind, WallState
from concertations.models import Cluster, Meeting, PostIt, Seating, Wall
from concertations.rules import seating
from concertations.web import room_urls
from core.models import LongJob
from tests.basins.people_tools import sign_in, staff_session
from tests.concertations.factories import MeetingFactory, SeriesFactory
from tests.concertations.room_tools import advance, group, planned, register, room, stick, wall
from tests.concertations.staff_tools import page, team
from tests.factories import UserFactory, grant

__all__ = ["team"]
pytestmark = pytest.mark.django_db


def address(name: str, row: Meeting, **values: Any) -> str:
    basin = row.series.basin
    return page(name, basin.code if basin else None, slug=row.series.slug, meeting=row.uuid, **values)


def seating_page(row: Seating, name: str = "staff_seating", **values: Any) -> str:
    return address(name, row.meeting, seating=row.uuid, **values)


def desk(row: Wall, name: str = "staff_wall", **values: Any) -> str:
    return address(name, row.meeting, wall=row.uuid, **values)


def all_pages(meeting: Meeting) -> list[str]:
    """Every page of the team, with rows filled in."""
    row, one = planned(meeting, kind=SeatingKind.ROUNDS), wall(meeting)
    person = queries_tables.expected_of(meeting)[0]
    values = {"slug": meeting.series.slug, "meeting": meeting.uuid, "seating": row.uuid, "wall": one.uuid}
    values |= {"participant": person.uuid, "cluster": group(one).uuid}
    basin = meeting.series.basin
    return [
        page(
            str(pattern.name), basin.code if basin else None, **{key: values[key] for key in pattern.pattern.converters}
        )
        for pattern in room_urls.urlpatterns
        if str(pattern.name).startswith("staff_")
    ]


# --- Who -------------------------------------------------------------------------------------------


def test_who_is_not_of_the_team_sees_none_of_it(client: Client, bram: User) -> None:
    staff_session(client, bram)
    assert {client.get(url).status_code for url in all_pages(room(2))} == {404, 405}


def test_strangers_are_asked_to_sign_in(greet: Client) -> None:
    assert {greet.get(url).status_code for url in all_pages(room(2))} == {302}


def test_the_first_factor_alone_is_not_enough(client: Client, alice: User) -> None:
    sign_in(client, alice)
    assert {client.get(url).status_code for url in all_pages(room(2))} == {302, 405}


def test_the_team_sees_all_of_it(team: Client) -> None:
    assert {team.get(url).status_code for url in all_pages(room(2))} == {200, 405}


def test_the_region_has_the_same_pages(client: Client) -> None:
    boss = UserFactory(email="region@example.org")
    grant(boss, Role.REGION_ADMIN, None)
    staff_session(client, boss)
    meeting = room(2, series=SeriesFactory(basin=None))
    assert {client.get(url).status_code for url in all_pages(meeting)} == {200, 405}


# --- Tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(SeatingKind))
def test_a_seating_of_each_kind_is_planned(team: Client, kind: SeatingKind) -> None:
    meeting = room(4)
    url = address("staff_tables_new", meeting) + f"?kind={kind}"
    assert team.get(url).status_code == 200
    sent = {"title_fr": "Tables", "title_nl": "Tafels", "table_size": 4, "rounds": 2, "minutes": 10}
    for number in (1, 2):
        sent |= {f"subject_{number}_title_{code}": f"{code} {number}" for code in ("fr", "nl")}
        sent[f"subject_{number}_seats"] = 9
    answer = team.post(url, sent)
    row = Seating.objects.get()
    assert (answer.status_code, answer["Location"], row.kind) == (302, seating_page(row), kind)
    assert team.get(seating_page(row, "staff_seating_edit")).status_code == 200


def test_what_is_missing_is_said_at_its_field(team: Client) -> None:
    url = address("staff_tables_new", room(4)) + "?kind=swap"
    answer = team.post(url, {"title_fr": "A", "title_nl": "B", "table_size": 4, "subject_1_title_fr": "Un"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["subject_2_title_fr"]


def test_no_seating_of_an_unknown_kind(team: Client) -> None:
    assert team.get(address("staff_tables_new", room(4)) + "?kind=chairs").status_code == 404


@pytest.mark.parametrize("kind", list(SeatingKind))
def test_seats_are_drawn_shown_and_explained(team: Client, kind: SeatingKind) -> None:
    rounds: dict[str, Any] = {"rounds": 3} if kind == SeatingKind.PAIRS else {}
    row = planned(room(11), kind=kind, **rounds)
    assert team.post(seating_page(row), {"act": "draw", "seed": "7"}).status_code == 302
    answer = team.get(seating_page(row))
    row.refresh_from_db()
    assert (answer.status_code, row.seed, row.seats.filter(turn=1).count()) == (200, 7, 11)
    assert len(answer.context["results"]) >= 1
    names = {f"Person {number:02}" for number in range(11)}
    assert {name for name in names if name in answer.content.decode()} == names


def test_a_seed_that_is_none_is_refused(team: Client) -> None:
    row = planned(room(4))
    answer = team.post(seating_page(row), {"act": "draw", "seed": "-1"})
    assert (answer.status_code, list(answer.context["forms"]["draw"].errors)) == (422, ["seed"])


def test_why_nobody_can_be_seated_is_said(team: Client) -> None:
    row = planned(room(1))
    answer = team.post(seating_page(row), {"act": "draw"})
    assert (answer.status_code, len(answer.context["problems"])) == (422, 1)


def test_an_unknown_act_is_none(team: Client) -> None:
    assert team.post(seating_page(planned(room(2))), {"act": "burn"}).status_code == 404


def test_two_people_change_seats_on_the_page(team: Client) -> None:
    row = seating.draw(seating=planned(room(8)), by=None, seed=1)
    one, other = row.seats.filter(place=1).first(), row.seats.filter(place=2).first()
    assert one is not None
    assert other is not None
    sent = {"act": "exchange", "one": one.participant.uuid, "other": other.participant.uuid}
    assert team.post(seating_page(row), sent).status_code == 302
    assert row.seats.get(participant=one.participant).place == 2


def test_somebody_is_moved_on_the_page(team: Client) -> None:
    row = seating.draw(seating=planned(room(8)), by=None, seed=1)
    seat = row.seats.filter(place=1).first()
    assert seat is not None
    sent = {"act": "move", "participant": seat.participant.uuid, "place": 2}
    assert team.post(seating_page(row), sent).status_code == 302
    assert row.seats.filter(place=2).count() == 5


def test_who_came_late_and_who_is_gone_are_shown_and_put_right(team: Client) -> None:
    row = seating.draw(seating=planned(room(7)), by=None, seed=1)
    late = register(row.meeting, name="Late")
    gone = row.meeting.registrations.order_by("pk")[0]
    row.meeting.registrations.filter(pk=gone.pk).update(state="cancelled", cancelled_at=row.meeting.starts_at)
    answer = team.get(seating_page(row))
    assert (answer.context["unseated"], answer.context["gone"]) == ([late], [gone.participant])
    team.post(seating_page(row), {"act": "late", "participant": late.uuid})
    team.post(seating_page(row), {"act": "away", "participant": gone.participant.uuid})
    answer = team.get(seating_page(row))
    assert (answer.context["unseated"], answer.context["gone"]) == ([], [])


def test_a_person_of_another_series_is_not_there(team: Client) -> None:
    row = seating.draw(seating=planned(room(4)), by=None)
    stranger = register(MeetingFactory())
    answer = team.post(seating_page(row), {"act": "late", "participant": stranger.uuid})
    assert answer.status_code == 404


def test_choices_are_noted_by_the_team(team: Client) -> None:
    row = planned(room(3), kind=SeatingKind.ROUNDS)
    person = queries_tables.expected_of(row.meeting)[0]
    subjects = list(row.subjects.all())
    url = seating_page(row, "staff_seating_choice", participant=person.uuid)
    answer = team.post(url, {"choice_1": subjects[2].uuid, "choice_2": subjects[0].uuid})
    assert answer.status_code == 302
    assert [choice.subject for choice in row.wanted.all()] == [subjects[2], subjects[0]]
    again = team.post(url, {"choice_1": subjects[2].uuid, "choice_2": subjects[2].uuid})
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["choice_1"])


def test_cards_are_drawn_by_the_worker_once_for_the_same_seats(team: Client) -> None:
    row = seating.draw(seating=planned(room(4)), by=None)
    for _time in range(2):
        assert team.post(seating_page(row, "staff_seating_paper")).status_code == 302
    assert [job.kind for job in LongJob.objects.all()] == ["concertations.table_cards"]


def test_without_seats_there_are_no_cards(team: Client) -> None:
    row = planned(room(4))
    assert team.post(seating_page(row, "staff_seating_paper"))["Location"] == seating_page(row)
    assert LongJob.objects.count() == 0


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_seatings_costs_the_same_however_many(
    team: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    meeting = room(3)
    for _time in range(number):
        planned(meeting)
    team.get(address("staff_tables", meeting))
    with django_assert_num_queries(7):
        team.get(address("staff_tables", meeting))


@pytest.mark.parametrize("people", [4, 12])
def test_a_seating_costs_the_same_however_many_sit(
    team: Client, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = seating.draw(seating=planned(room(people)), by=None)
    team.get(seating_page(row))
    with django_assert_num_queries(14):
        team.get(seating_page(row))


@pytest.mark.parametrize("number", [1, 3])
def test_the_choices_cost_the_same_however_many(
    team: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = planned(room(number), kind=SeatingKind.ROUNDS)
    url = seating_page(row, "staff_seating_choices")
    team.get(url)
    with django_assert_num_queries(9):
        team.get(url)


# --- Walls -----------------------------------------------------------------------------------------


def test_a_wall_is_prepared_and_opened(team: Client) -> None:
    meeting = MeetingFactory()
    sent = {"question_fr": "Que manque-t-il ?", "question_nl": "Wat ontbreekt er?", "post_its_each": 2}
    team.post(address("staff_wall_new", meeting), sent)
    row = Wall.objects.get()
    assert row.state == WallState.DRAFT
    team.post(desk(row), {"act": "step", "to": "writing"})
    row.refresh_from_db()
    assert row.state == WallState.WRITING


def test_the_desk_types_groups_sorts_hides_and_hands_over(team: Client) -> None:
    row = wall()
    team.post(desk(row), {"act": "type", "text": "plus de logements", "kind": "need", "language": "fr"})
    team.post(desk(row), {"act": "group", "title_fr": "Logement", "title_nl": "Wonen"})
    note, under = PostIt.objects.get(), Cluster.objects.get()
    team.post(desk(row), {"act": "sort", f"c-{note.uuid}": under.uuid, f"was-{note.uuid}": ""})
    note.refresh_from_db()
    assert note.cluster == under
    team.post(desk(row), {"act": "hide", "hide": note.uuid})
    note.refresh_from_db()
    assert note.hidden_at is not None
    team.post(desk(row), {"act": "hide", "show": note.uuid})
    team.post(desk(row), {"act": "step", "to": "sorting"})
    team.post(desk(row), {"act": "needs"})
    assert [(need.title_fr, need.title_nl) for need in Need.objects.all()] == [("Logement", "Wonen")]


def test_what_a_colleague_sorted_meanwhile_stays(team: Client) -> None:
    row = wall()
    note, one, other = stick(row, "un"), group(row, "a"), group(row, "b")
    team.post(desk(row), {"act": "sort", f"c-{note.uuid}": one.uuid, f"was-{note.uuid}": ""})
    # This page still shows the post-it under none, and leaves it there.
    team.post(desk(row), {"act": "sort", f"c-{note.uuid}": "", f"was-{note.uuid}": ""})
    note.refresh_from_db()
    assert (note.cluster, other.post_its.count()) == (one, 0)


@pytest.mark.parametrize(
    ("sent", "form", "field"),
    [
        ({"act": "type", "text": "", "kind": "need", "language": "fr"}, "typed", "text"),
        ({"act": "type", "text": "85.07.30-033.28", "kind": "need", "language": "fr"}, "typed", "text"),
        ({"act": "group", "title_fr": "Logement", "title_nl": ""}, "cluster", "title_nl"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(team: Client, sent: dict[str, str], form: str, field: str) -> None:
    answer = team.post(desk(wall()), sent)
    assert (answer.status_code, list(answer.context[form].errors)) == (422, [field])


def test_a_step_that_does_not_follow_is_said(team: Client) -> None:
    answer = team.post(desk(wall(state=WallState.SORTING)), {"act": "step", "to": "marking"})
    assert (answer.status_code, len(answer.context["problems"])) == (422, 1)


def test_a_group_is_renamed_and_taken_away(team: Client) -> None:
    row = wall()
    url = desk(row, "staff_wall_group", cluster=group(row).uuid)
    team.post(url, {"title_fr": "Habitat", "title_nl": "Wonen"})
    assert Cluster.objects.get().title_fr == "Habitat"
    team.post(url, {"remove": "1"})
    assert Cluster.objects.count() == 0


@pytest.mark.parametrize("state", list(WallState))
def test_the_desk_shows_every_state(team: Client, state: WallState) -> None:
    assert team.get(desk(wall(state=state))).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_desk_costs_the_same_however_many_post_its(
    team: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = wall()
    for each in range(number):
        stick(row, f"post-it {each}", phone=f"phone {each}")
        group(row, f"group {each}")
    row = advance(row, WallState.SORTING)
    team.get(desk(row))
    with django_assert_num_queries(10):
        team.get(desk(row))


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_both_languages_have_all_pages(team: Client, language: str) -> None:
    meeting = room(4)
    with translation.override(language):
        assert {team.get(url).status_code for url in all_pages(meeting)} == {200, 405}
