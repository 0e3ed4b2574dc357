"""The addresses of the desk's pages, for tests."""

from __future__ import annotations

from typing import Any

from tests.basins.people_tools import at


def page(name: str, language: str = "fr", **kwargs: Any) -> str:
    """A page of the desk of Sud-Est, unless another basin is named."""
    return at(f"helpdesk:{name}", language, **{"basin": "sud-est", **kwargs})
