"""The reference of the API names every call and shape, and loads nothing; in a browser: tests/browser/test_axe.py."""

from __future__ import annotations

import pytest
from django.test import Client

from core.api.schema import description


def test_page_has_no_script_and_nothing_from_elsewhere(client: Client) -> None:
    response = client.get("/api/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    for foreign in ("<script", "<style", "style=", "http:", "https:", " onclick"):
        assert foreign not in page


def test_page_names_every_operation_and_every_shape(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    for methods in description()["paths"].values():
        for operation in methods.values():
            assert page.count(f'<article class="card stack" id="{operation["operationId"]}"') == 1
    for shape in description()["components"]["schemas"]:
        assert page.count(f'id="shape-{shape}"') == 1


def test_every_link_within_the_page_leads_somewhere(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    anchors = {part.partition('"')[0] for part in page.split('href="#')[1:]}
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page] == []


@pytest.mark.parametrize(
    ("query", "accept", "language"), [("", "nl", "nl"), ("?language=fr", "nl", "fr"), ("?language=xx", "fr", "fr")]
)
def test_frame_speaks_the_readers_language(client: Client, query: str, accept: str, language: str) -> None:
    response = client.get(f"/api/docs/{query}", headers={"Accept-Language": accept})
    assert response["Content-Language"] == language
    assert f'<html lang="{language}">' in response.content.decode()
