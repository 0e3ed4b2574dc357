"""The description: without a warning, whole, and served offline."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from core.api.schema import description

METHODS = {"get", "post", "put", "patch", "delete"}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in description()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def test_description_is_drawn_without_a_warning(tmp_path: Any) -> None:
    target = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(target))
    assert yaml.safe_load(target.read_text())["openapi"] == "3.1.0"


@pytest.mark.parametrize(("method", "path", "operation"), operations())
def test_each_operation_says_what_it_does_and_how_it_fails(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["description"]
    assert {"400", "429"} <= operation["responses"].keys()
    for code, response in operation["responses"].items():
        assert response["description"] or code < "300"
        if code >= "400":
            assert list(response["content"]) == ["application/problem+json"]


def parameters(operation: dict[str, Any]) -> set[str]:
    return {parameter["name"] for parameter in operation["parameters"]}


def test_reads_can_be_asked_for_changes_only() -> None:
    for method, _path, operation in operations():
        assert ("If-None-Match" in parameters(operation)) is (method == "get")
        assert ("304" in operation["responses"]) is (method == "get")


def test_writes_name_their_guards() -> None:
    booking = description()["paths"]["/api/v1/opendoors/bookings/"]["post"]
    assert "Idempotency-Key" in parameters(booking)
    assert {"Location", "ETag", "RateLimit"} <= booking["responses"]["201"]["headers"].keys()
    one = description()["paths"]["/api/v1/opendoors/bookings/{reference}/"]
    for method in ("patch", "delete"):
        assert "If-Match" in parameters(one[method])
        assert "412" in one[method]["responses"]


def test_booking_needs_a_key_and_reading_does_not() -> None:
    paths = description()["paths"]
    assert paths["/api/v1/opendoors/bookings/"]["post"]["security"] == [{"PartnerKey": []}]
    assert {} in paths["/api/v1/opendoors/visits/"]["get"]["security"]


def test_each_mission_is_in_the_description() -> None:
    tags = {tag for _method, _path, operation in operations() for tag in operation["tags"]}
    assert tags == {"basins", "postcodes", "concertations", "opendoors", "directory", "helpdesk", "hsds", "webhooks"}


@pytest.mark.parametrize(
    ("query", "accept", "content_type"),
    [
        ("", "*/*", "application/json"),
        ("", "application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json"),
        ("", "application/yaml", "application/yaml; charset=utf-8"),
        ("?format=json", "*/*", "application/json"),
        ("?format=yaml", "*/*", "application/yaml; charset=utf-8"),
    ],
)
def test_description_comes_as_json_and_as_yaml(client: Client, query: str, accept: str, content_type: str) -> None:
    response = client.get(f"/api/schema/{query}", headers={"Accept": accept})
    assert response["Content-Type"] == content_type
    assert yaml.safe_load(response.content)["openapi"] == "3.1.0"


def test_description_is_sent_once(client: Client) -> None:
    tag = client.get("/api/schema/")["ETag"]
    assert client.get("/api/schema/", headers={"If-None-Match": tag}).status_code == 304


def test_description_is_in_english_whoever_asks(client: Client) -> None:
    french, dutch = (client.get("/api/schema/", headers={"Accept-Language": code}) for code in ("fr", "nl"))
    assert french.content == dutch.content
    assert french["Content-Language"] == "en"


@pytest.mark.django_db
def test_root_says_where_to_begin(client: Client) -> None:
    body = client.get("/api/v1/").json()
    assert (body["description"], body["reference"]) == ("/api/schema/", "/api/docs/")
    assert [client.get(path).status_code for path in body["lists"]] == [200] * 13
