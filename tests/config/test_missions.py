"""A mission is a folder and a line in the settings; a room that it leaves out is missed by nobody."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from basins.missions import mission_modules

PYPROJECT = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
CONTRACTS: list[dict[str, Any]] = PYPROJECT["tool"]["importlinter"]["contracts"]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> str:
    """A mission with one room."""
    name = "small_mission"
    room = tmp_path / name
    room.mkdir()
    (room / "__init__.py").touch()
    (room / "mission.py").write_text("mission = None\n")
    monkeypatch.syspath_prepend(tmp_path)
    settings.MISSIONS = ["opendoors", name]
    return name


def names_with(room: str) -> list[str]:
    return [mission for mission, _module in mission_modules(room)]


@pytest.mark.parametrize("room", ["api", "tasks", "gallery", "web.urls"])
def test_a_room_that_is_left_out_is_missed_by_nobody(small: str, room: str) -> None:
    assert names_with(room) == ["opendoors"]


def test_a_room_that_is_there_is_found(small: str) -> None:
    assert names_with("mission") == ["opendoors", small]
    assert sys.modules[f"{small}.mission"].mission is None


@pytest.mark.parametrize("mission", settings.MISSIONS)
def test_the_floors_know_every_mission(mission: str) -> None:
    """``import-linter`` takes names; a mission that is not listed in pyproject.toml would not be held."""
    floors = [layer for contract in CONTRACTS for layer in contract.get("layers", [])]
    assert mission in PYPROJECT["tool"]["importlinter"]["root_packages"]
    assert any(mission in layer.split(" | ") for layer in floors)
