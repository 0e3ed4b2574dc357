"""Budgets: per key, else per address, told in every answer, and never in the way when Redis is."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import caches
from django.test import Client
from rest_framework.test import APIRequestFactory

from core.api.throttling import Budget, caller
from core.cache import ForgivingRedisCache
from tests.conftest import FARID_PLAIN_KEY

pytestmark = pytest.mark.django_db

BASINS = "/api/v1/basins/"
BOOKINGS = "/api/v1/opendoors/bookings/"
NOON = "2026-03-02T12:00:00+00:00"


@pytest.fixture
def few(settings: Any) -> None:
    """Two reads and one write a minute."""
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"read": "2/min", "write": "1/min"}}


def test_each_answer_says_what_is_left(greet: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        response = greet.get(BASINS)
    assert response["RateLimit-Policy"] == '"read";q=600;w=60'
    assert response["RateLimit"] == '"read";r=599;t=60'


def test_who_calls_too_often_is_told_when_to_come_back(greet: Client, few: None) -> None:
    with time_machine.travel("2026-03-02T12:00:15+00:00", tick=False):
        answers = [greet.get(BASINS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit"] for answer in answers] == ['"read";r=1;t=45', '"read";r=0;t=45', '"read";r=0;t=45']
    assert answers[2]["Retry-After"] == "45"
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert answers[2].json()["code"] == "throttled"


def test_next_minute_is_a_new_budget(greet: Client, few: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(3):
            greet.get(BASINS)
        clock.shift(60)
        assert greet.get(BASINS).status_code == 200


def test_writes_have_a_budget_of_their_own(greet: Client, farid: Any, few: None) -> None:
    partner = Client(headers={"Authorization": f"Api-Key {FARID_PLAIN_KEY}"})
    with time_machine.travel(NOON, tick=False):
        answers = [partner.post(BOOKINGS, {}, content_type="application/json") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [422, 429]
        assert answers[0]["RateLimit-Policy"] == '"write";q=1;w=60'
        assert partner.get(BASINS).status_code == 200


def test_a_key_and_an_address_do_not_share(greet: Client, farid: Any, few: None) -> None:
    partner = Client(headers={"Authorization": f"Api-Key {FARID_PLAIN_KEY}"})
    with time_machine.travel(NOON, tick=False):
        for _ in range(3):
            greet.get(BASINS)
        assert greet.get(BASINS).status_code == 429
        assert partner.get(BASINS).status_code == 200


def test_answer_that_was_in_the_cache_still_says_what_is_left(greet: Client) -> None:
    tag = greet.get(BASINS)["ETag"]
    assert "RateLimit" in greet.get(BASINS, headers={"If-None-Match": tag})


def test_redis_away_refuses_nobody(greet: Client, few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = ForgivingRedisCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr(type(caches), "__getitem__", lambda self, alias: nowhere)
    assert [greet.get(BASINS).status_code for _ in range(4)] == [200] * 4


def test_counter_takes_one_trip_and_forgets() -> None:
    cache: Any = caches["shared"]
    assert [cache.count("visits", 60), cache.count("visits", 60)] == [1, 2]
    assert 0 < cache._cache.get_client().ttl(cache.make_key("visits")) <= 60


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
    ],
)
def test_caller_without_a_key_is_an_address(address: str, named: str) -> None:
    request: Any = APIRequestFactory().get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="203.0.113.1")
    request.user = None
    assert caller(request) == named


def test_behind_our_proxy_its_own_word_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Environment:
        trusted_proxy = True

    monkeypatch.setattr(django_settings, "ENV", Environment)
    request: Any = APIRequestFactory().get("/", HTTP_X_FORWARDED_FOR="203.0.113.1, 192.0.2.7")
    request.user = None
    assert caller(request) == "192.0.2.7"


def test_headers_are_structured_fields() -> None:
    assert Budget("read", 600, 60, 0, 12).headers() == {
        "RateLimit-Policy": '"read";q=600;w=60',
        "RateLimit": '"read";r=0;t=12',
    }
