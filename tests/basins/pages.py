"""Addresses of the common pages in a language; their words are the translators' business."""

from __future__ import annotations

from typing import Any

from django.utils.translation import override

from basins.addresses import page_url


def url(name: str, language: str = "fr", basin: str | None = "sud-est", **kwargs: Any) -> str:
    """The address of a page on a basin's site, or (None) on the Region's."""
    with override(language):
        return page_url(name, basin, **kwargs)
