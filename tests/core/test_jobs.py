"""Long jobs: progress, outcome, stopping, dying and being taken up again."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import get_language
from pytest_django import DjangoCaptureOnCommitCallbacks

from basins.models import User
from core import jobs
from core.bell import bell
from core.errors import RuleError
from core.jobs import Outcome, Progress, work
from core.models import LongJob
from core.tasks import resume_jobs, run_job
from tests.factories import UserFactory

State = LongJob.State
STEP = 0.05  # seconds between two steps of the work that waits


class NotToday(RuleError):
    code = "not-today"


@work("tests.count", title="Counting")
def count(job: LongJob, progress: Progress) -> Outcome:
    total = job.params["total"]
    for step in range(total):
        progress(step + 1, total, f"step {step + 1}")
    return Outcome(result={"counted": total}, filename="count.txt", content=b"1 2 3")


@work("tests.refuse")
def refuse(job: LongJob, progress: Progress) -> dict[str, Any]:
    raise NotToday("Pas aujourd’hui", lines=[7], day=dt.date(2026, 12, 7))


@work("tests.break")
def break_down(job: LongJob, progress: Progress) -> None:
    raise ZeroDivisionError


@work("tests.lose-the-database")
def lose_the_database(job: LongJob, progress: Progress) -> None:
    raise OperationalError


@work("tests.speak")
def speak(job: LongJob, progress: Progress) -> dict[str, Any]:
    return {"language": get_language(), "zone": timezone.get_current_timezone_name()}


@work("tests.wait")
def wait_for_the_end(job: LongJob, progress: Progress) -> None:
    """Goes on until somebody stops it; writes nothing when stopped, for it is one transaction."""
    with transaction.atomic():
        User.objects.create_user("half-done@example.org")
        for step in range(200):
            progress(step, 200)
            time.sleep(STEP)


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture
def start(db: None) -> Callable[..., LongJob]:
    by = UserFactory()

    def start_job(kind: str = "tests.count", **kwargs: Any) -> LongJob:
        return jobs.start(kind, **{"params": {"total": 3}, "by": by, "scope": "sud-est", "language": "fr", **kwargs})

    return start_job


def test_a_started_job_waits_and_the_worker_is_woken(
    start: Callable[..., LongJob],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rung: list[tuple[int, ...]] = []
    monkeypatch.setattr(bell, "ring", lambda *, mails=(), jobs=(): rung.append(jobs))
    with django_capture_on_commit_callbacks(execute=True):
        job = start()
    assert (job.state, rung) == ("waiting", [(job.pk,)])


def test_an_unknown_kind_is_refused(start: Callable[..., LongJob]) -> None:
    with pytest.raises(LookupError):
        start("tests.unheard-of")


def test_an_upload_is_kept_with_the_job(start: Callable[..., LongJob]) -> None:
    job = start(upload=ContentFile(b"a;b", name="programme.csv"))
    with job.upload.open() as kept:
        assert (job.upload.name, kept.read()) == (f"jobs/{job.uuid}/programme.csv", b"a;b")


def test_an_uploads_name_leads_nowhere_else(start: Callable[..., LongJob]) -> None:
    job = start(upload=ContentFile(b"a", name="../../etc/passwd"))
    assert job.upload.name == f"jobs/{job.uuid}/passwd"


def test_a_job_that_is_done_has_its_figures_and_its_file(start: Callable[..., LongJob]) -> None:
    job = start()
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result, job.steps_done, job.steps_total, job.note, job.attempts) == (
        "done", {"counted": 3}, 3, 3, "step 3", 1,
    )  # fmt: skip
    with job.file.open() as kept:
        assert (job.file.name, kept.read()) == (f"jobs/{job.uuid}/count.txt", b"1 2 3")
    assert job.ended_at is not None


def test_a_job_that_is_over_is_not_done_again(start: Callable[..., LongJob]) -> None:
    job = start()
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.attempts == 1


def test_the_work_speaks_the_language_of_who_started_it(start: Callable[..., LongJob]) -> None:
    job = start("tests.speak", language="nl")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.result == {"language": "nl", "zone": "Europe/Brussels"}


def test_a_rule_that_says_no_is_quoted(start: Callable[..., LongJob]) -> None:
    job = start("tests.refuse")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.note) == ("failed", "Pas aujourd’hui")
    assert job.result == {"code": "not-today", "lines": [7], "day": "2026-12-07"}


def test_a_fault_in_the_work_ends_the_job_with_a_sentence(start: Callable[..., LongJob]) -> None:
    job = start("tests.break")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, bool(job.note), "ZeroDivisionError" in job.note) == ("failed", True, False)


def test_a_job_whose_kind_is_gone_fails_instead_of_coming_back(start: Callable[..., LongJob]) -> None:
    job = start()
    LongJob.objects.update(kind="tests.of-last-year")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_job_that_loses_its_database_is_taken_up_again_later(start: Callable[..., LongJob]) -> None:
    job = start("tests.lose-the-database")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, jobs.left_behind()) == ("running", [])
    LongJob.objects.update(heartbeat_at=timezone.now() - dt.timedelta(minutes=2))
    assert jobs.left_behind() == [job.pk]


def test_a_job_whose_worker_died_is_taken_up_again(start: Callable[..., LongJob]) -> None:
    job = start()
    LongJob.objects.update(state="running", attempts=1, heartbeat_at=timezone.now() - dt.timedelta(minutes=2))
    resume_jobs()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_a_job_whose_heart_beats_is_left_alone(start: Callable[..., LongJob]) -> None:
    job = start()
    LongJob.objects.update(state="running", attempts=1, heartbeat_at=timezone.now())
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)


def test_a_job_that_killed_three_workers_fails_with_a_sentence(start: Callable[..., LongJob]) -> None:
    job = start()
    LongJob.objects.update(state="running", attempts=3, heartbeat_at=timezone.now() - dt.timedelta(minutes=2))
    resume_jobs()
    job.refresh_from_db()
    assert (job.state, job.attempts, bool(job.note), job.ended_at is not None) == ("failed", 3, True, True)


def test_a_wake_up_call_that_was_lost_is_made_up_for(start: Callable[..., LongJob]) -> None:
    job = start()
    assert jobs.left_behind() == []
    LongJob.objects.update(created=timezone.now() - dt.timedelta(minutes=2))
    assert jobs.left_behind() == [job.pk]


def test_a_waiting_job_can_be_stopped(start: Callable[..., LongJob]) -> None:
    job = start()
    assert jobs.stop(job) is True
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("stopped", 0)


def test_a_job_that_is_over_cannot_be_stopped(start: Callable[..., LongJob]) -> None:
    job = start()
    jobs.run(job.pk)
    assert jobs.stop(job) is False


def test_a_job_taken_over_by_another_worker_does_not_overwrite_its_outcome(start: Callable[..., LongJob]) -> None:
    job = start()
    mine = jobs._claim(job.pk)
    assert mine is not None
    LongJob.objects.update(attempts=2)
    jobs._finish(mine, Outcome(result={"late": True}, filename="late.txt", content=b"x"), Progress(mine))
    job.refresh_from_db()
    assert (job.state, job.result, job.file.name) == ("running", {}, "")
    assert not mine.file.storage.exists(f"jobs/{job.uuid}/late.txt")


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_work_is_one_transaction_and_stopping_undoes_it(
    start: Callable[..., LongJob],
) -> None:
    job = start("tests.wait")

    def run() -> None:
        try:
            jobs.run(job.pk)
        finally:
            connection.close()

    worker = threading.Thread(target=run)
    worker.start()
    until = time.monotonic() + 10
    while not job.steps_done and time.monotonic() < until:
        time.sleep(0.05)
        job.refresh_from_db()
    seen = (job.state, job.steps_total, job.steps_done > 0)
    jobs.stop(job)
    worker.join(10)
    job.refresh_from_db()
    assert seen == ("running", 200, True)
    assert (job.state, worker.is_alive()) == ("stopped", False)
    assert User.objects.filter(email="half-done@example.org").count() == 0


def files_below(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_old_jobs_are_forgotten_with_their_files(
    start: Callable[..., LongJob], tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    old, new = [start(params={"total": 1}, upload=ContentFile(b"a;b", name="in.csv")) for _ in range(2)]
    for job in (old, new):
        jobs.run(job.pk)
    now = timezone.now()
    LongJob.objects.filter(pk=old.pk).update(ended_at=now - dt.timedelta(days=1))

    with django_capture_on_commit_callbacks(execute=True):
        forgotten = jobs.forget_before(now - dt.timedelta(hours=1))

    assert (forgotten, LongJob.objects.get()) == (1, new)
    assert files_below(tmp_path) == sorted(["count.txt", "in.csv", "jobs", str(new.uuid)])


def test_files_stay_when_forgetting_is_taken_back(start: Callable[..., LongJob], tmp_path: Path) -> None:
    job = start(params={"total": 1})
    jobs.run(job.pk)
    with transaction.atomic():
        jobs.forget_before(timezone.now() + dt.timedelta(hours=1))
        transaction.set_rollback(True)
    assert (LongJob.objects.get(), "count.txt" in files_below(tmp_path)) == (job, True)


@pytest.mark.parametrize("state", [State.WAITING, State.RUNNING])
def test_a_job_that_is_not_over_is_not_forgotten(start: Callable[..., LongJob], state: str) -> None:
    start(params={"total": 1})
    LongJob.objects.update(state=state, created=timezone.now() - dt.timedelta(days=900))
    assert jobs.forget_before(timezone.now()) == 0
