"""The demo's people: seats that are true, a line, a community in the middle of its cycle."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db.models import Count, Q

from concertations import demo
from concertations.demo import meetings as meetings_demo
from concertations.enums import TAKES_A_SEAT
from concertations.models import CommunityCycle, Meeting, Registration
from core.models import OutboxMessage
from core.spoken import BRUSSELS

pytestmark = pytest.mark.django_db


@pytest.fixture
def _seeded(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(meetings_demo.reports, "render_agenda", lambda *_meeting, **_language: b"%PDF-1.7")
    day = dt.date(2026, 11, 23)
    with time_machine.travel(dt.datetime.combine(day, dt.time(8), tzinfo=BRUSSELS), tick=False):
        demo.seed(day, is_new=True)
        demo.seed(day, is_new=False)


@pytest.mark.usefixtures("_seeded")
def test_the_demo_keeps_the_promises_of_the_rules() -> None:
    taking = Count("registrations", filter=Q(registrations__state__in=TAKES_A_SEAT))
    counted = Meeting.objects.annotate(takers=taking).exclude(takers=0)

    assert [row.seats_taken for row in counted] == [row.takers for row in counted]
    assert Registration.objects.filter(state="waiting").count() == 2
    running, following = CommunityCycle.objects.order_by("first_day")
    assert (running.places_taken, running.sessions.count(), following.memberships.count()) == (12, 10, 3)
    assert not OutboxMessage.objects.exclude(kind__startswith="concertations.action_").exists()
