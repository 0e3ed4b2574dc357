"""A worker that is killed in the middle of a long job: nothing is half done, and another takes it up."""

from __future__ import annotations

import datetime as dt
import signal

import pytest
from django.utils import timezone

from basins.models import User
from core import jobs
from core.models import LongJob
from core.tasks import resume_jobs
from tests.core import test_jobs as works
from tests.core.processes import python
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

WORKS = """
import threading
from core import jobs
from core.models import LongJob
import tests.core.test_jobs
worker = threading.Thread(target=jobs.run, args=({pk},), daemon=True)
worker.start()
while not LongJob.objects.get(pk={pk}).steps_done:
    time.sleep(0.05)
print("half way", flush=True)
time.sleep(60)
"""


def test_a_killed_worker_leaves_nothing_half_done_and_the_job_is_taken_up_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = jobs.start("tests.wait", params={}, by=UserFactory(), language="fr")
    worker = python(WORKS.format(pk=job.pk))
    assert worker.stdout is not None
    with worker.stdout:
        assert worker.stdout.readline() == "half way\n"
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)
    assert User.objects.filter(email="half-done@example.org").count() == 0
    resume_jobs()
    assert LongJob.objects.get().attempts == 1  # its heart beat a moment ago
    LongJob.objects.update(heartbeat_at=timezone.now() - dt.timedelta(minutes=2))
    monkeypatch.setattr(works, "STEP", 0.0)
    resume_jobs()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert User.objects.filter(email="half-done@example.org").count() == 1
