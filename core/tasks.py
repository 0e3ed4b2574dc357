"""What the worker does for every floor. Tasks take primitives, fetch, act, log."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from celery import shared_task
from celery.schedules import crontab
from celery.signals import task_postrun, task_prerun
from django.conf import settings

from core import jobs, mail, webhooks
from core.api.idempotency import forget_expired
from core.bell import REQUEST_ID
from core.mail.inbound.mailboxes import MailboxError, fetch
from core.mail.inbound.taking import take
from core.middleware import NO_REQUEST, current_request_id
from core.signs_of_life import note_beat, note_worker

logger = logging.getLogger(__name__)

# When, in seconds or by the clock on the wall; collected by config.celery.
SCHEDULE = {
    "deliver-mail-that-is-due": {"task": "core.tasks.deliver_due_mail", "schedule": 30.0},
    # One that could not begin before the next one is due has nothing to add to it.
    "fetch-mail": {"task": "core.tasks.fetch_mail", "schedule": 60.0, "options": {"expires": 55}},
    "deliver-webhooks-that-are-due": {"task": "core.tasks.deliver_due_webhooks", "schedule": 30.0},
    "resume-jobs-left-behind": {"task": "core.tasks.resume_jobs", "schedule": 60.0},
    "forget-idempotency-keys": {"task": "core.tasks.forget_idempotency_keys", "schedule": crontab(minute="17")},
    "worker-heartbeat": {"task": "core.tasks.heartbeat", "schedule": 20.0},
}


@task_prerun.connect
def name_log_lines(task: Any, task_id: str, **_: Any) -> None:
    """What a task logs is found under the request that rang for it; where nobody did, under the task's own id."""
    headers = task.request.headers or {}
    current_request_id.set(headers.get(REQUEST_ID) or task_id)


@task_postrun.connect
def forget_name_of_log_lines(**_: Any) -> None:
    """What the worker says between two tasks belongs to neither."""
    current_request_id.set(NO_REQUEST)


@shared_task
def deliver_message(pk: int) -> None:
    """Send one mail, right after it was written."""
    mail.deliver(pk)


@shared_task
def deliver_due_mail() -> None:
    """Send all mails that are due: those whose wake-up call was lost, and those whose pause is over."""
    sent = mail.deliver_due()
    if sent:
        logger.info("%s mails sent", sent)


@shared_task
def fetch_mail() -> None:
    """Take what lies in the mailboxes; may run twice, also at once. One that is away keeps no other waiting."""
    for mailbox in settings.INBOUND_MAILBOXES:
        try:
            taken = fetch(mailbox, partial(take, channel="imap", mailbox=mailbox.name))
        except MailboxError as error:
            logger.warning("The mailbox cannot be read: %s", error)
        else:
            if taken:
                logger.info("%s mails taken from the mailbox %s", taken, mailbox.name)


@shared_task
def deliver_webhook(pk: int) -> None:
    """Send one webhook, right after it was written."""
    webhooks.deliver(pk)


@shared_task
def deliver_due_webhooks() -> None:
    """Send all webhooks that are due: those whose wake-up call was lost, and those whose pause is over."""
    sent = webhooks.deliver_due()
    if sent:
        logger.info("%s webhooks arrived", sent)


@shared_task
def run_job(pk: int) -> None:
    """Do a long job, unless somebody has it in hand."""
    jobs.run(pk)


@shared_task
def resume_jobs() -> None:
    """Take up jobs whose wake-up call was lost or whose worker died."""
    for pk in jobs.left_behind():
        jobs.run(pk)


@shared_task
def forget_idempotency_keys() -> None:
    """Forget the answers kept for repeated calls after a day."""
    forget_expired()


@shared_task
def heartbeat() -> None:
    """The clock's sign of life, written by the worker: both are alive."""
    note_beat()
    note_worker()
