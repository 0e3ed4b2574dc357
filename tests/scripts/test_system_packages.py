"""What the system lacks is installed where we may, and named where we may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import system_packages
from scripts.system_packages import NotReadyError, Progress, SystemPackage

HERE = SystemPackage("libhere", "PDF", lambda: True)
MISSING = SystemPackage("libmissing", "PDF", lambda: False)


@pytest.fixture(autouse=True)
def _needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "NEEDED", {"demo": (HERE, MISSING), "dev": (HERE,)})


def test_nothing_is_asked_of_a_system_that_has_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[object] = []
    monkeypatch.setattr(system_packages, "install", lambda *arguments, **_: asked.append(arguments))

    system_packages.ensure("dev", log=tmp_path / "log")

    assert asked == []


def test_without_the_right_to_install_the_missing_ones_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(system_packages, "may_install", lambda: False)

    with pytest.raises(NotReadyError) as caught:
        system_packages.ensure("demo", log=tmp_path / "log")

    assert str(caught.value).splitlines()[:3] == [
        "The system lacks (names as on Debian):",
        "  libmissing             for PDF",
        "On Debian and Ubuntu: sudo apt-get install libmissing",
    ]


def test_only_what_is_missing_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    present: list[str] = []
    package = SystemPackage("libmissing", "PDF", lambda: bool(present))
    monkeypatch.setattr(system_packages, "NEEDED", {"demo": (HERE, package)})
    monkeypatch.setattr(system_packages, "may_install", lambda: True)
    monkeypatch.setattr(system_packages, "install", lambda names, log: present.extend(names))

    system_packages.ensure("demo", log=tmp_path / "log")

    assert present == ["libmissing"]


def test_the_lists_are_refreshed_when_the_first_try_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    commands: list[str] = []

    def apt(command: list[str], output: int) -> bool:
        commands.append(command[1])
        return commands != ["install"]

    monkeypatch.setattr(system_packages, "_apt", apt)

    system_packages.install(["libmissing"], log=tmp_path / "log")

    assert commands == ["install", "update", "install"]


def test_what_apt_refuses_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def apt(command: list[str], output: int) -> bool:
        (tmp_path / "log").write_text("Reading…\nE: Unable to locate package libmissing\n")
        return False

    monkeypatch.setattr(system_packages, "_apt", apt)

    with pytest.raises(NotReadyError) as caught:
        system_packages.install(["libmissing"], log=tmp_path / "log")

    assert str(caught.value).splitlines()[:2] == [
        "apt-get could not install libmissing.",
        "E: Unable to locate package libmissing",
    ]


def test_progress_is_a_few_lines_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("Python packages", 100)

    for _ in range(100):
        progress.step()

    assert capsys.readouterr().out.splitlines() == [f"  Python packages: {done}/100" for done in (1, 25, 50, 75, 100)]
