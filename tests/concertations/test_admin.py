"""The back office of series, meetings, themes and papers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from basins.models import User
from basins.rights import Role
from concertations.models import Series, Theme
from tests.basins.people_tools import staff_session
from tests.concertations.factories import MeetingFactory, SeriesFactory
from tests.factories import UserFactory, basin, grant

pytestmark = pytest.mark.django_db


def url(model: str, page: str, *args: Any) -> str:
    return reverse(f"admin:concertations_{model}_{page}", args=args)


def test_the_team_sees_its_own_rows(client: Client, alice: User) -> None:
    own = MeetingFactory()
    MeetingFactory(series=SeriesFactory(basin=basin("nord")))
    staff_session(client, alice)
    shown = client.get(url("meeting", "changelist")).context["cl"].result_list
    assert list(shown) == [own]


def test_a_series_is_written_by_its_rule(client: Client, alice: User) -> None:
    staff_session(client, alice)
    typed = {"basin": basin().pk, "kind": "thematic", "name_fr": "CT", "name_nl": "TO", "slug": "ct"}
    refused = client.post(url("series", "add"), typed)
    assert refused.context["adminform"].errors["theme"]
    typed["theme"] = Theme.objects.get(code="prevention").pk
    answer = client.post(url("series", "add"), typed)
    assert answer.status_code == 302, answer.context["adminform"].errors
    assert Series.objects.get().slug == "ct"


def test_a_series_with_meetings_is_not_deleted(client: Client, alice: User) -> None:
    row = MeetingFactory().series
    staff_session(client, alice)
    client.post(url("series", "delete", row.pk), {"post": "yes"})
    assert Series.objects.filter(pk=row.pk).exists()


def test_a_meeting_is_shown_with_its_agenda(client: Client, alice: User) -> None:
    staff_session(client, alice)
    assert client.get(url("meeting", "change", MeetingFactory().pk)).status_code == 200


def test_themes_are_the_regions(client: Client, alice: User) -> None:
    theme = Theme.objects.get(code="prevention")
    staff_session(client, alice)
    assert client.get(url("theme", "change", theme.pk)).status_code == 404
    region = UserFactory(email="hanne@example.org")
    grant(region, Role.REGION_ADMIN, None)
    staff_session(client, region)
    typed = {
        "code": theme.code,
        "name_fr": "Prévention",
        "name_nl": "Preventie",
        "meetings_per_year": "4",
        "position": "1",
    }
    answer = client.post(url("theme", "change", theme.pk), typed)
    assert answer.status_code == 302, answer.context["adminform"].errors
    theme.refresh_from_db()
    assert theme.meetings_per_year == 4
