"""The team's desk in tests: addresses, and forms sent as a browser sends them."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.http import QueryDict
from django.test import Client

from tests.basins.people_tools import at


def desk(name: str, **kwargs: Any) -> str:
    return at(f"directory:{name}", basin="sud-est", **kwargs)


class _Fields(HTMLParser):
    """What a browser would send of the last form of the page: the values that stand there."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self._text: str | None = None
        self._select: tuple[str, list[str]] | None = None
        self._written = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "input" and name and (values.get("type") not in {"checkbox", "radio"} or "checked" in values):
            box = values.get("type") in {"checkbox", "radio"}
            self.sent.append((name, values.get("value", "on" if box else "")))
        elif tag == "textarea":
            self._text, self._written = name, ""
        elif tag == "select":
            self._select = (name, [])
        elif tag == "option" and self._select and "selected" in values:
            self._select[1].append(values.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._written += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            self.sent.append((self._text, self._written.removeprefix("\n")))
            self._text = None
        elif tag == "select" and self._select:
            self.sent += [(self._select[0], value) for value in self._select[1]]
            self._select = None


def filled_in(client: Client, url: str) -> dict[str, list[str]]:
    """What a browser would send of the form on a page, as it stands there."""
    page = client.get(url)
    assert page.status_code == 200, url
    (form,) = re.findall(r'<form class="stack cq".*?</form>', page.text, re.DOTALL)
    sent = QueryDict(mutable=True)
    for name, value in _Fields(form).sent:
        sent.appendlist(name, unescape(value))
    return {name: sent.getlist(name) for name in sent}


def send(client: Client, url: str, **changes: Any) -> Any:
    """Send the form of a page with some fields written anew."""
    return client.post(url, filled_in(client, url) | changes)
