"""What tests of the team's pages share."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from basins.models import User
from concertations.links import page as page_of
from tests.basins.people_tools import staff_session


@pytest.fixture
def team(client: Client, alice: User) -> Client:
    """Alice at work."""
    return staff_session(client, alice)


def page(name: str, basin: str | None = "sud-est", **values: Any) -> str:
    """The address of a page by its bare name, in French."""
    return page_of(name, basin, **values)


def keep_files_in_memory(settings: Any) -> None:
    """Nothing of a test is left on the disk."""
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
