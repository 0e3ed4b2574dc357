"""The API against its own description: requests that fit it and requests that do not, with all checks.

In process and with a fixed seed: it finds the same on each machine. Every call runs in the test's
transaction, with a key that may book and with an edition to book in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks

from basins.models import PartnerKey
from config.wsgi import application
from core.api.schema import description
from opendoors.models import Visit
from tests.conftest import FARID_PLAIN_KEY
from tests.opendoors.factories import EditionFactory, week_of_visits

pytestmark = pytest.mark.django_db

CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            # A description cannot say which identifiers exist, nor that visits overlap: such requests
            # fit it and are refused (422), or name a state that is gone (412).
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "304", "400", "401", "403", "404", "409", "412", "422"]
            },
        },
    }
)
schema = schemathesis.openapi.from_dict(description(), config=CONFIG)
schema.app = application


HEADERS = {
    "Authorization": f"Api-Key {FARID_PLAIN_KEY}",
    "Accept-Encoding": "identity",  # the in-process client does not unpack
}
BOUNDED = settings(
    max_examples=30,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture(autouse=True)
def programme(farid: PartnerKey, settings: Any) -> list[Visit]:
    """Three visits with seats for everybody, and no budget in the way."""
    settings.REST_FRAMEWORK = {
        **settings.REST_FRAMEWORK,
        "DEFAULT_THROTTLE_RATES": {"read": "1000000/min", "write": "1000000/min"},
    }
    return week_of_visits(EditionFactory(), 3, seats=500)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Django's own test client does the same: the end of a call must not close the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@schema.parametrize()
@BOUNDED
def test_api_keeps_to_its_description(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(headers=HEADERS)


@pytest.fixture
def booked() -> Iterator[list[str]]:
    """References of what was booked; a run that books nothing has proved nothing."""
    references: list[str] = []
    yield references
    assert len(references) >= 5


@schema.include(path="/api/v1/opendoors/bookings/", method="POST").parametrize()
@BOUNDED
def test_bookings_of_visits_that_exist(case: schemathesis.Case[Any], programme: list[Visit], booked: list[str]) -> None:
    """The same with real visits, so that seats are taken: what was wrong with ``visits`` is right now."""
    if isinstance(case.body, dict):
        case.body["visits"] = [str(visit.uuid) for visit in programme]
    response = case.call(headers=HEADERS)
    case.validate_response(response, headers=HEADERS, excluded_checks=[checks.negative_data_rejection])
    if response.status_code == 201:
        booked.append(response.json()["reference"])
