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
        ("INBOUND_MAILBOXES", "nord=imap://u:p@h", "INBOUND_MAILBOXES: the address of nord must start with imaps://"),
        ("INBOUND_WEBHOOK_SECRETS", "whsec_short", "INBOUND_WEBHOOK_SECRETS: each is whsec_"),
        ("UNCONFIRMED_SEATS_PER_HOUR", "-1", "UNCONFIRMED_SEATS_PER_HOUR must be a number"),
        ("TILES_ATTRIBUTION", "© Somebody", "TILES_URL is not set"),
        ("TILES_URL", "https://tiles.example/{z}/{x}/{y}.png", "TILES_ATTRIBUTION is not set"),
    ],
)
def test_wrong_values_are_refused(name: str, value: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read_environment({**COMPLETE, name: value})

    assert said in str(caught.value)


# --- The street map -------------------------------------------------------------------------------
STREETS = {"TILES_URL": "https://tiles.example:8443/light/{z}/{x}/{y}.png?key=1", "TILES_ATTRIBUTION": "© Somebody"}


def test_no_street_map_is_no_problem() -> None:
    environment = read_environment({**COMPLETE, "TILES_URL": "", "TILES_ATTRIBUTION": ""})

    assert (environment.tiles_url, environment.tiles_attribution) == ("", "")


def test_a_street_map_has_an_address_and_an_owner() -> None:
    environment = read_environment({**COMPLETE, **STREETS})

    assert (environment.tiles_url, environment.tiles_attribution) == tuple(STREETS.values())


@pytest.mark.parametrize(
    "address",
    [
        "https://tiles.example/{z}/{x}.png",
        "https://tiles.example/{z}/{x}/{x}.png",
        "https://{s}.tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}/{y}{r}.png",
        "https://tiles.example; script-src */{z}/{x}/{y}.png",
        "//tiles.example/{z}/{x}/{y}.png",
        "/tiles/{z}/{x}/{y}.png",
    ],
)
def test_what_is_no_address_of_tiles_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="TILES_URL must be one address"):
        read_environment({**COMPLETE, **STREETS, "TILES_URL": address})


@pytest.mark.parametrize(("app_env", "is_refused"), [("production", True), ("dev", False)])
def test_production_takes_its_pictures_over_a_safe_line(app_env: str, is_refused: bool) -> None:
    values = {**COMPLETE, **STREETS, "APP_ENV": app_env, "TILES_URL": "http://127.0.0.1:9/{z}/{x}/{y}.png"}

    try:
        read_environment(values)
        said = ""
    except ImproperlyConfigured as error:
        said = str(error)

    assert ("TILES_URL must start with https://" in said) == is_refused


def test_a_production_process_without_settings_does_not_start() -> None:
    bare = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"}

    command = [sys.executable, "manage.py", "check"]
    answer = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, check=False)

    assert answer.returncode != 0
    assert "SECRET_KEY is not set" in answer.stderr
