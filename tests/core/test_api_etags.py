"""Entity tags on reads. What they do on writes is in tests/opendoors/test_api_bookings.py."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from core.models import OutboxMessage
from tests.core.toy_api import NOTES

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.toy_api")]


@pytest.fixture
def note() -> OutboxMessage:
    """Long enough to be worth compressing."""
    return OutboxMessage.objects.create(key="x", message_id="x", kind="x", language="fr", subject="Ouvert " * 40)


def test_tag_is_strong_and_stays_while_nothing_changes(greet: Client, note: OutboxMessage) -> None:
    first, second = greet.get(NOTES), greet.get(NOTES)
    assert first["ETag"].startswith('"')
    assert first["ETag"] == second["ETag"]


def test_tag_changes_with_what_is_said(greet: Client, note: OutboxMessage) -> None:
    before = greet.get(NOTES)["ETag"]
    OutboxMessage.objects.update(subject="Complet")
    assert greet.get(NOTES)["ETag"] != before


@pytest.mark.parametrize("header", ["{tag}", "W/{tag}", '"other", {tag}', "*"])
def test_who_has_it_gets_304_without_a_body(greet: Client, note: OutboxMessage, header: str) -> None:
    tag = greet.get(NOTES)["ETag"]
    response = greet.get(NOTES, headers={"If-None-Match": header.format(tag=tag)})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)
    assert response["Cache-Control"] == "no-cache, public"
    assert "Content-Type" not in response


def test_who_has_another_state_gets_the_new_one(greet: Client, note: OutboxMessage) -> None:
    assert greet.get(NOTES, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_has_the_same_tag(greet: Client, note: OutboxMessage) -> None:
    response = greet.head(NOTES)
    assert (response.content, response["ETag"]) == (b"", greet.get(NOTES)["ETag"])


def test_compressed_answer_has_a_strong_tag_of_its_own(greet: Client, note: OutboxMessage) -> None:
    plain = greet.get(NOTES)
    packed = greet.get(NOTES, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"][:-1] + '-gz"'
    assert {"Accept-Encoding", "Accept-Language"} <= {name.strip() for name in packed["Vary"].split(",")}
    again = greet.get(NOTES, headers={"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("header", ["", "identity", "br"])
def test_who_cannot_unpack_gets_it_plain(greet: Client, note: OutboxMessage, header: str) -> None:
    response = greet.get(NOTES, headers={"Accept-Encoding": header})
    assert "Content-Encoding" not in response
    assert response["ETag"] == greet.get(NOTES)["ETag"]


def test_problem_has_no_tag(greet: Client) -> None:
    assert "ETag" not in greet.get(f"{NOTES}?limit=0")
