"""The clock's names lead to tasks there are, and each may run at any time."""

from __future__ import annotations

import pytest
from celery import current_app

from opendoors import tasks
from opendoors.models import Edition
from tests.opendoors.factories import VisitFactory


def test_the_clock_calls_tasks_that_exist() -> None:
    current_app.finalize()
    planned = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    ours = {name for name in planned if name.startswith("opendoors.")}

    assert ours == {
        tasks.write_reminders.name,
        tasks.advance_editions.name,
        tasks.ask_how_it_was.name,
        tasks.serve_waiting_list.name,
        tasks.end_lines.name,
        tasks.release_unconfirmed.name,
        tasks.write_day_letters.name,
    }
    assert ours <= set(current_app.tasks)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "task",
    [
        tasks.write_reminders,
        tasks.advance_editions,
        tasks.serve_waiting_list,
        tasks.end_lines,
        tasks.release_unconfirmed,
        tasks.write_day_letters,
    ],
)
def test_with_nothing_to_do_nothing_is_written(task: object) -> None:
    VisitFactory()
    before = list(Edition.objects.values())

    task()  # type: ignore[operator]  # a task is called like a function

    assert list(Edition.objects.values()) == before
