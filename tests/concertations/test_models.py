"""What the database itself holds of meetings and registrations."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from concertations.models import Meeting, Theme
from tests.concertations.factories import MeetingFactory, RegistrationFactory, SeriesFactory

pytestmark = pytest.mark.django_db


def test_the_themes_of_the_law_are_there() -> None:
    assert list(Theme.objects.values_list("code", "meetings_per_year")) == [
        ("mental-health", 3),
        ("hospital-liaison", 3),
        ("prevention", 3),
        ("health-crisis", 3),
    ]


def test_a_number_stands_once_in_a_series() -> None:
    meeting = MeetingFactory(number=4)
    with pytest.raises(IntegrityError, match="concertations_meeting_number_once"):
        MeetingFactory(series=meeting.series, number=4)


def test_what_is_called_off_says_why() -> None:
    meeting = MeetingFactory()
    with pytest.raises(IntegrityError, match="concertations_meeting_called_off_says_why"):
        Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")


def test_nobody_is_registered_twice() -> None:
    registration = RegistrationFactory()
    with pytest.raises(IntegrityError, match="concertations_registered_once"):
        RegistrationFactory(meeting=registration.meeting, participant=registration.participant)


def test_the_region_has_one_series_at_an_address_too() -> None:
    SeriesFactory(basin=None, slug="council")
    with pytest.raises(IntegrityError, match="concertations_series_slug_once_per_basin"):
        SeriesFactory(basin=None, slug="council")
