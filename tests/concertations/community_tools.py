"""What tests of communities share: a cycle of ten sessions ahead."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from basins.models import User
from concertations.models import CommunityCycle, Series
from concertations.rules import cycles
from concertations.rules.cycles import CycleData


def cycle_data(**more: Any) -> CycleData:
    """Each month from the next one on, 13:30 to 16:30; applications are open."""
    now = timezone.now()
    values: dict[str, Any] = {
        "name": "2026-2027",
        "first_day": timezone.localdate() + dt.timedelta(days=30),
        "begins": dt.time(13, 30),
        "ends": dt.time(16, 30),
        "recruitment_opens_at": now - dt.timedelta(days=1),
        "recruitment_closes_at": now + dt.timedelta(days=20),
        "skips_holidays": False,
    }
    return CycleData(**(values | more))


def cycle_of(series: Series, *, by: User | None = None, sessions: bool = True, **more: Any) -> CommunityCycle:
    """A cycle of the community, with its sessions."""
    cycle = cycles.create(series=series, data=cycle_data(**more), by=by)
    if sessions:
        cycles.make_sessions(cycle=cycle, by=by)
    return cycle
