"""The production set, read as a file: what an operator needs is there, and nothing is open that need not be.

`make check` also asks ``docker compose config`` where Docker brings it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.environment import read_environment

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
# What the Compose Specification calls the keys we use; a slip of the pen is not one of them.
TOP_LEVEL_KEYS = {"name", "services", "volumes", "x-app"}
SERVICE_KEYS = set(
    "build image restart init read_only tmpfs cap_drop security_opt volumes environment command depends_on "
    "healthcheck stop_grace_period shm_size ports".split()
)
HEALTH_KEYS = {"test", "interval", "timeout", "retries", "start_period"}
CONDITIONS = {"service_healthy", "service_completed_successfully"}


def variables(pattern: str, text: str) -> set[str]:
    return set(re.findall(pattern, text, re.MULTILINE))


def test_the_set_is_complete() -> None:
    assert list(SERVICES) == ["migrate", "web", "worker", "beat", "postgres", "redis", "proxy"]


def test_no_key_is_unknown() -> None:
    assert set(COMPOSE) == TOP_LEVEL_KEYS
    assert {key for service in SERVICES.values() for key in service} <= SERVICE_KEYS
    assert {key for service in SERVICES.values() for key in service.get("healthcheck", {})} <= HEALTH_KEYS


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_what_runs_on_is_watched_and_restarted(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_what_is_waited_for_exists_and_can_be_waited_for() -> None:
    waits = [(name, wait) for service in SERVICES.values() for name, wait in service.get("depends_on", {}).items()]

    assert {wait["condition"] for _, wait in waits} == CONDITIONS
    assert [
        name for name, wait in waits if wait["condition"] == "service_healthy" and "healthcheck" not in SERVICES[name]
    ] == []


def test_only_the_proxy_is_open_to_the_world() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_volumes_are_named_and_declared() -> None:
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}

    assert {volume for volume in mounted if not volume.startswith("./")} == set(COMPOSE["volumes"])
    assert [volume for volume in mounted if volume.startswith("./") and not (ROOT / volume).exists()] == []


@pytest.mark.parametrize("name", OURS)
def test_our_programs_hold_no_more_rights_than_they_need(name: str) -> None:
    service = SERVICES[name]

    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])


def test_the_image_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()

    assert [line for line in lines if line.startswith("USER ")] == ["USER bassins"]


def test_images_are_pinned_to_a_version() -> None:
    images = {service["image"] for service in SERVICES.values()} - {"bassins-app"}

    assert [image for image in images if not re.search(r":\d", image)] == []


def test_every_variable_stands_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()

    assert variables(r"(?<!\$)\$\{(\w+)", TEXT) == variables(r"^(\w+)=", example)


def test_the_settings_accept_what_the_set_gives() -> None:
    def filled_in(found: re.Match[str]) -> str:
        return "x" * 60 if found[1] is None else found[1]

    values = {
        name: re.sub(r"\$\{\w+(?::-([^}]*)|:\?[^}]*)?\}", filled_in, value)
        for name, value in COMPOSE["x-app"]["environment"].items()
    }

    environment = read_environment(values)

    assert (environment.app_env, environment.trusted_proxy) == ("production", True)
    assert environment.database_url.endswith("@postgres:5432/bassins")
