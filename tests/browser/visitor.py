"""Somebody at a browser: what people do with a page, and what the page may not do."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.core import mail as sent
from django.core.mail import EmailMessage
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext, ngettext, override
from playwright.sync_api import ConsoleMessage, Locator, Page

from core.mail import deliver_due
from opendoors.models import Edition, Visit


class Visitor:
    """A page, with its complaints written down: script errors, refusals by the policy, failed files."""

    def __init__(self, page: Page, *, has_touch: bool) -> None:
        self.page = page
        self.has_touch = has_touch
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        # An answer 404, 409 or 422 to the page itself is what some tests are about.
        is_answer = message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url
        if message.type in {"error", "warning"} and not is_answer:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def opens_week(self, edition: Edition, language: str = "fr") -> None:
        with override(language):
            self.page.goto(reverse("opendoors:week", kwargs={"basin": edition.basin.code, "slug": edition.slug}))

    def card(self, visit: Visit) -> Locator:
        return self.page.locator(f"label.visit:has([value='{visit.uuid}'])")

    def box(self, visit: Visit) -> Locator:
        return self.page.locator(f"label.visit [value='{visit.uuid}']")

    @property
    def picks(self) -> list[str]:
        """The names in the tray."""
        return self.page.locator("#picks b").all_inner_texts()

    def writes(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"[name={name}]").fill(value)

    def follows(self, target: Locator) -> None:
        """Click (or tap) what leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            if self.has_touch:
                target.tap()
            else:
                target.click()

    def sends(self) -> None:
        """Press the one button of the week's form."""
        self.follows(self.page.locator("#my-visits button.full"))

    def confirms(self, email: str) -> None:
        """Follow the link of the newest mail and say that the address is one's own."""
        self.page.goto(link_in(newest_mail(email), "opendoors:confirm_address"))
        self.follows(self.page.locator("main form button").first)

    # --- With the keyboard alone -----------------------------------------------------------------
    def tabs_to(self, target: Locator, *, at_most: int = 200) -> None:
        """Tab until ``target`` has the focus; every stop on the way must show it."""
        element = target.element_handle()
        for _stop in range(at_most):
            self.page.keyboard.press("Tab")
            self.sees_focus()
            if self.page.evaluate("wanted => document.activeElement === wanted", element):
                return
        raise AssertionError(f"Tab does not lead to {target}")

    def sees_focus(self) -> None:
        """What has the focus, or the card or field around it, carries the ring and is on the screen."""
        state: dict[str, Any] = self.page.evaluate(FOCUS)
        assert state["ring"], f"No focus to be seen at {state['what']} on {self.page.url}"
        assert state["inside"], f"The focus is off the screen at {state['what']} on {self.page.url}"

    @property
    def focus(self) -> str:
        """Tag, id and classes of what has the focus."""
        return str(self.page.evaluate(FOCUS)["what"])


FOCUS = """() => {
  const at = document.activeElement;
  const what = at.tagName.toLowerCase() + (at.id && "#" + at.id) + (at.className && "." + at.className);
  let ring = false;
  for (let near = at, up = 0; near && up < 3; near = near.parentElement, up++) {
    const style = getComputedStyle(near);
    ring ||= style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  }
  const card = at.closest("label") ?? at;
  const box = card.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return { what, ring, inside };
}"""


def free_visits(edition: Edition, number: int = 3) -> list[Visit]:
    """Visits with a seat, each on a day of its own, in order of time."""
    by_day = {
        visit.starts_at.date(): visit
        for visit in reversed(edition.visits.select_related("host").order_by("starts_at", "pk"))
        if visit.seats_left > 0 and not visit.is_cancelled
    }
    return [by_day[day] for day in sorted(by_day)][:number]


def newest_mail(to: str) -> EmailMessage:
    """Deliver what waits; the last mail to ``to``."""
    deliver_due()
    return next(letter for letter in reversed(sent.outbox) if letter.to == [to])


def links_in(letter: EmailMessage, name: str) -> list[str]:
    """The addresses in a mail that lead to pages of that name."""
    found = []
    for url in re.findall(r"https?://\S+", str(letter.body)):
        path = urlsplit(url).path
        with override(path[1:3]), suppress(Resolver404):
            if resolve(path).view_name == name:
                found.append(url)
    return found


def link_in(letter: EmailMessage, name: str = "opendoors:booked") -> str:
    """The address by which the reader of a mail comes to what was booked, or to another page."""
    found = links_in(letter, name)
    assert found, letter.body
    return found[0]


def said(sentence: str, language: str, number: int | None = None, plural: str = "", **values: object) -> str:
    """What the pages say for a sentence, in that language; with ``number`` and ``plural``, of so many."""
    with override(language):
        words = gettext(sentence) if number is None else ngettext(sentence, plural, number)
    return words % ({"n": number} | values) if values or number is not None else words
