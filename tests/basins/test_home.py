"""The front pages: the Region's chooses the basin, a basin's finds, calls, and says what comes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from basins.models import Basin
from basins.web.context import frame
from tests.factories import EditionFactory, NewsItemFactory, basin

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/fr/", "/nl/", "/fr/sud-est/", "/nl/zuid-oost/", "/fr/nord/", "/nl/centrum-west/"])
def test_front_page_opens_to_everybody(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
