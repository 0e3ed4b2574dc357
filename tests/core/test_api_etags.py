"""Entity tags on reads. What they do on writes is in tests/opendoors/test_api_bookings.py."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from opendoors.models import Visit
from tests.factories import VisitFactory

pytestmark = pytest.mark.django_db

VISITS = "/api/v1/opendoors/visits/"


@pytest.fixture
def visit() -> Visit:
    return VisitFactory()


def test_tag_is_strong_and_stays_while_nothing_changes(greet: Client, visit: Visit) -> None:
    first, second = greet.get(VISITS), greet.get(VISITS)
    assert first["ETag"].startswith('"')
    assert first["ETag"] == second["ETag"]


def test_tag_changes_with_the_seats(greet: Client, visit: Visit) -> None:
    before = greet.get(VISITS)["ETag"]
    Visit.objects.update(seats_taken=1)
    assert greet.get(VISITS)["ETag"] != before


@pytest.mark.parametrize("header", ["{tag}", "W/{tag}", '"other", {tag}', "*"])
def test_who_has_it_gets_304_without_a_body(greet: Client, visit: Visit, header: str) -> None:
    tag = greet.get(VISITS)["ETag"]
    response = greet.get(VISITS, headers={"If-None-Match": header.format(tag=tag)})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)
    assert response["Cache-Control"] == "no-cache, public"
    assert "Content-Type" not in response


def test_who_has_another_state_gets_the_new_one(greet: Client, visit: Visit) -> None:
    assert greet.get(VISITS, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_has_the_same_tag(greet: Client, visit: Visit) -> None:
    response = greet.head(VISITS)
    assert (response.content, response["ETag"]) == (b"", greet.get(VISITS)["ETag"])


def test_compressed_answer_has_a_strong_tag_of_its_own(greet: Client, visit: Visit) -> None:
    plain = greet.get(VISITS)
    packed = greet.get(VISITS, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"][:-1] + '-gz"'
    assert {"Accept-Encoding", "Accept-Language"} <= {name.strip() for name in packed["Vary"].split(",")}
    again = greet.get(VISITS, headers={"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("header", ["", "identity", "br"])
def test_who_cannot_unpack_gets_it_plain(greet: Client, visit: Visit, header: str) -> None:
    response = greet.get(VISITS, headers={"Accept-Encoding": header})
    assert "Content-Encoding" not in response
    assert response["ETag"] == greet.get(VISITS)["ETag"]


def test_problem_has_no_tag(greet: Client) -> None:
    assert "ETag" not in greet.get(f"{VISITS}?limit=0")
