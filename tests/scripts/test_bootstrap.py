"""The start from a clean checkout: an old Python is told so, and nothing is done twice."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import bootstrap, older_python
from scripts.system_packages import NotReadyError


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with two locks and an environment in which nothing is installed yet."""
    for name in ("requirements", ".venv/bin"):
        tmp_path.joinpath(name).mkdir(parents=True)
    for kind in ("demo", "dev"):
        tmp_path.joinpath("requirements", f"{kind}.txt").write_text(f"{kind}==1\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "LOCAL", tmp_path / ".local")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return tmp_path


def fake_pip(checkout: Path, script: str) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\necho "$*" >> {checkout}/calls\n{script}\n')
    python.chmod(0o755)


def calls(checkout: Path) -> int:
    noted = checkout / "calls"
    return len(noted.read_text().splitlines()) if noted.exists() else 0


def test_packages_are_installed_once_per_lock(checkout: Path) -> None:
    fake_pip(checkout, "echo Collecting demo==1")
    bootstrap.install_packages("demo")
    bootstrap.install_packages("demo")
    before = calls(checkout)

    checkout.joinpath("requirements", "demo.txt").write_text("demo==2\n")
    bootstrap.install_packages("demo")

    assert (before, calls(checkout)) == (1, 2)


def test_the_packages_of_the_tests_contain_those_of_the_demo(checkout: Path) -> None:
    lock = checkout / "requirements" / "dev.txt"
    checkout.joinpath(".venv", "packages-dev.sha256").write_text(hashlib.sha256(lock.read_bytes()).hexdigest())
    fake_pip(checkout, "exit 1")

    bootstrap.install_packages("demo")

    assert calls(checkout) == 0


def test_what_pip_refuses_is_told_with_its_errors_and_tried_again(checkout: Path) -> None:
    fake_pip(checkout, 'echo "WARNING: slow" >&2; echo "ERROR: No matching distribution found for demo==1" >&2; exit 1')

    with pytest.raises(NotReadyError) as caught:
        bootstrap.install_packages("demo")

    assert str(caught.value).splitlines() == [
        "The Python packages could not be installed.",
        "ERROR: No matching distribution found for demo==1",
        f"The whole log: {checkout}/.local/logs/pip.log",
    ]
    assert not checkout.joinpath(".venv", "packages-demo.sha256").exists()


def test_only_catalogues_that_changed_are_compiled(checkout: Path) -> None:
    folder = checkout / "locale" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, made = folder / "django.po", folder / "django.mo"
    source.touch()
    made.touch()
    os.utime(source, (1, 1))
    fake_pip(checkout, "exit 0")

    bootstrap.compile_catalogues()
    before = calls(checkout)
    os.utime(made, (0, 0))
    bootstrap.compile_catalogues()

    assert (before, calls(checkout)) == (0, 1)


def test_an_environment_whose_python_is_gone_does_not_run(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)

    assert (bootstrap._runs(Path(sys.executable)), bootstrap._runs(broken)) == (True, False)


def test_an_old_python_without_a_newer_one_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)

    with pytest.raises(SystemExit) as caught:
        older_python.start_again()

    assert caught.value.code == 1
    assert capsys.readouterr().err.startswith("Error: Python 3.11 or newer is needed; ")


def test_a_wrong_call_shows_the_usage() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "scripts.bootstrap", "moon"], capture_output=True, text=True, check=False
    )

    assert (result.returncode, result.stderr) == (2, "Usage: python3 -m scripts.bootstrap demo|dev\n")
