"""What happens by itself, and when."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from concertations.rules import meetings

logger = logging.getLogger(__name__)

SCHEDULE: dict[str, dict[str, Any]] = {
    "concertation-states": {"task": "concertations.tasks.advance_meetings", "schedule": crontab(minute="*/5")},
}


@shared_task
def advance_meetings() -> None:
    """Note that meetings whose end has passed were held; may run twice, also at once."""
    taken = meetings.advance_by_calendar(now=timezone.now())
    if taken:
        logger.info("%s meetings were held", taken)
