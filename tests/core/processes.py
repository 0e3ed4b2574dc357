"""Real processes for tests that kill them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

ROOT = Path(__file__).parent.parent.parent
SET_UP = """
import os, time, django
django.setup()
from django.conf import settings
from tests.core.letters import post_hello, use_test_templates
use_test_templates(settings)
"""


def python(code: str, **env: str) -> subprocess.Popen[str]:
    """A process of its own on the database of this test."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    values = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings", "APP_ENV": "test"}
    return subprocess.Popen(
        [sys.executable, "-c", SET_UP + code], env={**values, **env}, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
