"""The page of the description in a real browser: it shows the calls, and breaks no rule of the site."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def test_page_has_nothing_inline_and_nothing_from_elsewhere(client: Client) -> None:
    response = client.get("/api/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    assert {"default-src 'self'", "script-src 'self'", "style-src 'self'"} <= set(
        response["Content-Security-Policy"].split("; ")
    )
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "style=" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count('<script src="/static/')
    assert "http:" not in page
    assert "https:" not in page


@pytest.fixture
def complaints(live_server: Any) -> Iterator[tuple[Any, list[str]]]:
    """The page, opened, and what the browser complained about."""
    from playwright.sync_api import sync_playwright

    heard: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.on("console", lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("requestfailed", lambda request: heard.append(f"{request.url} {request.failure}"))
        page.goto(f"{live_server.url}/api/docs/")
        yield page, heard
        browser.close()


def test_browser_shows_the_calls_without_a_complaint(complaints: tuple[Any, list[str]]) -> None:
    page, heard = complaints
    page.wait_for_selector("#operations-opendoors-opendoors_bookings_create", timeout=20_000)
    page.click("#operations-opendoors-opendoors_visits_list .opblock-summary")
    page.wait_for_selector("#operations-opendoors-opendoors_visits_list .opblock-body")
    assert heard == []
