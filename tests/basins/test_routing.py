"""A postcode answers with candidates and a reason; what nobody told us we do not pretend to know."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override

from basins.rules.routing import UnknownPostcode, candidates
from tests.basins.pages import url

pytestmark = pytest.mark.django_db


def found(postcode: str) -> list[tuple[str | None, str, bool]]:
    return [
        (each.basin.code if each.basin else None, each.municipality.nis_code, each.is_main)
        for each in candidates(postcode)
    ]


@pytest.mark.parametrize(
    ("postcode", "expected"),
    [
        ("1160", [("sud-est", "21002", True)]),
        ("1000", [("centre-ouest", "21004", True), ("sud", "21004", False)]),
        ("1020", [("nord", "21004", True)]),
        ("1130", [("nord", "21004", True)]),
        ("1040", [("sud-est", "21005", True), (None, "21004", False)]),
        ("1050", [("sud", "21009", True), (None, "21004", False)]),
        ("1060", [("sud", "21013", True), (None, "21004", False)]),
    ],
)
def test_candidates_of_a_postcode(postcode: str, expected: list[tuple[str | None, str, bool]]) -> None:
    assert found(postcode) == expected


def test_white_space_around_a_postcode_does_not_matter() -> None:
    assert found(" 1160 ") == [("sud-est", "21002", True)]


def test_reason_says_what_is_known_in_the_readers_language() -> None:
    with override("nl"):
        reason = candidates("1160")[0].reason

    assert "Oudergem" in reason
    assert "Zuid-Oost" in reason


@pytest.mark.parametrize("postcode", ["", "10", "1050 BE", "١٠٥٠", "9999", "1300", "1005", "abcd", "1050'; --"])
def test_what_is_no_known_postcode_is_said_to_be_none(postcode: str) -> None:
    with pytest.raises(UnknownPostcode) as caught:
        candidates(postcode)

    assert caught.value.field == "postcode"


def test_page_shows_each_candidate_with_its_link(client: Client) -> None:
    response = client.get(url("find_basin", "fr", None), {"postcode": "1000"})

    codes = [each.basin.code for each in response.context["candidates"]]
    assert codes == ["centre-ouest", "sud"]
    assert 'href="/fr/centre-ouest/"' in response.content.decode()


@pytest.mark.parametrize("postcode", ["9000", "12", "<script>", "x" * 500])
def test_page_says_what_to_write_instead(client: Client, postcode: str) -> None:
    response = client.get(url("find_basin", "fr", None), {"postcode": postcode})

    assert response.status_code == 200
    assert len(response.context["form"].errors["postcode"]) == 1
    assert "<script>" not in response.content.decode()


def test_page_without_a_postcode_asks_for_one(client: Client) -> None:
    response = client.get(url("find_basin", "nl"))

    assert response.context["form"].is_bound is False
