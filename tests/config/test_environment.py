"""What an operator must set, and how it is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import read_environment

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "SECRET_KEY": "x" * 50,
    "ALLOWED_HOSTS": "bassin-sud.brussels, zorgzone-zuid.brussels",
    "DATABASE_URL": "postgresql://u:p@db:5432/b",
    "REDIS_URL": "redis://r:6379/0",
    "EMAIL_URL": "smtp+tls://u:p@mail:587",
    "SITE_URL": "https://bassins.brussels/",
}


def test_without_a_word_it_is_production() -> None:
    assert read_environment(dict(COMPLETE)).is_production


def test_values_are_typed() -> None:
    environment = read_environment({**COMPLETE, "TRUSTED_PROXY": "true"})

    assert environment.allowed_hosts == ["bassin-sud.brussels", "zorgzone-zuid.brussels"]
    assert environment.trusted_proxy is True
    assert environment.site_url == "https://bassins.brussels"


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_production_names_what_is_missing(name: str) -> None:
    values = {key: value for key, value in COMPLETE.items() if key != name}

    with pytest.raises(ImproperlyConfigured, match=f"{name} is not set"):
        read_environment(values)


def test_all_problems_are_said_at_once() -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read_environment({})

    assert [name for name in COMPLETE if f"{name} is not set" in str(caught.value)] == list(COMPLETE)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("APP_ENV", "prod", "APP_ENV is 'prod'"),
        ("SECRET_KEY", "short", "SECRET_KEY is too weak"),
        ("DATABASE_URL", "mysql://u@h/d", "DATABASE_URL must start with postgresql://"),
        ("REDIS_URL", "memcached://h", "REDIS_URL must start with"),
    ],
)
def test_wrong_values_are_refused(name: str, value: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read_environment({**COMPLETE, name: value})

    assert said in str(caught.value)


def test_a_production_process_without_settings_does_not_start() -> None:
    bare = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"}

    command = [sys.executable, "manage.py", "check"]
    answer = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, check=False)

    assert answer.returncode != 0
    assert "SECRET_KEY is not set" in answer.stderr
