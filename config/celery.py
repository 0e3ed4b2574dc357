"""The worker's and the clock's entry. What runs when stands in the ``SCHEDULE`` of each ``tasks.py``."""

import os
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("bassins")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def collect_schedule(sender: Celery, **_: Any) -> None:
    """The clock's plan out of all floors. Late, because tasks reach for models."""
    from basins import tasks as basins_tasks
    from basins.missions import mission_modules
    from core import tasks as core_tasks

    floors = [core_tasks, basins_tasks, *(module for _mission, module in mission_modules("tasks"))]
    plans: list[dict[str, Any]] = [getattr(tasks, "SCHEDULE", {}) for tasks in floors]
    sender.conf.beat_schedule = {name: entry for plan in plans for name, entry in plan.items()}
