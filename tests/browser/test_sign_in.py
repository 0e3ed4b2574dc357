"""Signing in as people do: the address, the code of the mail, for staff the code of the app."""

from __future__ import annotations

import re

import pytest
from django.core import mail as sent
from playwright.sync_api import Page, expect

from basins.models import User
from core.mail import deliver_due
from tests.basins.people_tools import SECRET, app_code, at, give_factor, mailed_code
from tests.browser.conftest import Visitors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
both = pytest.mark.parametrize("language", ["fr", "nl"])


def types_code(page: Page, code: str) -> None:
    page.locator("[name=code]").fill(code)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def signs_in(page: Page, email: str) -> None:
    page.locator("[name=email]").fill(email)
    page.keyboard.press("Enter")
    page.wait_for_url("**/code/**")
    types_code(page, mailed_code())


def is_at(page: Page, path: str) -> None:
    expect(page).to_have_url(re.compile(re.escape(path) + "$"))


@both
def test_a_visitor_comes_to_my_space_by_a_mailed_code(visitors: Visitors, daan: User, language: str) -> None:
    page = visitors().page
    page.goto(at("home", language, basin="sud-est"))
    page.locator("header .mine a").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    signs_in(page, daan.email)
    is_at(page, at("my_space", language, basin="sud-est"))
    expect(page.locator("main")).to_contain_text(daan.email)
    page.locator("main form:has(.btn.two.small) button").click()
    expect(page.locator("header .mine a")).to_have_attribute(
        "href", re.compile(re.escape(at("account_login", language)))
    )


def test_from_another_page_one_comes_back_to_it(visitors: Visitors, daan: User) -> None:
    page = visitors().page
    page.goto(at("privacy", basin="sud-est"))
    page.locator("header .mine a").click()
    signs_in(page, daan.email)
    is_at(page, at("privacy", basin="sud-est"))


@both
@pytest.mark.parametrize(("width", "code"), [(390, "sud-est"), (390, "centre-ouest"), (360, "centre-ouest")])
def test_on_a_phone_languages_and_my_space_stay_in_reach(
    visitors: Visitors, db: None, language: str, width: int, code: str
) -> None:
    page = visitors(phone=True).page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(at("privacy", language, basin=code))
    first, last = page.locator("header .home").bounding_box(), page.locator("header .lang").bounding_box()
    assert (first and first["y"]) == (last and last["y"])
    boxes = [entry.bounding_box() for entry in page.locator("header nav li").all()]
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    assert len({round(box["y"]) for box in boxes if box}) <= 2
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_wrong_code_is_said_and_the_right_one_still_works(visitors: Visitors, daan: User) -> None:
    page = visitors().page
    page.goto(at("account_login"))
    page.locator("[name=email]").fill(daan.email)
    page.keyboard.press("Enter")
    page.wait_for_url("**/code/**")
    types_code(page, "0000-0000")
    expect(page.locator(".sum")).to_be_focused()
    types_code(page, mailed_code())
    is_at(page, at("my_space"))


@both
def test_staff_set_up_their_second_factor_on_the_way_to_their_desk(
    visitors: Visitors, alice: User, language: str
) -> None:
    page = visitors().page
    desk = at("opendoors:staff_editions", language, basin="sud-est")
    page.goto(desk)
    signs_in(page, alice.email)
    expect(page.locator("img.qr")).to_be_visible()
    assert page.locator("img.qr").evaluate("picture => picture.complete && picture.naturalWidth > 0")
    types_code(page, app_code(page.locator("code.key").inner_text()))
    expect(page.locator(".codes li")).not_to_have_count(0)
    page.locator("main a.btn").click()
    is_at(page, desk)
    deliver_due()
    assert [letter.to for letter in sent.outbox] == [[alice.email], [alice.email]]  # the code, and that a factor came


@both
def test_staff_are_asked_for_the_code_of_their_app(visitors: Visitors, alice: User, language: str) -> None:
    give_factor(alice)
    page = visitors().page
    desk = at("admin:index", language)
    page.goto(desk)
    signs_in(page, alice.email)
    types_code(page, "000000")
    expect(page.locator(".sum")).to_be_focused()
    types_code(page, app_code(SECRET))
    is_at(page, desk)
    expect(page.locator("#content h1")).to_be_visible()
