"""What happens by itself, and when."""

from __future__ import annotations

import logging

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from basins.models import Basin
from helpdesk import public_figures, reports
from helpdesk.rules import experts, following_up, overdue, pool

logger = logging.getLogger(__name__)

SCHEDULE = {
    "helpdesk-overdue": {"task": "helpdesk.tasks.remind_of_overdue", "schedule": crontab(minute="*/10", hour="8-18")},
    "helpdesk-did-it-help": {"task": "helpdesk.tasks.ask_whether_it_helped", "schedule": crontab(minute=20)},
    "helpdesk-experts": {"task": "helpdesk.tasks.follow_experts", "schedule": crontab(minute="5-55/10", hour="8-18")},
    "helpdesk-unconfirmed": {"task": "helpdesk.tasks.forget_unconfirmed", "schedule": crontab(minute=50, hour=4)},
    # Each morning of the first week: a worker that was away on the first day makes it up.
    "helpdesk-month": {
        "task": "helpdesk.tasks.publish_month",
        "schedule": crontab(minute="15", hour="6", day_of_month="1-7"),
    },
    "helpdesk-quiet": {"task": "helpdesk.tasks.close_quiet", "schedule": crontab(minute=40)},
}


@shared_task
def ask_whether_it_helped() -> None:
    """Ask two weeks after an answer whether it helped; may run twice, also at once."""
    written = following_up.ask_whether_it_helped(now=timezone.now())
    if written:
        logger.info("%s askers were asked whether it helped", written)


@shared_task
def close_quiet() -> None:
    """Close tickets that nobody comes back to; may run twice, also at once."""
    closed = following_up.close_quiet(now=timezone.now())
    if closed:
        logger.info("%s quiet tickets were closed", closed)


@shared_task
def publish_month() -> None:
    """Publish the figures of the last month for each basin; may run twice, also at once: a month is kept once."""
    month = public_figures.month_before(timezone.localdate())
    for basin in Basin.objects.all():
        try:
            reports.make(basin, month, by=None)
        except Exception:  # one basin's fault must not keep the others' figures back; tomorrow it is tried again
            logger.exception("the figures of %s in %s could not be made", basin.code, month)


@shared_task
def remind_of_overdue() -> None:
    """Say which tickets run late, to who can do something about it; may run twice, also at once."""
    written = overdue.remind(now=timezone.now())
    if written:
        logger.info("%s reminders of late tickets written", written)


@shared_task
def follow_experts() -> None:
    """Remind experts, and end what they did not answer in time; may run twice, also at once."""
    now = timezone.now()
    reminded, lapsed = experts.remind(now=now), experts.lapse(now=now)
    if reminded or lapsed:
        logger.info("%s experts were reminded, %s questions to experts lapsed", reminded, lapsed)


@shared_task
def forget_unconfirmed() -> None:
    """Delete the offers of experts who never confirmed their address."""
    deleted = pool.forget_unconfirmed(now=timezone.now())
    if deleted:
        logger.info("%s offers of experts that nobody confirmed were deleted", deleted)
