"""A real Chromium against the real server: one browser for all tests here, a context for each.

Nothing is downloaded: the system's Chromium is driven (``CHROMIUM`` names another one).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from opendoors import demo
from opendoors.enums import EditionState
from opendoors.models import Edition
from scripts.system_packages import BROWSERS
from tests.browser.visitor import Visitor

ARGUMENTS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()

# Long enough for a machine that does five things at once: what is awaited comes, or it is broken.
PATIENCE = 30_000  # milliseconds
expect.set_options(timeout=PATIENCE)


def chromium() -> str:
    """Where Chromium is. Without it the tests fail; a path that nobody walked is not a proven one."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else BROWSERS
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail(
            f"The browser tests need a browser: install the package {BROWSERS[0]}, or name one in CHROMIUM.", False
        )
    return path


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Closed with the last test of this folder: its event loop would be in the way of others."""
    path = chromium()
    # The loop that drives the browser lives in this thread, and Django would refuse every query beside it.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as driver:
            running = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
            yield running
            running.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


class Visitors:
    """Makes browsers of different people; see :class:`Visitor` for what may be asked."""

    def __init__(self, browser: Browser, server: LiveServer, stack: ExitStack) -> None:
        self._browser, self._server, self._stack = browser, server, stack
        self.all: list[Visitor] = []

    def __call__(self, *, phone: bool = False, session: Client | None = None, **options: Any) -> Visitor:
        """A browser of its own, 1280 wide or a phone; ``options`` are those of a Playwright context.

        ``session``: a test client; the browser is signed in as it is.
        """
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        options = {"viewport": size, "has_touch": phone, "reduced_motion": "reduce", **options}
        context = self._stack.enter_context(self._browser.new_context(base_url=self._server.url, **options))
        context.set_default_timeout(PATIENCE)
        cookie = session and session.cookies.get(site_settings.SESSION_COOKIE_NAME)
        if cookie:
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self._server.url}])
        visitor = Visitor(context.new_page(), has_touch=phone)
        self.all.append(visitor)
        return visitor


@pytest.fixture
def visitors(browser: Browser, live_server: LiveServer, settings: Any) -> Iterator[Visitors]:
    """People with a browser each. When the test is over, no page of theirs may have complained."""
    settings.SITE_URL = live_server.url  # so that links in mails lead here
    with ExitStack() as stack:
        made = Visitors(browser, live_server, stack)
        yield made
        complaints = [complaint for visitor in made.all for complaint in visitor.complaints]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def week(transactional_db: None) -> Edition:
    """The open week of the demo: the 73 visits of 2024, moved ahead, some of them full."""
    demo.seed(timezone.localdate())
    return Edition.objects.filter(state=EditionState.OPEN).latest("starts_on")
