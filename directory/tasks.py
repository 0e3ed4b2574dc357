"""What happens by itself, and when."""

from __future__ import annotations

import logging

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from directory import following
from directory.models import SavedSearch
from directory.rules import confirming, indexing, lists, publishing
from directory.rules import following as following_rules

logger = logging.getLogger(__name__)

SCHEDULE = {
    "directory-index": {"task": "directory.tasks.index_what_waits", "schedule": 60.0},
    "directory-copies": {"task": "directory.tasks.publish_what_changed", "schedule": 120.0},
    "directory-index-by-time": {
        "task": "directory.tasks.index_changed_by_time",
        "schedule": crontab(minute="5", hour="0"),
    },
    "directory-still-right": {"task": "directory.tasks.ask_organizations", "schedule": crontab(minute="40", hour="7")},
    "directory-lists": {"task": "directory.tasks.tell_of_lists", "schedule": crontab(minute="10", hour="7")},
    "directory-searches": {"task": "directory.tasks.tell_of_searches", "schedule": crontab(minute="20", hour="7")},
}


@shared_task
def index_what_waits() -> None:
    """Index what an import left, and what could not be indexed when it was written; may run twice, also at once."""
    done = indexing.catch_up()
    if done:
        logger.info("%s records indexed", done)


@shared_task
def publish_what_changed() -> None:
    """Write changed records as they are sent; may run twice, also at once."""
    done = publishing.publish(today=timezone.localdate())
    if done:
        logger.info("%s records written as they are sent", done)


@shared_task
def index_changed_by_time() -> None:
    """Index anew what a new day changes: hours that begin or end, records that turn old."""
    logger.info("%s records indexed for the new day", indexing.index_changed_by_time(timezone.localdate()))


@shared_task
def ask_organizations() -> None:
    """Ask organisations whose pace has run out whether all is right, and remind once; may run twice."""
    written = confirming.ask_and_remind(today=timezone.localdate())
    if written:
        logger.info("%s organisations asked or reminded", written)


@shared_task
def tell_of_lists() -> None:
    """Tell those who keep a list which of its records changed; may run twice, a mail goes once a day."""
    logger.info("%s keepers of lists told", lists.tell_all(today=timezone.localdate()))


@shared_task
def tell_of_searches() -> None:
    """Tell those who follow a search what fits it now; may run twice, a mail goes once a day."""
    told = 0
    today = timezone.localdate()
    for followed in (
        SavedSearch.objects.filter(confirmed_at__isnull=False).exclude(told_on=today).select_related("basin")
    ):
        told += following_rules.tell(followed=followed, found=following.results_of(followed), today=today)
    logger.info("%s followers of searches told", told)
