"""When things happen by themselves. How often stands in ``CELERY_BEAT_SCHEDULE``."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from opendoors.rules import editions, reminding

logger = logging.getLogger(__name__)


@shared_task
def write_reminders() -> None:
    """Write the reminders that are due; may run twice, also at once."""
    written = reminding.write_reminders(timezone.now())
    if written:
        logger.info("%s reminders written", written)


@shared_task
def advance_editions() -> None:
    """Open and close sign-up and begin the week when their dates have come; may run twice, also at once."""
    taken = editions.advance_by_calendar(now=timezone.now())
    if taken:
        logger.info("%s editions moved on", taken)
