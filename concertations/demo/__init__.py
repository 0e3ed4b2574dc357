"""What the demo shows of the concertations, part by part."""

from __future__ import annotations

import datetime as dt


def seed(today: dt.date, *, is_new: bool) -> None:
    """Each part in turn; see ``basins.missions.Mission.seed_demo``."""
