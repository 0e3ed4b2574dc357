"""Mail handed in by a call: signed, of now, of a size, and once."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core.inbound_settings import key_of
from core.mail.inbound import LIMIT, InboundMail
from core.mail.inbound.web import signature_of
from core.models import TakenMail

pytestmark = pytest.mark.django_db
SECRET = "whsec_" + base64.b64encode(b"0123456789012345678901234567890123456789").decode()
OTHER = "whsec_" + base64.b64encode(b"9876543210987654321098765432109876543210").decode()
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
RAW = b"From: a@example.org\r\nSubject: Vraag\r\nMessage-ID: <1@example.org>\r\n\r\nHallo\r\n"
received: list[InboundMail] = []


def receive(mail: InboundMail, mailbox: str) -> str:
    """What stands in for the helpdesk."""
    if "cannot" in mail.subject:
        raise RuntimeError("a fault of ours")
    received.append(mail)
    return "received"


@pytest.fixture(autouse=True)
def _set_up(settings: Any) -> Any:
    settings.INBOUND_WEBHOOK_SECRETS = [SECRET]
    settings.INBOUND_MAIL_RECEIVER = "tests.core.test_inbound_web.receive"
    received.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def call(
    client: Client, raw: bytes = RAW, *, secret: str = SECRET, age: int = 0, headers: dict[str, str] | None = None
) -> Any:
    timestamp = str(int(timezone.now().timestamp()) - age)
    given = {
        "webhook-id": "msg_1",
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature_of(key_of(secret), 'msg_1', timestamp, raw)}",
        **(headers or {}),
    }
    return client.post("/mail/inbound/", raw, content_type="message/rfc822", headers=given)


def test_a_signed_mail_is_taken(client: Client) -> None:
    answer = call(client)

    assert (answer.status_code, answer.content) == (202, b"")
    assert [(mail.subject, mail.text) for mail in received] == [("Vraag", "Hallo")]
    assert list(TakenMail.objects.values_list("channel", "outcome")) == [("webhook", "received")]


def test_the_same_call_again_changes_nothing(client: Client) -> None:
    assert [call(client).status_code, call(client, age=60).status_code] == [202, 202]

    assert len(received) == 1


def test_a_form_token_is_not_asked_for() -> None:
    assert call(Client(enforce_csrf_checks=True)).status_code == 202


@pytest.mark.parametrize("age", [301, -301])
def test_a_call_of_another_time_is_refused(client: Client, age: int) -> None:
    assert call(client, age=age).status_code == 401
    assert received == []


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,é"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "１７７２４４１２００"},
        {"webhook-id": ""},
        {"webhook-id": "msg_2"},
    ],
    ids=str,
)
def test_a_call_that_is_not_signed_so_is_refused(client: Client, headers: dict[str, str]) -> None:
    answer = call(client, headers=headers)

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert received == []


def test_another_secret_is_refused(client: Client) -> None:
    assert call(client, secret=OTHER).status_code == 401


def test_while_secrets_are_changed_both_count(client: Client, settings: Any) -> None:
    settings.INBOUND_WEBHOOK_SECRETS = [OTHER, SECRET]

    assert call(client).status_code == 202


def test_without_a_secret_there_is_no_such_address(client: Client, settings: Any) -> None:
    settings.INBOUND_WEBHOOK_SECRETS = []

    assert call(client).status_code == 404


def test_25_megabytes_are_taken_and_one_byte_more_is_not(client: Client) -> None:
    largest = RAW + b"x" * (LIMIT - len(RAW))

    assert call(client, largest).status_code == 202
    assert call(client, largest + b"x").status_code == 413


def test_a_call_without_a_mail_is_refused(client: Client) -> None:
    assert call(client, b"", headers={"Content-Length": "0"}).status_code == 400


def test_it_cannot_be_looked_at(client: Client) -> None:
    assert client.get("/mail/inbound/").status_code == 405


def test_a_fault_of_ours_is_no_202_and_the_mail_may_come_again(client: Client) -> None:
    client.raise_request_exception = False
    broken = RAW.replace(b"Vraag", b"cannot")

    assert call(client, broken).status_code == 500
    assert not TakenMail.objects.exists()


@pytest.mark.parametrize("secret", ["geheim", "whsec_", "whsec_AAAA", "whsec_!!!!", SECRET.removeprefix("whsec_")])
def test_a_secret_that_protects_nothing_is_no_secret(secret: str) -> None:
    with pytest.raises(ValueError, match=r"base64|short"):
        key_of(secret)
