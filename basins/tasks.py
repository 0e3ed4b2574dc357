"""The basins' own chores, and when they run."""

from __future__ import annotations

import logging

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from basins.rules import people, retention

logger = logging.getLogger(__name__)

SCHEDULE = {
    "forget-what-has-expired": {"task": "basins.tasks.forget_expired", "schedule": crontab(hour="2", minute="30")},
    "forget-unused-accounts": {"task": "basins.tasks.forget_unused_accounts", "schedule": crontab(minute="43")},
}


@shared_task
def forget_unused_accounts() -> None:
    """Once an hour: addresses somebody typed in and never confirmed are not kept."""
    forgotten = people.forget_unused_accounts()
    if forgotten:
        logger.info("%d accounts that were never used are forgotten", forgotten)


@shared_task
def forget_expired() -> None:
    """Once a night: what is older than the pages on privacy promise goes, one kind after the other."""
    for what, forget in retention.steps(timezone.localdate()):
        try:
            forgotten = forget()
        except Exception:  # one fault must not keep the rest for ever; tomorrow it is tried again
            logger.exception("%s that have expired could not be forgotten", what)
        else:
            if forgotten:
                logger.info("%d rows of %s have expired and are forgotten", forgotten, what)
