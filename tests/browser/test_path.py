"""The main path: three visits booked in one go, read in the mail, one changed, all given back.

With the mouse, with the keyboard alone, on a phone, and without scripts.
"""

from __future__ import annotations

import re

import pytest
from django.core.mail import EmailMessage
from icalendar import Calendar
from playwright.sync_api import expect

from opendoors.enums import BookedState, WishState
from opendoors.models import BookedVisit, Edition, Visit
from tests.browser.conftest import Visitors
from tests.browser.visitor import Visitor, free_visits, link_in, newest_mail, said

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

ANNA = "anna@example.org"
FIRST = "Almost there: confirm your address"
TITLE = {"fr": "Vos 3 visites sont réservées", "nl": "Uw 3 bezoeken zijn gereserveerd"}
FIGURES = {
    "fr": re.compile("51 services .* 73 visites, 938 places"),
    "nl": re.compile("51 diensten .* 73 bezoeken, 938 plaatsen"),
}
CHANGE = {"fr": "Modifier mes visites", "nl": "Mijn bezoeken wijzigen"}
GIVE_BACK = {"fr": "Libérer toutes mes places", "nl": "Al mijn plaatsen vrijgeven"}
NOTHING_LEFT = {"fr": "Vous n’avez plus de visite", "nl": "U hebt geen bezoeken meer"}


def held(email: str = ANNA) -> list[Visit]:
    rows = BookedVisit.objects.filter(booking__visitor__email=email, state=BookedState.CONFIRMED)
    return [row.visit for row in rows.select_related("visit").order_by("visit__starts_at")]


def events(letter: EmailMessage) -> dict[str, str]:
    """Name and status of each event in the calendar file of a mail."""
    (file,) = letter.attachments
    calendar = Calendar.from_ical(file.content)
    return {str(event["SUMMARY"]).partition(" · ")[0]: str(event["STATUS"]) for event in calendar.walk("VEVENT")}


def is_seen(anna: Visitor, visits: list[Visit]) -> None:
    """The page of what is booked names these visits and no others."""
    names = anna.page.locator("main ol.list h2").all_inner_texts()
    assert names == [visit.host.name for visit in visits]


def other_than(edition: Edition, taken: list[Visit]) -> Visit:
    """A free visit that begins after all of these have ended."""
    after = edition.visits.filter(starts_at__gte=taken[-1].ends_at).select_related("host").order_by("-starts_at")
    return next(visit for visit in after if visit.seats_left > 0)


def test_a_phone_counts_the_visits_of_the_open_day(visitors: Visitors, week: Edition) -> None:
    anna = visitors(phone=True)
    anna.opens_week(week)
    anna.page.locator("label:has(#f-fr)").click()
    for tab in anna.page.locator(".tabs label").all():
        tab.click()
        number = sum(card.is_visible() for card in anna.page.locator("label.visit").all())
        expect(anna.page.locator("#shown")).to_have_text(re.compile(f"^{number} " if number else "^[A-Z]"))


def test_two_languages_show_what_is_in_either(visitors: Visitors, week: Edition) -> None:
    anna = visitors()
    anna.opens_week(week)
    for language in ("fr", "nl"):
        anna.page.locator(f"label:has(#f-{language})").click()
    shown = [card.get_attribute("data-l") or "" for card in anna.page.locator("label.visit").all() if card.is_visible()]
    assert len(shown) == sum(bool({"fr", "nl"} & set(visit.languages)) for visit in week.visits.all())


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_whole_grid_is_on_screen(visitors: Visitors, week: Edition, language: str) -> None:
    anna = visitors()
    anna.opens_week(week, language)
    cards = anna.page.locator("label.visit")
    assert cards.count() == 73
    assert all(card.is_visible() for card in cards.all())
    assert len(set(anna.page.locator("label.visit b").all_inner_texts())) == 51
    expect(anna.page.locator("h1 + p")).to_contain_text(FIGURES[language])
    assert sorted(anna.page.locator("label.visit [id^=seats-]").all_inner_texts()) == sorted(
        seats_in_words(visit, language) for visit in week.visits.all()
    )


def seats_in_words(visit: Visit, language: str) -> str:
    if visit.seats_left < 1:
        line = visit.wishes.filter(state=WishState.WAITING).count()
        dutch = "wachtende" if line == 1 else "wachtenden"
        words = {"fr": f"liste d’attente\N{NO-BREAK SPACE}: {line}", "nl": f"wachtlijst: {line} {dutch}"}[language]
        return {"fr": "Complet", "nl": "Volzet"}[language] + " · " + (words if line else said("waiting list", language))
    one, many = {"fr": ("place", "places"), "nl": ("plaats", "plaatsen")}[language]
    return f"{visit.seats_left} {one if visit.seats_left == 1 else many}"


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_with_the_mouse(visitors: Visitors, week: Edition, language: str) -> None:
    anna, (first, second, third) = visitors(), free_visits(week)
    anna.opens_week(week, language)
    for visit in (third, first, second):
        anna.card(visit).click()
    assert anna.picks == [visit.host.name for visit in (first, second, third)]
    anna.writes(name="Anna Peeters", organisation="Maison de l’Essai", email=ANNA)
    anna.sends()
    assert anna.page.locator("h1").inner_text() == said(FIRST, language)
    is_seen(anna, [first, second, third])
    letter = newest_mail(ANNA)
    subject = said("Please confirm your visit", language, 3, "Please confirm your %(n)s visits")
    assert letter.subject == subject
    assert events(letter) == dict.fromkeys([visit.host.name for visit in (first, second, third)], "TENTATIVE")

    other = other_than(week, [first, second, third])
    anna.page.goto(link_in(letter, "opendoors:confirm_address"))
    anna.follows(anna.page.locator("main form button").first)
    assert anna.page.locator("h1").inner_text() == TITLE[language]
    anna.page.goto(link_in(letter))
    anna.follows(anna.page.get_by_role("link", name=CHANGE[language]))
    assert anna.picks == [visit.host.name for visit in (first, second, third)]
    anna.card(second).click()
    anna.card(other).click()
    anna.sends()
    is_seen(anna, [first, third, other])
    assert events(newest_mail(ANNA)) == {
        first.host.name: "CONFIRMED",
        second.host.name: "CANCELLED",
        third.host.name: "CONFIRMED",
        other.host.name: "CONFIRMED",
    }

    anna.follows(anna.page.get_by_role("link", name=GIVE_BACK[language]))
    assert held() == [first, third, other]  # the link asks, it does not act
    anna.follows(anna.page.locator("main form button").first)
    assert anna.page.locator("h1").inner_text() == NOTHING_LEFT[language]
    assert held() == []
    assert set(events(newest_mail(ANNA)).values()) == {"CANCELLED"}


def test_with_the_keyboard_alone(visitors: Visitors, week: Edition) -> None:
    anna, chosen = visitors(), free_visits(week)
    page = anna.page
    anna.opens_week(week)
    page.keyboard.press("Tab")
    anna.sees_focus()
    assert anna.focus == "a.skip vh"
    page.keyboard.press("Enter")
    for visit in chosen:
        anna.tabs_to(anna.box(visit))
        page.keyboard.press("Space")
        expect(anna.box(visit)).to_be_checked()
    anna.tabs_to(page.locator("[name=name]"))
    page.keyboard.type("Anna Peeters")
    anna.tabs_to(page.locator("#my-visits button.full"))
    page.keyboard.press("Enter")

    # The address is missing: the focus is on what is to be put right, and leads there.
    expect(page.locator(".sum")).to_be_focused()
    anna.sees_focus()
    anna.tabs_to(page.locator(".sum a"))
    page.keyboard.press("Enter")
    expect(page.locator("[name=email]")).to_be_focused()
    anna.sees_focus()
    assert anna.picks == [visit.host.name for visit in chosen]
    page.keyboard.type(ANNA)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(said(FIRST, "fr"))
    assert held() == chosen

    page.goto(link_in(newest_mail(ANNA), "opendoors:confirm_address"))
    anna.tabs_to(page.locator("main form button").first)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(TITLE["fr"])
    anna.tabs_to(page.get_by_role("link", name=CHANGE["fr"]))
    page.keyboard.press("Enter")
    anna.tabs_to(anna.box(chosen[0]))
    page.keyboard.press("Space")
    anna.tabs_to(page.locator("#my-visits button.full"))
    page.keyboard.press("Enter")
    expect(page.locator("main ol.list h2")).to_have_count(2)
    assert held() == chosen[1:]

    anna.tabs_to(page.get_by_role("link", name=GIVE_BACK["fr"]))
    page.keyboard.press("Enter")
    anna.tabs_to(page.locator("main form button").first)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(NOTHING_LEFT["fr"])
    assert held() == []


def test_the_keyboard_takes_visits_out_of_the_tray(visitors: Visitors, week: Edition) -> None:
    anna, (first, second, _third) = visitors(), free_visits(week)
    anna.opens_week(week)
    anna.box(first).check()
    anna.box(second).check()
    anna.page.locator("#picks .x").first.focus()
    anna.page.keyboard.press("Enter")
    expect(anna.page.locator("#picks .x").first).to_be_focused()
    assert anna.picks == [second.host.name]
    anna.page.keyboard.press("Enter")
    expect(anna.page.locator("#my-visits")).to_be_focused()
    assert (anna.picks, anna.box(second).is_checked()) == ([], False)


def test_on_a_phone(visitors: Visitors, week: Edition) -> None:
    anna, chosen = visitors(phone=True), free_visits(week)
    page = anna.page
    anna.opens_week(week, "nl")
    bar = page.locator(".stick")
    days = page.locator(".tabs label")
    for visit in chosen:
        days.nth(visit.starts_at.weekday()).tap()
        shown = [each.locator("h3").inner_text() for each in page.locator("section.day").all() if each.is_visible()]
        assert len(shown) == 1
        anna.card(visit).tap()
    expect(bar).to_be_in_viewport(ratio=1)
    expect(bar.locator("#n2")).to_have_text("3 bezoeken")
    bar.get_by_role("link", name="Reserveren").tap()
    expect(page.locator("#my-visits h2")).to_be_in_viewport()
    assert anna.picks == [visit.host.name for visit in chosen]
    anna.writes(name="Anna Peeters", organisation="Voorbeeldhuis", email=ANNA)
    anna.sends()
    assert page.locator("h1").inner_text() == said(FIRST, "nl")
    anna.confirms(ANNA)
    assert page.locator("h1").inner_text() == TITLE["nl"]
    anna.follows(anna.page.get_by_role("link", name=CHANGE["nl"]))
    anna.card(chosen[0]).tap()
    expect(bar.locator("#n2")).to_have_text("2 bezoeken")
    anna.sends()
    is_seen(anna, chosen[1:])
    anna.follows(anna.page.get_by_role("link", name=GIVE_BACK["nl"]))
    anna.follows(anna.page.locator("main form button").first)
    assert page.locator("h1").inner_text() == NOTHING_LEFT["nl"]
    assert held() == []


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_without_scripts(visitors: Visitors, week: Edition, phone: bool) -> None:
    anna, chosen = visitors(phone=phone, java_script_enabled=False), free_visits(week)
    page = anna.page
    anna.opens_week(week)
    for visit in chosen:
        if phone:
            page.locator(".tabs label").nth(visit.starts_at.weekday()).tap()
        anna.card(visit).click()
    anna.sends()
    expect(page.locator(".sum li")).to_have_count(2)  # name and address are missing
    assert anna.picks == [visit.host.name for visit in chosen]
    anna.writes(name="Anna Peeters", email=ANNA)
    anna.sends()
    assert page.locator("h1").inner_text() == said(FIRST, "fr")
    anna.confirms(ANNA)
    assert page.locator("h1").inner_text() == TITLE["fr"]
    anna.follows(anna.page.get_by_role("link", name=CHANGE["fr"]))
    if phone:
        page.locator(".tabs label").nth(chosen[0].starts_at.weekday()).tap()
    anna.card(chosen[0]).click()
    anna.sends()
    is_seen(anna, chosen[1:])
    anna.follows(anna.page.get_by_role("link", name=GIVE_BACK["fr"]))
    anna.follows(anna.page.locator("main form button").first)
    assert page.locator("h1").inner_text() == NOTHING_LEFT["fr"]
    assert held() == []


# --- What the week page says at once -------------------------------------------------------------
def test_filters_leave_what_fits(visitors: Visitors, week: Edition) -> None:
    anna = visitors()
    anna.opens_week(week, "nl")
    free = sum(visit.seats_left > 0 for visit in week.visits.all())
    anna.page.locator("#f-free").check()
    assert sum(card.is_visible() for card in anna.page.locator("label.visit").all()) == free
    expect(anna.page.locator("#shown")).to_have_text(f"{free} bezoeken getoond")


def test_what_is_ticked_outlives_a_look_at_a_visit(visitors: Visitors, week: Edition) -> None:
    anna, (first, second, _third) = visitors(), free_visits(week)
    anna.opens_week(week)
    anna.card(first).click()
    anna.card(second).click()
    anna.opens_week(week, "nl")
    assert anna.picks == [first.host.name, second.host.name]


# --- The language switch -------------------------------------------------------------------------
def test_the_language_switch_stays_on_the_page(visitors: Visitors, week: Edition) -> None:
    anna, chosen = visitors(), free_visits(week)
    anna.opens_week(week)
    anna.follows(anna.page.locator("ul.lang [lang=nl]"))
    expect(anna.page.locator("html")).to_have_attribute("lang", "nl")
    expect(anna.page.locator("label.visit")).to_have_count(73)
    for visit in chosen:
        anna.card(visit).click()
    anna.writes(name="Anna Peeters", email=ANNA)
    anna.sends()
    assert anna.page.locator("h1").inner_text() == said(FIRST, "nl")
    anna.follows(anna.page.locator("ul.lang [lang=fr]"))
    assert anna.page.locator("h1").inner_text() == said(FIRST, "fr")
    is_seen(anna, chosen)


def test_going_back_after_booking_offers_no_second_booking(visitors: Visitors, week: Edition) -> None:
    anna, (first, *_others) = visitors(), free_visits(week)
    anna.opens_week(week, "fr")
    anna.card(first).click()
    anna.writes(name="Anna Peeters", email="anna")
    anna.sends()  # a slip: the page comes back with an error
    anna.writes(email=ANNA)
    anna.sends()
    booked = anna.page.url

    anna.page.go_back()

    anna.page.locator("#already").wait_for()
    assert anna.picks == []
    assert anna.page.locator(".note.sum").count() == 0
    assert anna.page.locator("#already a").evaluate("link => link.href") == booked
