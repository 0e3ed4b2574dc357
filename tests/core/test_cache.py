"""The shared counters: real ones in Redis, and none at all while Redis is away."""

from __future__ import annotations

import pytest
from django.core.cache import caches

from core.cache import ForgivingRedisCache
from tests.core.letters import free_port


@pytest.fixture
def away() -> ForgivingRedisCache:
    return ForgivingRedisCache(f"redis://127.0.0.1:{free_port()}/0", {})


def test_values_are_shared() -> None:
    shared = caches["shared"]
    shared.set("k", {"a": 1}, 60)
    assert (shared.get("k"), shared.get_many(["k", "l"]), shared.delete("k"), shared.get("k", "none")) == (
        {"a": 1}, {"k": {"a": 1}}, True, "none",
    )  # fmt: skip


def test_counting_up() -> None:
    shared = caches["shared"]
    assert shared.add("n", 1, 60) is True
    assert shared.add("n", 1, 60) is False
    assert (shared.incr("n"), shared.touch("n", 60)) == (2, True)


def test_counting_from_nothing() -> None:
    shared = caches["shared"]
    assert isinstance(shared, ForgivingRedisCache)
    assert [shared.count("visits", 60), shared.count("visits", 60)] == [1, 2]


def test_while_redis_is_away_reads_find_nothing(away: ForgivingRedisCache) -> None:
    assert (away.get("k", "default"), away.get_many(["k"])) == ("default", {})


def test_while_redis_is_away_writes_do_nothing(away: ForgivingRedisCache) -> None:
    assert (away.set("k", 1), away.touch("k"), away.delete("k")) == (None, False, False)


def test_while_redis_is_away_nobody_is_counted_out(away: ForgivingRedisCache) -> None:
    assert (away.add("k", 1), away.incr("k"), away.count("k", 60)) == (True, 0, 0)
