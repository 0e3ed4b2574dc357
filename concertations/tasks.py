"""What happens by itself, and when."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from concertations.rules import actions, carrying, meetings

logger = logging.getLogger(__name__)

SCHEDULE: dict[str, dict[str, Any]] = {
    "concertation-agendas": {"task": "concertations.tasks.carry_over_everywhere", "schedule": crontab(minute="*/10")},
    "concertation-actions": {"task": "concertations.tasks.remind_owners", "schedule": crontab(hour=8, minute=20)},
    "concertation-states": {"task": "concertations.tasks.advance_meetings", "schedule": crontab(minute="*/5")},
}


@shared_task
def advance_meetings() -> None:
    """Note that meetings whose end has passed were held; may run twice, also at once."""
    taken = meetings.advance_by_calendar(now=timezone.now())
    if taken:
        logger.info("%s meetings were held", taken)


@shared_task
def carry_over_everywhere() -> None:
    """Bring what is open onto the next agendas; may run twice, also at once."""
    changed = carrying.carry_all()
    if changed:
        logger.info("%s items came onto an agenda or left it", changed)


@shared_task
def remind_owners() -> None:
    """Write to the owners of actions that are due; may run twice, also at once."""
    written = actions.write_reminders(now=timezone.now())
    if written:
        logger.info("%s owners of actions were reminded", written)
