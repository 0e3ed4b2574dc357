"""A Redis cache that never stands in anybody's way."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

HOUR = 3600


def count_this_hour(what: str, who: str, number: int = 1) -> int:
    """Count ``number`` more of ``what`` from ``who`` (a network), by the hour of the clock; gives the sum so far.

    0 while Redis is away, so that nobody is turned away by its absence.
    """
    hour = int(time.time()) // HOUR
    return int(caches["shared"].count(f"{what}:{who}:{hour}", HOUR, number))  # type: ignore[attr-defined]  # ForgivingRedisCache


class ForgivingRedisCache(RedisCache):
    """Counters shared by all processes. While Redis is away reads find nothing and writes do nothing."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = params.setdefault("OPTIONS", {})
        options.setdefault("socket_connect_timeout", 0.5)
        options.setdefault("socket_timeout", 0.5)
        super().__init__(server, params)

    def _forgive(self, method: str, default: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), method)(*args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("The shared cache does not answer: %s", error)
            return default

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive("add", True, *args, **kwargs)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._forgive("get", default, key, default, version=version)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive("set", None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive("touch", False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive("delete", False, *args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> Any:
        """Count up; 0 while Redis is away, so that nobody is counted out."""
        return self._forgive("incr", 0, key, delta, version=version)

    def get_many(self, keys: Any, version: int | None = None) -> Any:
        return self._forgive("get_many", {}, keys, version=version)

    def count(self, key: str, seconds: int, number: int = 1) -> int:
        """Count ``number`` up from nothing and forget after ``seconds``, in one trip; 0 while Redis is away."""
        name = self.make_and_validate_key(key)
        try:
            pipeline = self._cache.get_client(key, write=True).pipeline(transaction=False)
            pipeline.incrby(name, number)
            pipeline.expire(name, seconds)
            return int(pipeline.execute()[0])
        except (RedisError, OSError) as error:
            logger.warning("The shared cache does not answer: %s", error)
            return 0
