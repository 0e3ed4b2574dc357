"""Where the pages are that every site has."""

from __future__ import annotations

from typing import Any

from django.urls import reverse


def page_url(name: str, basin: str | None, **kwargs: Any) -> str:
    """``page_url("agenda", "sud-est")``: the basin's page in the active language, or the Region's without one."""
    return reverse(name, kwargs={**({"basin": basin} if basin else {}), **kwargs})
