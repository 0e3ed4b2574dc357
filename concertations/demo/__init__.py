"""What the demo shows of the concertations, part by part."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from concertations.demo import meetings, minutes, people, room


@transaction.atomic
def seed(today: dt.date, *, is_new: bool) -> None:
    """Each part in turn; see ``basins.missions.Mission.seed_demo``."""
    meetings.seed(today, is_new=is_new)
    people.seed(today, is_new=is_new)
    minutes.seed(today, is_new=is_new)
    room.seed(today, is_new=is_new)
