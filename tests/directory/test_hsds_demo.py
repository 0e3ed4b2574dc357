"""All of the demo's records fit the official schemas of HSDS, and a list made of them comes back as it left."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from directory import demo, exporting
from directory.importing.hsds import read_records, read_services
from directory.importing.incoming import Incoming
from directory.importing.problems import Problems
from directory.importing.vocabulary import Vocabulary
from directory.models import Organization, Service
from tests.directory.hsds_tools import mistakes

pytestmark = pytest.mark.django_db

BASE = "/api/hsds/v3"


@pytest.fixture(autouse=True)
def _demo() -> None:
    demo.seed(timezone.localdate())


def lines(path: str, language: str) -> list[Any]:
    response: Any = Client().get(f"{BASE}/{path}", headers={"Accept-Language": language})
    return [json.loads(line) for line in response.getvalue().splitlines()]


def test_every_record_fits_the_schema() -> None:
    wrong = []
    for language in ("fr", "nl"):
        services = lines("services?format=ndjson&full=true", language)
        assert len(services) == Service.objects.filter(visibility="public").count() > 300
        wrong += [each for row in services for each in mistakes("service", row)]
        wrong += [
            each for row in lines("services?format=ndjson", language) for each in mistakes("compiled/service_list", row)
        ]
        owners = lines("organizations?format=ndjson&full=true", language)
        assert len(owners) == Organization.objects.filter(merged_into=None).count()
        wrong += [each for row in owners for each in mistakes("organization", row)]
        places = lines("service_at_locations?format=ndjson&full=true", language)
        wrong += [each for row in places for each in mistakes("service_at_location", row)]
        wrong += [each for row in places for each in mistakes("service", row["service"])]
    assert wrong == []


def test_every_record_can_be_read_back() -> None:
    keys = list(Service.objects.order_by("pk").values_list("pk", flat=True))
    file = io.BytesIO("".join(exporting.hsds(keys, "fr")).encode())
    problems = Problems()
    rows = list(read_services(read_records(file, problems), Vocabulary(), problems, language="fr"))
    assert (problems.listed, dict(problems.unknown)) == ([], {})
    assert all(isinstance(row, Incoming) and row.is_sound for row in rows)
    assert len(rows) == Service.objects.filter(visibility="public").count()
