"""What a page must be for everybody: axe finds nothing, one title, nothing that sticks out sideways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

NARROWEST = 320

# Colours on their way from light to dark would be measured half-way. What `preload` reads belongs to
# rules about video and sound, and to read it axe writes styles that our policy refuses.
_RUN = """async (options) => {
  document.getAnimations().forEach((each) => each.finish());
  const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false, ...options });
  return violations.map(({ id, nodes }) => [id, nodes.map((node) => node.target.join(" ")).slice(0, 3)]);
}"""
# What sticks out of the page, and is not in a part that scrolls by itself.
_OUT = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => each.tagName.toLowerCase() + (each.className && "." + each.className)).slice(-3)"""


@dataclass(frozen=True)
class Look:
    """Where a page is looked at: how wide, how high, and in which schemes its colours.

    Contrast is three quarters of axe's time, and the same colours stand on a phone as on a desk.
    """

    width: int
    height: int
    by_day: bool = True
    at_night: bool = True


DESK = Look(1280, 900)
PHONE = Look(390, 844, at_night=False)
PHONE_WITHOUT_COLOURS = Look(390, 844, by_day=False, at_night=False)
NO_CONTRAST = {"rules": {"color-contrast": {"enabled": False}}}


def faults(page: Page, *looks: Look) -> list[str]:
    """What is wrong with the page that is open, in each of ``looks`` (none named: all of them)."""
    found: list[str] = []
    page.evaluate(AXE_SCRIPT)
    for look in looks or (DESK, PHONE):
        page.set_viewport_size({"width": look.width, "height": look.height})
        found += _run(page, f"{look.width}", {} if look.by_day else NO_CONTRAST)
        found += _sideways(page, look.width)
        if look.at_night:
            page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            found += _run(page, "night", {"runOnly": ["color-contrast"]})
            page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    found += _sideways(page, NARROWEST)
    titles = page.evaluate('() => [...document.querySelectorAll("h1")].filter((each) => each.checkVisibility()).length')
    if titles != 1:
        found.append(f"{page.url}: {titles} h1")
    return found


def _run(page: Page, where: str, options: dict[str, Any]) -> list[str]:
    return [f"{page.url} at {where}: {rule} {places}" for rule, places in page.evaluate(_RUN, options)]


def _sideways(page: Page, width: int) -> list[str]:
    return [f"{page.url} at {width}: {each} sticks out" for each in page.evaluate(_OUT)]
