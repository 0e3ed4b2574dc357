"""Webhooks: written with the change, signed as the specification says, tried again, stopped where nobody listens."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from core import webhooks
from core.models import WebhookDelivery, WebhookEndpoint
from core.webhooks import signature
from core.webhooks.errors import TooManyWebhooks, WebhookInvalid
from tests.core.hook_tools import KIND, OWNER, SCOPE, Receiver, endpoint, receiver, toy_kind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _toy(settings: Any) -> Iterator[None]:
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    with toy_kind():
        yield


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def tell(**data: Any) -> int:
    return webhooks.post(KIND, owner=OWNER, data=data)


def only() -> WebhookDelivery:
    return WebhookDelivery.objects.select_related("endpoint").get()


# --- What is sent --------------------------------------------------------------------------------


def test_the_signature_is_that_of_the_specification() -> None:
    """The example that the specification's own libraries are tested with."""
    signed = signature.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_event_arrives_small_and_signed(there: Receiver) -> None:
    row = endpoint(there.url)
    assert tell(code="K7QM") == 1
    assert webhooks.deliver_due() == 1
    headers, body = there.calls[0]
    said = json.loads(body)
    assert set(said) == {"type", "timestamp", "data"}
    assert (said["type"], said["data"]) == (KIND, {"code": "K7QM"})
    assert dt.datetime.fromisoformat(said["timestamp"]).tzinfo is not None
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == only().message_id
    key = base64.b64decode(row.secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 30
    assert (only().state, only().last_status) == ("sent", 204)


def test_after_a_rotation_both_secrets_sign_for_a_day(there: Receiver) -> None:
    before = endpoint(there.url).secret
    row = webhooks.rotate_secret(WebhookEndpoint.objects.get())
    assert row.secret != before
    tell()
    webhooks.deliver_due()
    headers, body = there.calls[0]
    stamp = int(headers["webhook-timestamp"])
    expected = [
        signature.signature(each, message_id=headers["webhook-id"], timestamp=stamp, body=body)
        for each in (row.secret, before)
    ]
    assert headers["webhook-signature"].split(" ") == expected
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25), tick=False):
        tell()
        webhooks.deliver_due()
    assert len(there.calls[1][0]["webhook-signature"].split(" ")) == 1


def test_only_who_asked_for_this_kind_is_told(there: Receiver) -> None:
    endpoint(there.url)
    assert webhooks.post(KIND, owner="key:other", data={}) == 0
    with pytest.raises(LookupError):
        webhooks.post("toy.unknown", owner=OWNER, data={})


def test_an_event_that_is_rolled_back_was_never_there(there: Receiver) -> None:
    endpoint(there.url)
    with transaction.atomic():
        assert tell() == 1
        transaction.set_rollback(True)
    assert not WebhookDelivery.objects.exists()


def test_contents_are_not_sent(there: Receiver) -> None:
    endpoint(there.url)
    with pytest.raises(ValueError, match="identifiers"):
        tell(words="x" * 30_000)


def test_a_test_event_says_nothing(there: Receiver) -> None:
    row = endpoint(there.url)
    webhooks.send_test(row)
    webhooks.deliver_due()
    assert json.loads(there.calls[0][1])["type"] == "webhook.test"


# --- Endpoints -----------------------------------------------------------------------------------


def test_the_same_address_again_is_the_same_endpoint(there: Receiver) -> None:
    first, again = endpoint(there.url), endpoint(there.url)
    assert (first.pk, first.secret) == (again.pk, again.secret)


@pytest.mark.parametrize(("types", "scopes"), [([], [SCOPE]), ([KIND], []), (["toy.unknown"], [SCOPE])])
def test_one_hears_only_of_what_there_is_and_what_the_key_may(
    there: Receiver, types: list[str], scopes: list[str]
) -> None:
    with pytest.raises(WebhookInvalid) as refused:
        endpoint(there.url, types=types, scopes=scopes)
    assert refused.value.field == "types"


def test_there_is_an_end_to_endpoints(there: Receiver) -> None:
    for number in range(10):
        endpoint(f"{there.url}&n={number}")
    with pytest.raises(TooManyWebhooks):
        endpoint(there.url)
    assert endpoint(there.url, owner="key:other").pk


def test_old_events_are_forgotten_and_those_on_their_way_are_not(there: Receiver) -> None:
    endpoint(there.url)
    tell(n=1)
    webhooks.deliver_due()
    tell(n=2)
    assert webhooks.forget_before(timezone.now() + dt.timedelta(days=1)) == 1
    assert only().state == "queued"


def test_a_secret_is_in_no_list_of_fields() -> None:
    assert not WebhookEndpoint._meta.get_field("secret").editable
    assert len(base64.b64decode(signature.new_secret().removeprefix("whsec_"))) == 32
