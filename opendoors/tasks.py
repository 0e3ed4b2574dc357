"""What happens by itself, and when."""

from __future__ import annotations

import logging

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from opendoors.rules import editions, reminding

logger = logging.getLogger(__name__)

SCHEDULE = {
    "open-door-reminders": {"task": "opendoors.tasks.write_reminders", "schedule": crontab(minute="*/15")},
    "open-door-states": {"task": "opendoors.tasks.advance_editions", "schedule": crontab(minute="*/5")},
}


@shared_task
def write_reminders() -> None:
    """Write the reminders that are due; may run twice, also at once."""
    written = reminding.write_reminders(now=timezone.now())
    if written:
        logger.info("%s reminders written", written)


@shared_task
def advance_editions() -> None:
    """Open and close sign-up and begin the week when their dates have come; may run twice, also at once."""
    taken = editions.advance_by_calendar(now=timezone.now())
    if taken:
        logger.info("%s editions moved on", taken)
