"""The basins' own chores, and when they run."""

from __future__ import annotations

import logging

from celery import shared_task
from celery.schedules import crontab

from basins.rules import people

logger = logging.getLogger(__name__)

SCHEDULE = {
    "forget-unused-accounts": {"task": "basins.tasks.forget_unused_accounts", "schedule": crontab(minute="43")},
}


@shared_task
def forget_unused_accounts() -> None:
    """Once an hour: addresses somebody typed in and never confirmed are not kept."""
    forgotten = people.forget_unused_accounts()
    if forgotten:
        logger.info("%d accounts that were never used are forgotten", forgotten)
