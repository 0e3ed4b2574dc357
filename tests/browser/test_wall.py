"""The wall in the room with real browsers: a post-it from a phone comes to the screen, points, and without a script."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from playwright.sync_api import expect

from concertations.enums_tables import WallState
from concertations.links import page
from concertations.models import Point, PostIt, Wall
from tests.browser.axe import DESK, PHONE, faults
from tests.browser.conftest import Visitors
from tests.concertations.room_tools import advance, group, wall

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


@pytest.fixture
def row(transactional_db: None) -> Wall:
    return wall()


def at(row: Wall, name: str = "wall", language: str = "fr") -> str:
    with override(language):
        return page(name, "sud-est", code=row.code)


def test_a_post_it_of_a_phone_comes_to_the_screen_by_itself(visitors: Visitors, row: Wall) -> None:
    screen = visitors()
    screen.page.goto(at(row, "wall_screen"))
    phone = visitors(phone=True)
    phone.page.goto(at(row))
    phone.writes(text="Plus de logements adaptés")
    phone.follows(phone.page.locator("#phone form button").first)
    expect(screen.page.locator(".notes li")).to_have_text("Plus de logements adaptés")
    assert [post_it.text for post_it in PostIt.objects.all()] == ["Plus de logements adaptés"]


def test_what_is_being_written_stays_while_others_write(visitors: Visitors, row: Wall) -> None:
    phone, other = visitors(phone=True), visitors(phone=True)
    phone.page.goto(at(row))
    phone.writes(text="Je réfléchis encore")
    other.page.goto(at(row))
    other.writes(text="Déjà prêt")
    other.follows(other.page.locator("#phone form button").first)
    with phone.page.expect_response(lambda answer: "v=" in answer.url) as asked:
        pass
    assert asked.value.status == 204
    expect(phone.page.locator("[name=text]")).to_have_value("Je réfléchis encore")


def test_points_come_to_the_phone_by_themselves_and_are_given(visitors: Visitors, row: Wall) -> None:
    cluster = group(row)
    phone = visitors(phone=True)
    phone.page.goto(at(row))
    advance(row, WallState.SORTING, WallState.MARKING)
    box = phone.page.locator(f"[name=P][value='{cluster.uuid}']")
    expect(box).to_be_visible()
    box.check()
    phone.follows(phone.page.locator("#phone form button").first)
    expect(box).to_be_checked()
    assert list(Point.objects.values_list("kind", "cluster")) == [("P", cluster.pk)]


def test_all_of_it_works_without_a_script(visitors: Visitors, row: Wall) -> None:
    phone = visitors(phone=True, java_script_enabled=False)
    with override("nl"):
        phone.page.goto(page("wall_enter", "sud-est"))
    phone.writes(code=row.code.lower())
    phone.follows(phone.page.locator("main form button"))
    phone.writes(text="Meer woningen")
    phone.follows(phone.page.locator("#phone form button").first)
    phone.page.goto(at(row, "wall_screen", "nl"))
    expect(phone.page.locator(".notes li")).to_have_text("Meer woningen")
    assert PostIt.objects.get().language == "nl"


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_wall_is_for_everybody(visitors: Visitors, language: str, row: Wall) -> None:
    group(row)
    phone, screen = visitors(phone=True), visitors()
    for state in (None, WallState.SORTING, WallState.MARKING, WallState.SHOWN):
        if state:
            advance(row, state)
        for visitor, name, look in ((phone, "wall", PHONE), (screen, "wall_screen", DESK)):
            visitor.page.goto(at(row, name, language))
            assert faults(visitor.page, look) == [], (state, name)
