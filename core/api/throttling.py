"""How often one may call: per key, else per address, counted in the cache that all processes share.

A fixed window per minute, one trip to Redis. While Redis is away everybody may call: a counter must
never refuse a visitor. Headers after draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.core.cache import caches
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from core.http import network_of
from core.middleware import SAFE_METHODS

if TYPE_CHECKING:  # the settings have this module imported while REST framework's views are
    from rest_framework.views import APIView

SECONDS = {"s": 1, "sec": 1, "min": 60, "h": 3600, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Budget:
    """What a caller has left: ``remaining`` calls in the ``reset`` seconds to come."""

    name: str
    quota: int
    window: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.quota};w={self.window}',
            "RateLimit": f'"{self.name}";r={self.remaining};t={self.reset}',
        }


class WindowThrottle(BaseThrottle):
    """Counts the calls of ``reads`` or of the others; the budget is left on the request for the headers."""

    name: ClassVar[str]
    reads: ClassVar[bool]
    budget: Budget

    def allow_request(self, request: Request, view: APIView) -> bool:
        if (request.method in SAFE_METHODS) != self.reads:
            return True
        quota, window = _rate(str(api_settings.DEFAULT_THROTTLE_RATES[self.name]))
        number, elapsed = divmod(time.time(), window)
        used = caches["shared"].count(f"throttle:{self.name}:{caller(request)}:{number:.0f}", window)  # type: ignore[attr-defined]  # core.cache.ForgivingRedisCache
        self.budget = Budget(self.name, quota, window, max(quota - used, 0), max(round(window - elapsed), 1))
        request.META["core.api.budget"] = self.budget
        return bool(used <= quota)

    def wait(self) -> float:
        return self.budget.reset


class ReadThrottle(WindowThrottle):
    """Reads: GET, HEAD, OPTIONS."""

    name = "read"
    reads = True


class WriteThrottle(WindowThrottle):
    """Everything that changes something."""

    name = "write"
    reads = False


def caller(request: Request) -> str:
    """Who calls: the key, or the address (of IPv6 the network that one subscriber has)."""
    key = getattr(request.user, "pk", None)
    if key is not None:
        return str(key)
    return network_of(request.META)


def _rate(rate: str) -> tuple[int, int]:
    quota, _slash, unit = rate.partition("/")
    return int(quota), SECONDS[unit]
