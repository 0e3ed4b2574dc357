"""What happens by itself, and when."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from concertations.rules import actions, carrying, meetings, registering, reminding, waiting

logger = logging.getLogger(__name__)

SCHEDULE: dict[str, dict[str, Any]] = {
    "concertation-agendas": {"task": "concertations.tasks.carry_over_everywhere", "schedule": crontab(minute="*/10")},
    "concertation-actions": {"task": "concertations.tasks.remind_owners", "schedule": crontab(hour=8, minute=20)},
    "concertation-states": {"task": "concertations.tasks.advance_meetings", "schedule": crontab(minute="*/5")},
    "concertation-waiting-list": {"task": "concertations.tasks.serve_waiting_list", "schedule": crontab(minute="*/5")},
    "concertation-unconfirmed": {"task": "concertations.tasks.release_unconfirmed", "schedule": crontab(minute="*/5")},
    "concertation-reminders": {"task": "concertations.tasks.write_reminders", "schedule": crontab(minute="10-59/15")},
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


@shared_task
def serve_waiting_list() -> None:
    """Take back offers nobody answered, offer what is free, end lines; may run twice, also at once."""
    now = timezone.now()
    lapsed, offered = waiting.expire_offers(now=now), waiting.serve_lines(now=now)
    ended = waiting.end_lines(now=now)
    if lapsed or offered or ended:
        logger.info("%s offers lapsed, %s more were made, %s waits ended", lapsed, offered, ended)


@shared_task
def release_unconfirmed() -> None:
    """Give back what no address confirmed in time; may run twice, also at once."""
    released = registering.release_unconfirmed(now=timezone.now())
    if released:
        logger.info("%s registrations were not confirmed in time", released)


@shared_task
def write_reminders() -> None:
    """Write the reminders of meetings that are due; may run twice, also at once."""
    written = reminding.write_reminders(now=timezone.now())
    if written:
        logger.info("%s reminders of meetings were written", written)
