"""The worker's and the clock's entry. What runs when stands in ``CELERY_BEAT_SCHEDULE``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("bassins")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
