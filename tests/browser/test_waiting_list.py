"""Scarce seats at a browser: for a team, waiting where full, an offer by mail; at once, by keyboard, on a phone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import expect

from basins.models import Municipality
from opendoors import queries_waiting
from opendoors.models import BookedVisit, Booking, Edition, Visit, WaitingRequest
from opendoors.rules import booking as rules
from tests.browser.conftest import Visitors
from tests.browser.visitor import Visitor, free_visits, link_in, newest_mail, said
from tests.opendoors.factories import VisitFactory
from tests.opendoors.waiting_tools import held_by, wait

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

ANNA = "anna@example.org"
FIRST = "Almost there: confirm your address"
IN_LINE = "You are on the waiting list"


@pytest.fixture
def full(week: Edition) -> list[Visit]:
    """Two visits on different days, full with one booking each that can be given back."""
    visits = []
    for day, email in ((0, "one@example.org"), (2, "two@example.org")):
        visit = VisitFactory(edition=week, day=day, begin="18:35", end="19:00", seats=1)
        held_by(email, visit)
        visits.append(visit)
    return visits


def held(email: str = ANNA) -> list[Visit]:
    rows = BookedVisit.objects.filter(booking__visitor__email=email, state="confirmed").select_related("visit")
    return [row.visit for row in rows.order_by("visit__starts_at")]


def asked() -> WaitingRequest:
    """What Anna waits for."""
    return WaitingRequest.objects.get(visitor__email=ANNA)


def place_in_words(request: WaitingRequest, language: str) -> str:
    """Where the one wish of a request stands, as pages say it: not the first here, so that it says of whom."""
    wish = request.wishes.select_related("request", "visit__edition").get()
    with override(language):
        place = queries_waiting.place_in_line(wish)
    assert place.ahead == 1
    return str(place.reason)


def somebody_gives_back(visit: Visit) -> None:
    rules.cancel(booking=Booking.objects.get(booked__visit=visit), by=None)


def shows_day_of(anna: Visitor, visit: Visit) -> None:
    """On a phone one day is open at a time."""
    if anna.has_touch:
        anna.page.locator(".tabs label").nth(visit.starts_at.weekday()).tap()


def picks(anna: Visitor, *visits: Visit) -> None:
    for visit in visits:
        shows_day_of(anna, visit)
        if anna.has_touch:
            anna.card(visit).tap()
        else:
            anna.card(visit).click()


# --- The whole way -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phone", "scripts"), [(False, True), (True, True), (False, False)], ids=["wide", "phone", "without scripts"]
)
def test_from_the_line_to_the_seat(
    visitors: Visitors, week: Edition, full: list[Visit], phone: bool, scripts: bool
) -> None:
    anna = visitors(phone=phone, java_script_enabled=scripts)
    free = free_visits(week)[1]
    anna.opens_week(week)
    picks(anna, free, *full)
    anna.page.locator("[name=wanted]").select_option("1")
    anna.writes(name="Anna Peeters", email=ANNA)
    anna.sends()
    assert anna.page.locator("h1").inner_text() == said(FIRST, "fr")
    assert anna.page.locator("main ol.list h3").all_inner_texts() == [visit.host.name for visit in full]

    anna.confirms(ANNA)
    assert held() == [free]
    somebody_gives_back(full[0])
    anna.page.goto(link_in(newest_mail(ANNA), "opendoors:offer"))
    expect(anna.page.locator(".note li")).to_contain_text(full[1].host.name)  # the line one leaves by saying yes
    assert held() == [free]  # the link asks, it does not act
    anna.follows(anna.page.locator("[name=answer][value=accept]"))
    assert sorted(held(), key=lambda visit: visit.pk) == sorted([free, full[0]], key=lambda visit: visit.pk)
    assert asked().state == "served"
    expect(anna.page.locator("#h-lines")).to_have_count(0)


def test_no_gives_the_seat_to_the_next(visitors: Visitors, week: Edition, full: list[Visit]) -> None:
    anna = visitors()
    anna.opens_week(week, "nl")
    picks(anna, full[0])
    anna.writes(name="Anna Peeters", email=ANNA)
    anna.sends()
    assert anna.page.locator("h1").inner_text() == said(FIRST, "nl")
    anna.confirms(ANNA)
    assert anna.page.locator("h1").inner_text() == said(IN_LINE, "nl")
    somebody_gives_back(full[0])
    anna.page.goto(link_in(newest_mail(ANNA), "opendoors:offer"))
    anna.follows(anna.page.locator("[name=answer][value=decline]"))
    assert held() == []
    assert Visit.objects.get(pk=full[0].pk).seats_left == 1


def test_leaving_the_line(visitors: Visitors, week: Edition, full: list[Visit]) -> None:
    anna = visitors(phone=True)
    anna.opens_week(week)
    picks(anna, *full)
    anna.writes(name="Anna Peeters", email=ANNA)
    anna.sends()
    anna.follows(anna.page.get_by_role("link", name=said("Leave the waiting list", "fr")))
    anna.page.locator("main [name=visits]").first.uncheck()
    anna.follows(anna.page.locator("main form button").first)
    states = [wish.state for wish in asked().wishes.order_by("visit__starts_at")]
    assert states == ["waiting", "released"]


@pytest.mark.parametrize(
    ("phone", "scripts", "language"),
    [(False, True, "fr"), (True, True, "nl"), (False, False, "nl")],
    ids=["wide", "phone", "without scripts"],
)
def test_from_the_link_of_the_mail_one_waits_for_a_full_visit_too(
    visitors: Visitors, week: Edition, full: list[Visit], *, phone: bool, scripts: bool, language: str
) -> None:
    kept = free_visits(week)[1]
    wait(full[0], email="before@example.org")
    held_by(ANNA, kept, language=language)
    anna = visitors(phone=phone, java_script_enabled=scripts)
    anna.page.goto(link_in(newest_mail(ANNA), "opendoors:booked"))
    anna.follows(anna.page.get_by_role("link", name=said("Change my visits", language)))
    shows_day_of(anna, kept)
    expect(anna.box(kept)).to_be_checked()

    picks(anna, full[0])
    expect(anna.box(full[0])).to_have_attribute("name", "waits")
    anna.sends()

    lines = anna.page.locator("section[aria-labelledby=h-lines] ol.list > li")
    expect(lines).to_have_count(1)
    expect(lines.locator("h3")).to_have_text(full[0].host.name)
    expect(lines).to_contain_text(place_in_words(asked(), language))
    assert held() == [kept]
    assert [(wish.visit, wish.state) for wish in asked().wishes.all()] == [(full[0], "waiting")]
    anna.page.goto(link_in(newest_mail(ANNA), "opendoors:booked"))  # the letter about it leads to the same
    expect(lines).to_contain_text(place_in_words(asked(), language))


def test_a_team_with_the_keyboard_alone(visitors: Visitors, week: Edition, full: list[Visit]) -> None:
    anna = visitors()
    page = anna.page
    free = free_visits(week)[1]
    anna.opens_week(week)
    page.locator("#main").focus()
    for visit in sorted((free, full[0]), key=lambda visit: visit.starts_at):
        anna.tabs_to(anna.box(visit))
        page.keyboard.press("Space")
    anna.tabs_to(page.locator("[name=seats]"))
    expect(page.locator("[name=companions]")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    anna.tabs_to(page.locator("[name=companions]"))
    page.keyboard.type("Bo")
    anna.tabs_to(page.locator("[name=name]"))
    page.keyboard.type("Anna Peeters")
    anna.tabs_to(page.locator("[name=email]"))
    page.keyboard.type(ANNA)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(said(FIRST, "fr"))
    row = BookedVisit.objects.get(booking__visitor__email=ANNA)
    assert (row.visit, row.seats, row.booking.companions) == (free, 2, "Bo")
    assert asked().seats == 2


# --- What the page says at once ------------------------------------------------------------------


def test_a_choice_of_how_many_only_where_there_is_one(visitors: Visitors, week: Edition, full: list[Visit]) -> None:
    anna = visitors()
    anna.opens_week(week)
    wanted = anna.page.locator("[name=wanted]")
    expect(wanted).to_be_hidden()
    anna.card(full[0]).click()
    expect(wanted).to_be_hidden()
    anna.card(full[1]).click()
    expect(wanted).to_be_visible()
    assert wanted.locator("option:not([disabled])").count() == 2  # all, or one of the two


def test_the_button_says_what_it_will_do(visitors: Visitors, week: Edition, full: list[Visit]) -> None:
    anna = visitors(java_script_enabled=False)
    anna.opens_week(week)
    button = anna.page.locator("#my-visits button.full")

    def says(sentence: str) -> None:
        assert button.inner_text() == said(sentence, "fr")

    says("Book my visits")
    anna.card(full[0]).click()
    says("Put me on the waiting list")
    anna.card(free_visits(week)[0]).click()
    says("Book, and wait for the others")


def test_what_is_too_small_for_a_team_is_said_at_once(visitors: Visitors, week: Edition) -> None:
    anna = visitors()
    small = VisitFactory(edition=week, begin="18:35", end="19:00", seats=2)
    anna.opens_week(week)
    anna.card(small).click()
    anna.page.locator("[name=seats]").select_option("3")
    pick = anna.page.locator("#picks li")
    expect(pick.locator(".bad")).to_contain_text("3")
    pick.locator(".swap").click()
    expect(anna.page.locator("#line-picks b")).to_have_text(small.host.name)
    expect(anna.box(small)).to_have_attribute("name", "waits")
    anna.page.locator("[name=seats]").select_option("2")
    anna.page.locator("#line-picks .swap").click()
    expect(anna.page.locator("#picks b")).to_have_text(small.host.name)
    assert anna.page.locator("#line").is_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_filled_up_meanwhile_can_be_waited_for(visitors: Visitors, week: Edition, scripts: bool) -> None:
    anna = visitors(java_script_enabled=scripts)
    wanted = VisitFactory(edition=week, begin="18:35", end="19:00", seats=1)
    anna.opens_week(week)
    anna.card(wanted).click()
    anna.writes(name="Anna Peeters", email=ANNA)
    held_by("first@example.org", wanted)
    anna.sends()
    expect(anna.page.locator("#gone li")).to_contain_text(wanted.host.name)
    anna.page.locator("#gone [name=waits]").check()
    anna.sends()
    assert [wish.visit for wish in asked().wishes.all()] == [wanted]


def test_short_ways_are_pointed_out_as_one_ticks(visitors: Visitors, week: Edition) -> None:
    anna = visitors()
    towns = [Municipality.objects.get(name_fr=name) for name in ("Auderghem", "Etterbeek")]
    one, other = (
        VisitFactory(edition=week, begin=begin, end=end, place__municipality=town)
        for (begin, end), town in zip([("18:35", "19:00"), ("19:15", "20:00")], towns, strict=True)
    )
    anna.opens_week(week, "nl")
    anna.card(one).click()
    expect(anna.page.locator("#close")).to_be_hidden()
    anna.card(other).click()
    words = "%(n)s minutes between %(here)s and %(there)s"
    sentence = said(words.replace("minutes", "minute"), "nl", 15, words, here="Oudergem", there="Etterbeek")
    expect(anna.page.locator("#hops li")).to_have_text([sentence])
    anna.card(one).click()
    expect(anna.page.locator("#close")).to_be_hidden()


def test_from_a_visit_s_page_its_box_is_ticked(visitors: Visitors, week: Edition, full: list[Visit]) -> None:
    anna = visitors()
    free = free_visits(week)[0]
    for visit, place in ((free, "#picks b"), (full[0], "#line-picks b")):
        with override("fr"):
            kwargs = {"basin": "sud-est", "slug": week.slug, "visit": visit.uuid}
            anna.page.goto(reverse("opendoors:visit", kwargs=kwargs))
        anna.follows(anna.page.locator("main a.btn"))
        expect(anna.page.locator(place)).to_have_text(visit.host.name)
    assert anna.picks == [free.host.name]  # what was ticked before stays
