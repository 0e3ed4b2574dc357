"""What a page must be for everybody: axe finds nothing, one title, nothing that sticks out sideways."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SIZES = {1280: 900, 390: 844}
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


def faults(page: Page) -> list[str]:
    """What is wrong with the page that is open: at two widths, light and dark."""
    found: list[str] = []
    page.evaluate(AXE_SCRIPT)
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        found += _run(page, f"{width}", {})
        found += _sideways(page, width)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += _run(page, "night", {"runOnly": ["color-contrast"]})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    found += _sideways(page, NARROWEST)
    titles = sum(each.is_visible() for each in page.locator("h1").all())
    if titles != 1:
        found.append(f"{page.url}: {titles} h1")
    return found


def _run(page: Page, where: str, options: dict[str, Any]) -> list[str]:
    return [f"{page.url} at {where}: {rule} {places}" for rule, places in page.evaluate(_RUN, options)]


def _sideways(page: Page, width: int) -> list[str]:
    return [f"{page.url} at {width}: {each} sticks out" for each in page.evaluate(_OUT)]
