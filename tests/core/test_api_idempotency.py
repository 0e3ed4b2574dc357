"""A creating call that is sent again gets the answer it got, also when both arrive at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from basins.models import PartnerKey
from core.api.idempotency import forget_expired
from core.models import IdempotencyRecord, OutboxMessage
from opendoors.models import Booking, Edition, Visit
from tests.conftest import FARID_PLAIN_KEY
from tests.factories import EditionFactory, basin, week_of_visits

pytestmark = pytest.mark.django_db

BOOKINGS = "/api/v1/opendoors/bookings/"


@pytest.fixture
def partner(farid: PartnerKey) -> Client:
    return Client(headers={"Authorization": f"Api-Key {FARID_PLAIN_KEY}"})


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


def book(client: Client, *visits: Visit, key: str = "one", **fields: Any) -> Any:
    body = {
        "visits": [str(visit.uuid) for visit in visits],
        "name": "Daan",
        "email": "daan@example.org",
        "language": "nl",
        **fields,
    }
    return client.post(BOOKINGS, body, content_type="application/json", headers={"Idempotency-Key": key})


def same(response: Any) -> tuple[Any, ...]:
    names = ("Content-Type", "Location", "ETag")
    return response.status_code, response.content, *(response.headers.get(name) for name in names)


def test_same_key_and_body_give_the_very_same_answer(partner: Client, edition: Edition) -> None:
    visits = week_of_visits(edition, 2)
    first, second = book(partner, *visits), book(partner, *visits)
    assert first.status_code == 201
    assert same(first) == same(second)
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    assert (Booking.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def test_kept_answer_speaks_of_then_and_not_of_now(partner: Client, edition: Edition) -> None:
    visits = week_of_visits(edition, 1)
    first = book(partner, *visits)
    partner.delete(first["Location"])
    assert same(book(partner, *visits)) == same(first)


def test_without_a_key_the_second_call_is_judged_anew(partner: Client, edition: Edition) -> None:
    visits = week_of_visits(edition, 1)
    book(partner, *visits)
    body = {"visits": [str(visits[0].uuid)], "name": "Daan", "email": "daan@example.org", "language": "nl"}
    assert partner.post(BOOKINGS, body, content_type="application/json").status_code == 422
    assert IdempotencyRecord.objects.count() == 1


def test_same_key_with_another_body_is_a_mistake(partner: Client, edition: Edition) -> None:
    visits = week_of_visits(edition, 2)
    book(partner, visits[0])
    response = book(partner, visits[1])
    assert (response.status_code, response.json()["code"]) == (422, "idempotency-key-reused")
    assert Booking.objects.count() == 1


def test_quotes_around_a_key_are_not_part_of_it(partner: Client, edition: Edition) -> None:
    visits = week_of_visits(edition, 1)
    assert same(book(partner, *visits, key="one")) == same(book(partner, *visits, key='"one"'))


def test_another_partner_may_use_the_same_key(partner: Client, edition: Edition, farid: PartnerKey) -> None:
    visits = week_of_visits(edition, 1)
    book(partner, *visits)
    other = PartnerKey.objects.create(name="Other", prefix="x", digest=farid.digest[::-1], scopes=farid.scopes)
    other.basins.add(basin("sud-est"))
    PartnerKey.objects.filter(pk=farid.pk).update(digest="gone")
    PartnerKey.objects.filter(pk=other.pk).update(digest=farid.digest)
    assert book(partner, *visits, email="eva@example.org").status_code == 201
    assert Booking.objects.count() == 2


def test_refusal_is_kept_without_its_writes(partner: Client, edition: Edition) -> None:
    (visit,) = week_of_visits(edition, 1)
    Visit.objects.update(seats_taken=5)
    refused = book(partner, visit)
    assert refused.status_code == 409
    Visit.objects.update(seats_taken=0)
    assert same(book(partner, visit)) == same(refused)
    assert Booking.objects.count() == 0


def test_refusal_is_told_again_in_the_words_it_was_told(partner: Client, edition: Edition) -> None:
    (visit,) = week_of_visits(edition, 1)
    refused = book(partner, visit, name="")
    again = partner.post(
        BOOKINGS,
        {"visits": [str(visit.uuid)], "name": "", "email": "daan@example.org", "language": "nl"},
        content_type="application/json",
        headers={"Idempotency-Key": "one", "Accept-Language": "nl"},
    )
    assert refused.status_code == 422
    assert (again.content, again["Content-Language"]) == (refused.content, refused["Content-Language"])


def test_answer_to_who_may_not_is_not_kept(partner: Client, edition: Edition, farid: PartnerKey) -> None:
    (visit,) = week_of_visits(edition, 1)
    farid.basins.clear()
    assert book(partner, visit).status_code == 403
    farid.basins.add(basin("sud-est"))
    assert book(partner, visit).status_code == 201


def test_crash_is_not_kept(partner: Client, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    (visit,) = week_of_visits(edition, 1)

    def crash(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    partner.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("opendoors.api.rules.book", crash)
        assert book(partner, visit).status_code == 500
    assert IdempotencyRecord.objects.count() == 0
    assert book(partner, visit).status_code == 201


def test_key_is_forgotten_after_a_day(partner: Client, edition: Edition) -> None:
    visits = week_of_visits(edition, 2)
    book(partner, visits[0])
    with time_machine.travel(timezone.now() + dt.timedelta(hours=23, minutes=59)):
        assert book(partner, visits[0])["Idempotency-Replayed"] == "true"
    with time_machine.travel(timezone.now() + dt.timedelta(hours=24, minutes=1)):
        assert book(partner, visits[1]).status_code == 201
        assert IdempotencyRecord.objects.count() == 1


def test_sweep_deletes_what_is_older_than_a_day(partner: Client, edition: Edition) -> None:
    book(partner, *week_of_visits(edition, 1))
    assert forget_expired() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25)):
        assert forget_expired() == 1


@pytest.mark.parametrize("key", ["", " ", '""', "x" * 201, "a\tb", "a\x7fb", "clé"])
def test_key_that_is_none(partner: Client, edition: Edition, key: str) -> None:
    response = book(partner, *week_of_visits(edition, 1), key=key)
    assert (response.status_code, response.json()["code"]) == (400, "bad-idempotency-key")
    assert Booking.objects.count() == 0


@pytest.mark.parametrize("key", ["x", "x" * 200, "8e03978e-40d5-43dd-bc93-6894a57f9324", "a b"])
def test_key_of_one_to_two_hundred_characters(partner: Client, edition: Edition, key: str) -> None:
    assert book(partner, *week_of_visits(edition, 1), key=key).status_code == 201
