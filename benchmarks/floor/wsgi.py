"""The floor's web process: Django, its views, no middleware at all."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.floor.settings"
django.setup(set_prefix=False)
settings.MIDDLEWARE = []

application = WSGIHandler()
