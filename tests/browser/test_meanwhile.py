"""What others did meanwhile, and what cannot be: the last seat gone, two visits at one time."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from opendoors.models import BookedVisit, Edition, Visit
from tests.browser.conftest import Visitors
from tests.browser.visitor import Visitor, free_visits
from tests.opendoors.factories import VisitFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


def held_by(email: str) -> int:
    return BookedVisit.objects.filter(booking__visitor__email=email).count()


def leave_one_seat(visit: Visit) -> None:
    Visit.objects.filter(pk=visit.pk).update(seats=visit.seats_taken + 1)


def chooses(visitor: Visitor, edition: Edition, visits: list[Visit], email: str) -> None:
    visitor.opens_week(edition)
    for visit in visits:
        visitor.card(visit).click()
    visitor.writes(name="Anna Peeters", organisation="Maison de l’Essai", email=email)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_last_seat_went_meanwhile(visitors: Visitors, week: Edition, scripts: bool) -> None:
    anna, bruno = visitors(java_script_enabled=scripts), visitors()
    wanted = first, second, third = free_visits(week)
    leave_one_seat(second)
    chooses(anna, week, wanted, "anna@example.org")
    anna.page.locator("[name=sector]").select_option(index=2)
    chooses(bruno, week, [second], "bruno@example.org")
    bruno.sends()
    anna.sends()

    assert (held_by("bruno@example.org"), held_by("anna@example.org")) == (1, 0)
    words = anna.page.locator(".sum li").inner_text().replace("\u202f", " ").replace("\u00a0", " ")
    assert words == f"Plus de place : {second.host.name}. Rien n’a été réservé : choisissez à nouveau."
    if scripts:
        expect(anna.page.locator(".sum")).to_be_focused()
    else:
        gone = anna.page.locator("#gone li").filter(has=anna.page.locator(".bad"))
        expect(gone).to_have_count(1)
        expect(gone).to_contain_text(second.host.name)
    # What went is no longer ticked: what is left can be sent as it stands.
    ticked = [anna.box(visit).is_checked() for visit in wanted]
    assert ticked == [True, False, True]
    typed = {name: anna.page.locator(f"[name={name}]").input_value() for name in ("name", "organisation", "email")}
    assert typed == {"name": "Anna Peeters", "organisation": "Maison de l’Essai", "email": "anna@example.org"}
    assert anna.page.locator("[name=sector]").input_value() != ""

    anna.sends()
    assert anna.page.locator("main ol.list h2").all_inner_texts() == [first.host.name, third.host.name]


def test_seats_move_while_the_page_is_open(visitors: Visitors, week: Edition) -> None:
    anna, bruno = visitors(), visitors()
    (first, *_others) = free_visits(week)
    leave_one_seat(first)
    anna.page.clock.install()
    anna.opens_week(week)
    expect(anna.box(first)).to_be_enabled()
    chooses(bruno, week, [first], "bruno@example.org")
    bruno.sends()
    anna.page.clock.run_for(31_000)
    expect(anna.card(first)).to_contain_text("Complet")
    expect(anna.box(first)).to_have_attribute("name", "waits")


@pytest.fixture
def clash(week: Edition) -> tuple[Visit, Visit]:
    """Two visits whose times overlap by an hour, on the same day."""
    first = free_visits(week)[0]
    other = next(
        visit
        for visit in week.visits.select_related("host").order_by("-starts_at")
        if visit.seats_left > 0
        and visit.pk != first.pk
        and visit.starts_at < first.ends_at
        and first.starts_at < visit.ends_at
    )
    return first, other


def test_a_clash_is_marked_at_once(visitors: Visitors, week: Edition, clash: tuple[Visit, Visit]) -> None:
    anna, (first, other) = visitors(), clash
    anna.opens_week(week)
    anna.card(first).click()
    expect(anna.page.locator("#clash")).to_be_hidden()
    anna.card(other).click()
    expect(anna.page.locator("#clash")).to_be_visible()
    for visit in clash:
        expect(anna.card(visit).locator(".clash")).to_be_visible()
    assert anna.page.locator(".visit.clashing").count() == 2
    anna.card(other).click()
    expect(anna.page.locator("#clash")).to_be_hidden()
    assert anna.page.locator(".visit.clashing").count() == 0


@pytest.mark.parametrize("scripts", [True, False])
def test_a_clash_is_refused(visitors: Visitors, week: Edition, clash: tuple[Visit, Visit], scripts: bool) -> None:
    anna = visitors(java_script_enabled=scripts)
    chooses(anna, week, list(clash), "anna@example.org")
    anna.sends()
    assert held_by("anna@example.org") == 0
    for visit in clash:
        expect(anna.page.locator(".sum li")).to_contain_text(visit.host.name)
        expect(anna.card(visit).locator(".clash")).to_be_visible()
        expect(anna.box(visit)).to_be_checked()
    assert anna.page.locator("[name=email]").input_value() == "anna@example.org"


def test_a_clash_on_a_phone_is_said_in_the_bar(visitors: Visitors, week: Edition) -> None:
    anna = visitors(phone=True)
    one = VisitFactory(edition=week, begin="08:00", end="09:00")
    other = VisitFactory(edition=week, begin="08:30", end="09:30")
    anna.opens_week(week)
    anna.card(one).tap()
    expect(anna.page.locator("#c2")).to_be_hidden()
    anna.card(other).tap()
    expect(anna.page.locator("#c2")).to_be_in_viewport()
