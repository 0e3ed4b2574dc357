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
from tests.conftest import FARID_PLAIN_KEY
from tests.core.toy_api import NOTES, NoteViewSet

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.toy_api")]


@pytest.fixture
def partner(farid: PartnerKey) -> Client:
    return Client(headers={"Authorization": f"Api-Key {FARID_PLAIN_KEY}"})


def write(client: Client, words: str = "Ouvert", *, key: str = "one", **headers: str) -> Any:
    headers = {"Idempotency-Key": key, **headers}
    return client.post(NOTES, {"words": words}, content_type="application/json", headers=headers)


def same(response: Any) -> tuple[Any, ...]:
    names = ("Content-Type", "Location", "ETag")
    return response.status_code, response.content, *(response.headers.get(name) for name in names)


def test_same_key_and_body_give_the_very_same_answer(partner: Client) -> None:
    first, second = write(partner), write(partner)
    assert first.status_code == 201
    assert same(first) == same(second)
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    assert OutboxMessage.objects.count() == 1


def test_kept_answer_speaks_of_then_and_not_of_now(partner: Client) -> None:
    first = write(partner)
    partner.delete(first["Location"])
    assert same(write(partner)) == same(first)
    assert OutboxMessage.objects.count() == 0


def test_without_a_key_the_second_call_is_judged_anew(partner: Client) -> None:
    write(partner)
    assert partner.post(NOTES, {"words": "Ouvert"}, content_type="application/json").status_code == 201
    assert (OutboxMessage.objects.count(), IdempotencyRecord.objects.count()) == (2, 1)


def test_same_key_with_another_body_is_a_mistake(partner: Client) -> None:
    write(partner)
    response = write(partner, "Complet")
    assert (response.status_code, response.json()["code"]) == (422, "idempotency-key-reused")
    assert OutboxMessage.objects.count() == 1


def test_quotes_around_a_key_are_not_part_of_it(partner: Client) -> None:
    assert same(write(partner, key="one")) == same(write(partner, key='"one"'))


def test_another_partner_may_use_the_same_key(partner: Client, farid: PartnerKey) -> None:
    write(partner)
    other = PartnerKey.objects.create(name="Other", prefix="x", digest=farid.digest[::-1], scopes=farid.scopes)
    PartnerKey.objects.filter(pk=farid.pk).update(digest="gone")
    PartnerKey.objects.filter(pk=other.pk).update(digest=farid.digest)
    assert write(partner).status_code == 201
    assert OutboxMessage.objects.count() == 2


def test_refusal_is_kept_without_its_writes(partner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(NoteViewSet, "mood", "unwilling")
        refused = write(partner)
    assert refused.status_code == 409
    assert same(write(partner)) == same(refused)
    assert OutboxMessage.objects.count() == 0


def test_refusal_is_told_again_in_the_words_it_was_told(partner: Client) -> None:
    refused = write(partner, "")
    again = write(partner, "", **{"Accept-Language": "nl"})
    assert refused.status_code == 422
    assert (again.content, again["Content-Language"]) == (refused.content, refused["Content-Language"])


def test_answer_to_who_may_not_is_not_kept(partner: Client, farid: PartnerKey) -> None:
    PartnerKey.objects.filter(pk=farid.pk).update(scopes=[])
    assert write(partner).status_code == 403
    PartnerKey.objects.filter(pk=farid.pk).update(scopes=farid.scopes)
    assert write(partner).status_code == 201


def test_crash_is_not_kept(partner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    partner.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(NoteViewSet, "mood", "broken")
        assert write(partner).status_code == 500
    assert (IdempotencyRecord.objects.count(), OutboxMessage.objects.count()) == (0, 0)
    assert write(partner).status_code == 201


def test_key_is_forgotten_after_a_day(partner: Client) -> None:
    write(partner)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=23, minutes=59)):
        assert write(partner)["Idempotency-Replayed"] == "true"
    with time_machine.travel(timezone.now() + dt.timedelta(hours=24, minutes=1)):
        assert write(partner, "Complet").status_code == 201
        assert IdempotencyRecord.objects.count() == 1


def test_sweep_deletes_what_is_older_than_a_day(partner: Client) -> None:
    write(partner)
    assert forget_expired() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25)):
        assert forget_expired() == 1


@pytest.mark.parametrize("key", ["", " ", '""', "x" * 201, "a\tb", "a\x7fb", "clé"])
def test_key_that_is_none(partner: Client, key: str) -> None:
    response = write(partner, key=key)
    assert (response.status_code, response.json()["code"]) == (400, "bad-idempotency-key")
    assert OutboxMessage.objects.count() == 0


@pytest.mark.parametrize("key", ["x", "x" * 200, "8e03978e-40d5-43dd-bc93-6894a57f9324", "a b"])
def test_key_of_one_to_two_hundred_characters(partner: Client, key: str) -> None:
    assert write(partner, key=key).status_code == 201
