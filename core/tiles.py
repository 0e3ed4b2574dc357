"""The pictures a street map is made of come from somebody else's server, where the operator named one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


@dataclass(frozen=True, slots=True)
class Tiles:
    """``address``: a template with ``{z}``, ``{x}`` and ``{y}``; ``attribution``: whose pictures they are."""

    address: str
    attribution: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: what the content security policy lets in."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        """As a reader is told it."""
        return urlsplit(self.address).netloc


def tiles() -> Tiles | None:
    """Where the pictures come from; ``None``: there is no street map."""
    return Tiles(settings.TILES_URL, settings.TILES_ATTRIBUTION) if settings.TILES_URL else None


def with_tiles(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let the page of this view, and no other, show those pictures."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        known = tiles()
        allowed = csp_update({"img-src": [known.origin]})(view) if known else view
        return allowed(request, *args, **kwargs)

    return shown
