"""The same call many times at once, over real connections: one is carried out, all hear its answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from basins.models import PartnerKey
from core.models import IdempotencyRecord, OutboxMessage
from opendoors.models import Booking, Visit
from opendoors.rules import booking as rules
from tests.conftest import FARID_PLAIN_KEY
from tests.opendoors.factories import EditionFactory, week_of_visits

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 12


def all_at_once(body: dict[str, Any], headers: dict[str, str]) -> list[Any]:
    """The answers to ``CLIENTS`` calls that start together, each over its own connection."""
    start = Barrier(CLIENTS)

    def call(_number: int) -> Any:
        client = Client(headers={"Authorization": f"Api-Key {FARID_PLAIN_KEY}", **headers})
        try:
            start.wait(timeout=10)
            return client.post("/api/v1/opendoors/bookings/", body, content_type="application/json")
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(call, range(CLIENTS)))


@pytest.fixture
def body(farid: PartnerKey) -> dict[str, Any]:
    visits = week_of_visits(EditionFactory(), 2, seats=CLIENTS)
    return {
        "visits": [str(visit.uuid) for visit in visits],
        "name": "Daan",
        "email": "daan@example.org",
        "language": "nl",
    }


def test_twins_wait_and_get_the_answer_of_the_first(body: dict[str, Any]) -> None:
    answers = all_at_once(body, {"Idempotency-Key": "one"})
    assert {answer.status_code for answer in answers} == {201}
    assert len({(answer.content, answer["ETag"], answer["Location"]) for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in answers) == 1
    assert (Booking.objects.count(), OutboxMessage.objects.count(), IdempotencyRecord.objects.count()) == (1, 1, 1)
    assert set(Visit.objects.values_list("seats_taken", flat=True)) == {1}


def test_without_the_key_the_twins_are_judged_each(body: dict[str, Any]) -> None:
    """The control: what the key is for."""
    answers = all_at_once(body, {})
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * (CLIENTS - 1)


def test_twin_of_a_call_that_fails_is_carried_out(body: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one crashes after its twins began to wait: its claim goes, and one of them takes over."""
    crashed: list[bool] = []
    book = rules.book

    def crash_once(**kwargs: Any) -> Booking:
        booking = book(**kwargs)
        if not crashed:
            crashed.append(True)
            raise RuntimeError
        return booking

    monkeypatch.setattr(rules, "book", crash_once)
    monkeypatch.setattr(Client, "store_exc_info", lambda *args, **kwargs: None)
    answers = all_at_once(body, {"Idempotency-Key": "one"})
    assert sorted(answer.status_code for answer in answers) == [201] * (CLIENTS - 1) + [500]
    assert Booking.objects.count() == 1
