"""The main path when parts of it are away, and with a real worker: nothing lost, each mail goes out."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from django.core import mail as django_mail
from django.db import connection
from django.utils import timezone

from core import mail
from core.models import OutboxMessage
from opendoors.models import BookedVisit, Booking, Edition
from opendoors.rules import addresses
from opendoors.rules import booking as rules
from tests.core.letters import Script, free_port, mail_server
from tests.core.processes import ROOT, python
from tests.factories import local
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db(transaction=True)

# A whole request in a process whose broker and shared cache are on a port where nobody listens.
BOOKS_WITHOUT_REDIS = """
from django.test import Client
start = time.monotonic()
answer = Client().post("{path}", {{
    "name": "Daan", "email": "daan@example.org", "visits": {visits},
}})
print(answer.status_code, time.monotonic() - start, flush=True)
time.sleep(1)  # let the bell find out that nobody is there
"""


def test_a_booking_while_redis_is_down_is_made_and_its_mail_goes_out_afterwards() -> None:
    edition = EditionFactory(slug="2026")
    visits = [str(visit.uuid) for visit in week_of_visits(edition, 3)]
    code = BOOKS_WITHOUT_REDIS.format(path="/fr/sud-est/portes-ouvertes/2026/", visits=visits)

    process = python(code, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    said, _ = process.communicate(timeout=60)
    status, seconds = said.split()

    assert status == "302"
    assert float(seconds) < 5
    assert Booking.objects.get().booked.count() == 3
    assert mail.deliver_due() == 1
    assert [message.to for message in django_mail.outbox] == [["daan@example.org"]]


@contextmanager
def worker(redis_url: str, smtp_port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker on the database of this test, with a queue and a mail server of its own."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    env = {
        **os.environ,
        "DATABASE_URL": database,
        "REDIS_URL": redis_url,
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "APP_ENV": "test",
    }
    command = [sys.executable, "-m", "celery", "--app=config", "worker", "--pool=solo", "--without-mingle"]
    process = subprocess.Popen(
        [*command, "--without-gossip"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def until(true: Callable[[], bool], *, seconds: float = 40) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def own_queue() -> Iterator[str]:
    """A Redis database that no other test uses."""
    base = os.environ["REDIS_URL"]
    scheme, place, path = urlsplit(base)[:3]
    own = f"unix://{path}?db=13" if scheme == "unix" else f"{scheme}://{place}/13"
    client = redis.Redis.from_url(own)
    client.flushdb()
    yield own
    client.flushdb()
    client.close()


def test_the_worker_reminds_days_before(settings: Any, own_queue: str) -> None:
    day = timezone.localdate() + dt.timedelta(days=5)
    edition: Edition = EditionFactory(starts_on=day, signup_closes_at=local(day, "00:00"), reminder_days_before=6)
    visit = VisitFactory(edition=edition, begin="12:00", end="13:00")
    made = rules.book(visits=[visit.uuid], name="Daan", email="daan@example.org", language="nl", by=None)
    addresses.confirm(visitor=made.visitor, by=None)
    # Booked before the reminder was due, whatever the hour is now.
    BookedVisit.objects.update(created=timezone.now() - dt.timedelta(days=3))
    Booking.objects.update(created=timezone.now() - dt.timedelta(days=3))
    OutboxMessage.objects.all().delete()  # the confirmation is another test's

    with mail_server(Script(), settings) as post, worker(own_queue, settings.EMAIL_PORT):
        from config import celery_app

        with celery_app.connection_for_write(own_queue.replace("unix://", "redis+socket://", 1)) as broker:
            for _twice in range(2):
                celery_app.send_task("opendoors.tasks.write_reminders", connection=broker)
        sent = until(lambda: OutboxMessage.objects.filter(state="sent").exists())

    assert sent
    assert OutboxMessage.objects.get().kind == "opendoors.reminder"
    assert len(post.taken) == 1
