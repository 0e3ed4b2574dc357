"""What happens by itself, and when."""

from __future__ import annotations

import logging

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from opendoors.rules import addresses, asking, day_letters, editions, reminding, waiting_time

logger = logging.getLogger(__name__)

SCHEDULE = {
    "open-door-reminders": {"task": "opendoors.tasks.write_reminders", "schedule": crontab(minute="*/15")},
    "open-door-states": {"task": "opendoors.tasks.advance_editions", "schedule": crontab(minute="*/5")},
    "open-door-waiting-list": {"task": "opendoors.tasks.serve_waiting_list", "schedule": crontab(minute="*/5")},
    "open-door-line-ends": {"task": "opendoors.tasks.end_lines", "schedule": crontab(minute="*/5")},
    "open-door-unconfirmed": {"task": "opendoors.tasks.release_unconfirmed", "schedule": crontab(minute="*/5")},
    "open-door-day-letters": {"task": "opendoors.tasks.write_day_letters", "schedule": crontab(minute="5-59/15")},
    "open-door-questions": {"task": "opendoors.tasks.ask_how_it_was", "schedule": crontab(minute=10)},
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


@shared_task
def serve_waiting_list() -> None:
    """Take back offers that nobody answered and offer what is free to the next; may run twice, also at once."""
    lapsed = waiting_time.expire_offers(now=timezone.now())
    offered = waiting_time.serve_lines()
    if lapsed or offered:
        logger.info("%s offers lapsed, %s more were made", lapsed, offered)


@shared_task
def end_lines() -> None:
    """End the lines of visits that begin soon; may run twice, also at once."""
    ended = waiting_time.end_lines(now=timezone.now())
    if ended:
        logger.info("%s waits ended", ended)


@shared_task
def release_unconfirmed() -> None:
    """Give back what no address confirmed in time; may run twice, also at once."""
    released = addresses.release_unconfirmed(now=timezone.now())
    if released:
        logger.info("%s bookings and requests were not confirmed in time", released)


@shared_task
def ask_how_it_was() -> None:
    """Write to visitors and hosts after their visits; may run twice, also at once."""
    written = asking.write_questions(now=timezone.now())
    if written:
        logger.info("%s people were asked how it was", written)


@shared_task
def write_day_letters() -> None:
    """Tell hosts who comes, and who came where the certificate is; may run twice, also at once."""
    written = day_letters.write_day_letters(now=timezone.now())
    if written:
        logger.info("%s letters about the day were written", written)
