"""What the clock has done, and that it finds every task by its name."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from celery import shared_task
from django.core import mail as django_mail
from django.utils import timezone

from config.celery import app
from core.bell import SINGLY, Bell
from core.middleware import current_request_id
from core.models import IdempotencyRecord
from core.signs_of_life import BEAT_KEY, WORKER_KEY, age_of
from core.tasks import SCHEDULE, deliver_due_mail, deliver_message, forget_idempotency_keys, heartbeat
from tests.core.letters import post_hello, use_test_templates


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[int, ...]]]:
    """What the broker was told."""
    calls: list[tuple[str, tuple[int, ...]]] = []
    monkeypatch.setattr(app, "send_task", lambda name, arguments, **kwargs: calls.append((name, arguments)))
    return calls


def test_every_task_of_the_clock_exists() -> None:
    app.loader.import_default_modules()
    app.finalize()
    planned = app.conf.beat_schedule
    assert {entry["task"] for entry in planned.values()} - set(app.tasks) == set()
    assert set(SCHEDULE) < set(planned)


@pytest.mark.django_db
def test_one_mail_and_the_sweep(settings: Any) -> None:
    use_test_templates(settings)
    first, _second = post_hello("a"), post_hello("b")
    deliver_message(first.pk)
    assert len(django_mail.outbox) == 1
    deliver_due_mail()
    assert len(django_mail.outbox) == 2


@pytest.mark.django_db
def test_answers_are_kept_for_a_day() -> None:
    for key, hours in (("young", 23), ("old", 25)):
        created = timezone.now() - dt.timedelta(hours=hours)
        IdempotencyRecord.objects.create(owner="farid", key=key, fingerprint="x", created=created)
    forget_idempotency_keys()
    assert list(IdempotencyRecord.objects.values_list("key", flat=True)) == ["young"]


@time_machine.travel(dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC), tick=False)
def test_the_heartbeat_signs_for_worker_and_clock() -> None:
    heartbeat()
    assert [age_of(WORKER_KEY), age_of(BEAT_KEY)] == [0, 0]


def test_the_bell_names_a_few_mails_singly(told: list[tuple[str, tuple[int, ...]]]) -> None:
    bell = Bell()
    bell._mails, bell._jobs = {2: "-", 1: "-"}, {9: "-"}
    assert bell.carry() is True
    assert told == [
        ("core.tasks.run_job", (9,)),
        ("core.tasks.deliver_message", (1,)),
        ("core.tasks.deliver_message", (2,)),
    ]


def test_the_bell_leaves_many_mails_to_one_sweep(told: list[tuple[str, tuple[int, ...]]]) -> None:
    bell = Bell()
    bell._mails = dict.fromkeys(range(SINGLY + 1), "-")
    bell.carry()
    assert told == [("core.tasks.deliver_due_mail", ())]


def test_the_bell_tells_nothing_twice(told: list[tuple[str, tuple[int, ...]]]) -> None:
    bell = Bell()
    bell._mails = {1: "-"}
    bell.carry()
    bell.carry()
    assert len(told) == 1


def test_a_broker_that_does_not_answer_does_not_stop_the_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(app, "send_task", fail)
    bell = Bell()
    bell._mails = {1: "-"}
    assert bell.carry() is False


# --- Whose log lines these are -------------------------------------------------------------------
@shared_task(name="tests.say")
def say() -> str:
    return current_request_id.get()


def test_the_bell_says_which_request_rang(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(app, "send_task", lambda name, arguments, **kwargs: sent.append(kwargs["headers"]))
    monkeypatch.setattr(Bell, "_run", lambda bell: None)
    bell = Bell()
    token = current_request_id.set("f00dcafe")
    bell.ring(mails=(1,))
    current_request_id.reset(token)
    bell.ring(jobs=(2,))
    bell.carry()
    assert sent == [{}, {"request_id": "f00dcafe"}]


def test_a_task_logs_under_the_request_that_rang() -> None:
    assert say.apply(headers={"request_id": "f00dcafe"}).get() == "f00dcafe"


def test_a_task_of_the_clock_logs_under_its_own_id() -> None:
    assert say.apply(task_id="a-task").get() == "a-task"


def test_between_two_tasks_there_is_no_id() -> None:
    say.apply(task_id="a-task")
    assert current_request_id.get() == "-"
