"""The page on privacy says what each floor keeps."""

import pytest
from django.test import Client
from django.urls import reverse

from basins.missions import missions

pytestmark = pytest.mark.django_db


def test_every_mission_says_what_it_keeps(client: Client) -> None:
    rows = client.get(reverse("privacy")).context["rows"]

    assert [what for what, _why, _how_long in rows] == [
        row.what for mission in missions() for row in mission.privacy_rows()
    ]
