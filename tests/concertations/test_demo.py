"""The demo's series and meetings: whatever day it is, there is something to register for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from concertations.demo import meetings as demo
from concertations.enums import MeetingState
from concertations.models import Document, Meeting, Series
from concertations.rules.window import why_closed
from core.spoken import BRUSSELS
from tests.concertations.staff_tools import keep_files_in_memory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_pdf(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    keep_files_in_memory(settings)
    monkeypatch.setattr(demo.reports, "render_agenda", lambda *_meeting, **_language: b"%PDF-1.7")


def open_ones() -> list[Meeting]:
    found = Meeting.objects.filter(series__basin__code="sud-est", state=MeetingState.ANNOUNCED)
    return [meeting for meeting in found if not why_closed(meeting)]


@pytest.mark.parametrize("day", [dt.date(2026, 1, 1), dt.date(2026, 7, 1), dt.date(2026, 12, 24)])
def test_something_is_open_whatever_day_it_is(day: dt.date) -> None:
    with time_machine.travel(dt.datetime.combine(day, dt.time(8), tzinfo=BRUSSELS), tick=False):
        demo.seed(day, is_new=True)
        assert len(open_ones()) == 4


def test_the_second_start_of_a_day_adds_nothing() -> None:
    day = dt.date(2026, 3, 2)
    with time_machine.travel(dt.datetime.combine(day, dt.time(8), tzinfo=BRUSSELS), tick=False):
        demo.seed(day, is_new=True)
        before = Meeting.objects.count()
        demo.seed(day, is_new=False)
    assert (Meeting.objects.count(), Series.objects.count(), Document.objects.count()) == (before, 10, 1)


def test_half_a_year_later_there_are_new_ones() -> None:
    first, later = dt.date(2026, 3, 2), dt.date(2026, 9, 1)
    with time_machine.travel(dt.datetime.combine(first, dt.time(8), tzinfo=BRUSSELS), tick=False) as clock:
        demo.seed(first, is_new=True)
        clock.move_to(dt.datetime.combine(later, dt.time(8), tzinfo=BRUSSELS))
        assert open_ones() == []
        demo.seed(later, is_new=False)
        assert len(open_ones()) == 4
