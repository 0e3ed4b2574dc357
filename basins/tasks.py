"""When the basins' own chores run; the hours stand in ``CELERY_BEAT_SCHEDULE``."""

from __future__ import annotations

import logging

from celery import shared_task

from basins.rules import people

logger = logging.getLogger(__name__)


@shared_task
def forget_unused_accounts() -> None:
    """Once an hour: addresses somebody typed in and never confirmed are not kept."""
    forgotten = people.forget_unused_accounts()
    if forgotten:
        logger.info("%d accounts that were never used are forgotten", forgotten)
