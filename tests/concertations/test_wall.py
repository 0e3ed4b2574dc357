"""Walls of post-its: two each, groups by hand, three points of each kind, ranks alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError
from django.utils import translation

from basins.models import Need, User
from basins.rules.people import NotYours
from basins.rules.privacy import NationalNumberFound
from concertations import queries_wall
from concertations.enums_tables import PointKind, PostItKind, WallState
from concertations.errors import WallClosed, WallError, WallStepRefused
from concertations.models import Cluster, Phone, Point, PostIt, Wall, WallStep
from concertations.rules import marking, post_its, walls
from concertations.rules.walls import WallData
from tests.concertations.factories import MeetingFactory
from tests.concertations.room_tools import advance, group, stick, wall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words_of_the_code(_first_language: None) -> None:
    translation.activate("en")


def marked(row: Wall, phone: str, priority: list[Cluster], support: list[Cluster] | None = None) -> None:
    marking.mark(wall=row, digest=phone, priority=priority, support=support or [])


# --- Writing ---------------------------------------------------------------------------------------


def test_a_phone_has_two_post_its() -> None:
    row = wall()
    stick(row, "Un logement", phone="one")
    stick(row, "Un psychologue", phone="one")
    with pytest.raises(WallError, match="Each person has 2 post-its"):
        stick(row, "Encore", phone="one")
    assert [post_it.number for post_it in row.post_its.all()] == [1, 2]


def test_another_phone_has_its_own() -> None:
    row = wall(post_its_each=1)
    stick(row, "Un logement", phone="one")
    assert stick(row, "Un psychologue", phone="two").number == 1


def test_what_is_taken_back_may_be_written_anew() -> None:
    row = wall(post_its_each=1)
    stick(row, "Un lojement", phone="one")
    post_its.take_back(wall=row, digest="one", number=1)
    stick(row, "Un logement", phone="one")
    assert [post_it.text for post_it in row.post_its.all()] == ["Un logement"]


def test_nobody_takes_back_what_another_wrote() -> None:
    row = wall()
    stick(row, "Un logement", phone="one")
    post_its.take_back(wall=row, digest="two", number=1)
    assert row.post_its.count() == 1


def test_what_was_hidden_gives_no_other() -> None:
    row = wall(post_its_each=1)
    post_its.hide(post_it=stick(row, "Madame X, rue Y", phone="one"), hidden=True, by=None)
    post_its.take_back(wall=row, digest="one", number=1)
    with pytest.raises(WallError):
        stick(row, "Encore", phone="one")
    assert queries_wall.shown(row).post_its == 0


@pytest.mark.parametrize("state", [WallState.DRAFT, WallState.SORTING, WallState.MARKING, WallState.SHOWN])
def test_phones_write_while_the_wall_is_open_alone(state: WallState) -> None:
    with pytest.raises(WallClosed):
        stick(wall(state=state), "Un logement", phone="one")


def test_the_team_types_what_is_on_paper_while_it_sorts() -> None:
    row = wall(state=WallState.SORTING)
    under = group(row)
    post_it = post_its.type_in(
        wall=row, text=" Un  logement ", kind=PostItKind.IDEA, language="nl", by=None, cluster=under
    )
    assert (post_it.text, post_it.phone, post_it.cluster) == ("Un logement", None, under)


@pytest.mark.parametrize(
    ("text", "refusal"), [("  ", WallError), ("x" * 161, WallError), ("85.07.30-033.28", NationalNumberFound)]
)
def test_what_is_no_post_it_is_refused(text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        stick(wall(), text, phone="one")


def test_the_database_knows_that_a_number_is_used_once() -> None:
    row = wall()
    first = stick(row, "Un", phone="one")
    with pytest.raises(IntegrityError, match="concertations_post_it_number_once_per_phone"):
        PostIt.objects.create(wall=row, text="Deux", language="fr", phone=first.phone, number=1)


# --- In order --------------------------------------------------------------------------------------


def test_post_its_are_put_under_groups_and_out_again() -> None:
    row = wall()
    one, two, three = (stick(row, text) for text in ("un", "deux", "trois"))
    under = group(row)
    assert post_its.sort(wall=row, into={one.uuid: under.uuid, two.uuid: under.uuid, three.uuid: None}, by=None) == 2
    assert post_its.sort(wall=row, into={two.uuid: None}, by=None) == 1
    shown = queries_wall.shown(row)
    assert [[each.text for each in found.post_its] for found in shown.groups] == [["un"]]
    assert [each.text for each in shown.loose] == ["deux", "trois"]


def test_a_group_of_another_wall_is_none() -> None:
    row, other = wall(), wall()
    with pytest.raises(WallError, match="no such group"):
        post_its.sort(wall=row, into={stick(row, "un").uuid: group(other).uuid}, by=None)


def test_the_post_its_of_a_group_that_goes_stay() -> None:
    row = wall()
    under = group(row)
    post_its.sort(wall=row, into={stick(row, "un").uuid: under.uuid}, by=None)
    post_its.remove_cluster(cluster=under, by=None)
    assert [each.text for each in queries_wall.shown(row).loose] == ["un"]


def test_groups_stay_as_they_are_once_points_are_given() -> None:
    row = wall(state=WallState.MARKING)
    with pytest.raises(WallClosed):
        group(row, "Encore")


def test_a_group_has_a_name_in_both_languages() -> None:
    with pytest.raises(WallError):
        post_its.add_cluster(wall=wall(), title_fr="Logement", title_nl="", by=None)


# --- Points ----------------------------------------------------------------------------------------


def with_groups(*names: str) -> tuple[Wall, list[Cluster]]:
    row = wall()
    clusters = [group(row, name) for name in names]
    return advance(row, WallState.SORTING, WallState.MARKING), clusters


def test_a_phone_has_three_points_of_each_kind() -> None:
    row, (a, b, c, d) = with_groups("a", "b", "c", "d")
    marked(row, "one", [a, b, c], [b, c, d])
    with pytest.raises(WallError):
        marked(row, "one", [a, b, c, d])
    assert Point.objects.filter(phone__wall=row).count() == 6


def test_points_given_again_replace_those_before() -> None:
    row, (a, b) = with_groups("a", "b")
    marked(row, "one", [a], [a])
    marked(row, "one", [b])
    assert [(point.kind, point.cluster) for point in Point.objects.all()] == [("P", b)]


def test_points_go_to_groups_of_the_wall_alone() -> None:
    row, _clusters = with_groups("a")
    _other, (foreign,) = with_groups("b")
    with pytest.raises(WallError):
        marked(row, "one", [foreign])


@pytest.mark.parametrize("state", [WallState.WRITING, WallState.SORTING, WallState.SHOWN])
def test_points_are_given_at_their_time_alone(state: WallState) -> None:
    with pytest.raises(WallClosed):
        marked(wall(state=state), "one", [])


def test_ranks_are_shared_by_equals_and_counted_per_kind() -> None:
    row, (a, b, c, d) = with_groups("a", "b", "c", "d")
    marked(row, "one", [b, c, a], [d])
    marked(row, "two", [b, c])
    assert queries_wall.ranks(row) == {
        PointKind.PRIORITY: {b.pk: 1, c.pk: 1, a.pk: 3},
        PointKind.SUPPORT: {d.pk: 1},
    }


def test_what_matters_most_comes_first_and_without_points_last() -> None:
    row, (_a, b, c) = with_groups("a", "b", "c")
    marked(row, "one", [c])
    marked(row, "two", [c, b], [b])
    row = advance(row, WallState.SHOWN)
    found = [(str(each.cluster), each.priority, each.support) for each in queries_wall.shown(row).groups]
    assert found == [("c", 1, 0), ("b", 2, 1), ("a", 0, 0)]


def test_ranks_of_one_wall_know_nothing_of_another() -> None:
    first, (_a, b) = with_groups("a", "b")
    second, (c,) = with_groups("c")
    for phone in ("one", "two", "three"):
        marked(second, phone, [c])
    marked(first, "one", [b])
    assert queries_wall.ranks(first)[PointKind.PRIORITY] == {b.pk: 1}


# --- Steps and versions ----------------------------------------------------------------------------


def test_a_step_is_a_row(alice: User) -> None:
    row = wall(MeetingFactory(), state=WallState.DRAFT)
    walls.step(wall=row, to=WallState.WRITING, by=alice)
    assert list(WallStep.objects.values_list("from_state", "to_state", "by")) == [("draft", "writing", alice.pk)]


def test_a_wall_is_not_shown_before_it_was_marked() -> None:
    with pytest.raises(WallStepRefused):
        walls.step(wall=wall(), to=WallState.SHOWN, by=None)


def test_points_need_groups() -> None:
    with pytest.raises(WallStepRefused):
        walls.step(wall=wall(state=WallState.SORTING), to=WallState.MARKING, by=None)


def test_a_post_it_moves_the_screen_and_leaves_the_phones() -> None:
    row = wall()
    before = queries_wall.versions("sud-est", row.code)
    stick(row, "un", phone="one")
    assert before is not None
    assert queries_wall.versions("sud-est", row.code) == (before[0] + 1, before[1])


def test_a_step_moves_the_phones_too() -> None:
    row = wall()
    before = queries_wall.versions("sud-est", row.code)
    advance(row, WallState.SORTING)
    assert before is not None
    assert queries_wall.versions("sud-est", row.code) == (before[0] + 1, before[1] + 1)


def test_a_wall_in_preparation_has_no_code_yet() -> None:
    assert queries_wall.versions("sud-est", wall(state=WallState.DRAFT).code) is None


def test_a_code_is_typed_as_people_type() -> None:
    row = wall()
    typed = f" {row.code[:3].lower()}-{row.code[3:].lower()} "
    assert queries_wall.wall_by_code("sud-est", typed) == row


def test_the_wall_of_another_basin_is_not_there() -> None:
    with pytest.raises(Wall.DoesNotExist):
        queries_wall.wall_by_code("nord", wall().code)


def test_only_the_team_of_the_basin_keeps_the_wall(bram: User) -> None:
    row = wall()
    with pytest.raises(NotYours):
        walls.step(wall=row, to=WallState.SORTING, by=bram)
    with pytest.raises(NotYours):
        walls.prepare(meeting=row.meeting, data=WallData(question_fr="A", question_nl="B"), by=bram)


def test_a_wall_that_people_wrote_on_stays() -> None:
    row = wall()
    stick(row, "un")
    with pytest.raises(WallError):
        walls.remove(wall=row, by=None)


# --- Needs -----------------------------------------------------------------------------------------


def test_the_needs_of_a_group_are_mentions_of_one_need_in_both_languages() -> None:
    row = wall()
    under = group(row, "Logement")
    fr, nl = stick(row, "plus de logements"), stick(row, "meer woningen", language="nl")
    idea = stick(row, "un bus", kind=PostItKind.IDEA)
    post_its.sort(wall=row, into={each.uuid: under.uuid for each in (fr, nl, idea)}, by=None)
    row = advance(row, WallState.SORTING)
    assert post_its.hand_over_needs(wall=row, by=None) == 2
    need = Need.objects.get()
    assert (need.title_fr, need.title_nl) == ("Logement", "Logement (nl)")
    words = need.mentions.order_by("pk").values_list("words", "language", "source_key", "heard_on")
    assert list(words) == [
        ("plus de logements", "fr", f"note:{fr.uuid}", row.meeting.day),
        ("meer woningen", "nl", f"note:{nl.uuid}", row.meeting.day),
    ]


def test_handed_over_twice_it_counts_once() -> None:
    row = wall()
    stick(row, "plus de logements")
    hidden = stick(row, "Madame X")
    post_its.hide(post_it=hidden, hidden=True, by=None)
    row = advance(row, WallState.SORTING)
    assert (post_its.hand_over_needs(wall=row, by=None), post_its.hand_over_needs(wall=row, by=None)) == (1, 0)
    assert [need.title_fr for need in Need.objects.all()] == ["plus de logements"]


def test_what_comes_later_joins_the_need_of_its_group() -> None:
    row = wall()
    under = group(row)
    post_its.sort(wall=row, into={stick(row, "plus de logements").uuid: under.uuid}, by=None)
    row = advance(row, WallState.SORTING)
    post_its.hand_over_needs(wall=row, by=None)
    post_its.sort(wall=row, into={stick(row, "meer", language="nl").uuid: under.uuid}, by=None)
    post_its.hand_over_needs(wall=row, by=None)
    assert [need.mentions.count() for need in Need.objects.all()] == [2]


def test_needs_wait_until_nobody_writes_any_more() -> None:
    with pytest.raises(WallClosed):
        post_its.hand_over_needs(wall=wall(), by=None)


# --- Forgetting ------------------------------------------------------------------------------------


def test_after_a_year_nothing_ties_post_its_to_a_phone_and_ranks_stay() -> None:
    row = wall()
    stick(row, "un", phone="one")
    under = group(row)
    row = advance(row, WallState.SORTING, WallState.MARKING)
    marked(row, "one", [under])
    assert walls.forget_phones(before=row.meeting.day + dt.timedelta(days=1)) == 1
    assert walls.forget_phones(before=row.meeting.day + dt.timedelta(days=1)) == 0
    assert Phone.objects.filter(digest="one").count() == 0
    assert [(each.text, each.phone) for each in row.post_its.all()] == [("un", None)]
    assert queries_wall.ranks(row)[PointKind.PRIORITY] == {under.pk: 1}


def test_phones_of_later_meetings_are_kept() -> None:
    row = wall()
    stick(row, "un", phone="one")
    assert walls.forget_phones(before=row.meeting.day) == 0
