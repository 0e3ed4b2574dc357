"""Make the checkout ready: ``python3 -m scripts.bootstrap demo`` or ``dev``.

Runs on the standard library alone. Makes ``.venv`` with the locked packages, installs the system's
libraries where it may (and says which are missing where it may not), compiles the catalogues.
What is done already costs nothing: the lock's hash is kept as a stamp.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts us may well have an older one
    from scripts.older_python import start_again

    start_again()

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts import system_packages
from scripts.system_packages import NotReadyError, Progress

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# A set of packages satisfies the sets it contains (tests/config/test_locks.py holds that they agree).
SATISFIED_BY = {"demo": ("demo", "dev"), "dev": ("dev",)}


def main(arguments: list[str]) -> int:
    if arguments not in (["demo"], ["dev"]):
        print("Usage: python3 -m scripts.bootstrap demo|dev", file=sys.stderr)
        return 2
    kind = arguments[0]
    try:
        with one_at_a_time():
            make_venv()
            install_packages(kind)
            system_packages.ensure(kind, log=LOCAL / "logs" / "apt.log")
            compile_catalogues()
    except NotReadyError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the next start continues from here.", file=sys.stderr)
        return 130
    return 0


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two commands started at once must not build the same folder."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_venv() -> None:
    if PYTHON.exists() and _runs(PYTHON):
        return
    if importlib.util.find_spec("ensurepip") is None:
        system_packages.install_venv_module(log=LOCAL / "logs" / "apt.log")
    Progress("Python environment").say("making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    result = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise NotReadyError(f"Python cannot make a virtual environment in {VENV}:\n{result.stdout}{result.stderr}")


def _runs(python: Path) -> bool:
    """Whether the environment's Python still exists and is new enough."""
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([python, "-c", check], capture_output=True, check=False).returncode == 0


def install_packages(kind: str) -> None:
    if any(_stamp(each).exists() and _stamp(each).read_text() == _lock_hash(each) for each in SATISFIED_BY[kind]):
        return
    lock = ROOT / "requirements" / f"{kind}.txt"
    total = sum("==" in line and not line.startswith((" ", "#")) for line in lock.read_text().splitlines())
    progress = Progress(f"Python packages ({kind})", total)
    log = LOCAL / "logs" / "pip.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # The lock is complete: nothing to resolve. Byte code is made for what is used, when it is used.
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--require-hashes",
        "--no-compile",
        "--no-input",
    ]
    command += ["--disable-pip-version-check", "--root-user-action=ignore", "--progress-bar=off", "-r", lock]
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        for line in process.stdout or ():
            if line.startswith(("Collecting ", "Processing ", "Ignoring ", "Requirement already satisfied")):
                progress.step()
            elif line.startswith("Installing collected"):
                progress.say("unpacking")
    if process.returncode != 0:
        raise NotReadyError(f"The Python packages could not be installed.\n{_errors(log)}\nThe whole log: {log}")
    _stamp(kind).write_text(_lock_hash(kind))


def _stamp(kind: str) -> Path:
    return VENV / f"packages-{kind}.sha256"


def _lock_hash(kind: str) -> str:
    return hashlib.sha256((ROOT / "requirements" / f"{kind}.txt").read_bytes()).hexdigest()


def _errors(log: Path) -> str:
    lines = log.read_text().splitlines()
    errors = [line for line in lines if line.lstrip().startswith("ERROR")]
    return "\n".join((errors or lines)[-6:])


def compile_catalogues() -> None:
    """Compile the catalogues that are newer than their compiled form."""
    stale = [
        str(path) for path in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")) if _is_newer(path, path.with_suffix(".mo"))
    ]
    if stale:
        Progress("Catalogues").say(f"compiling {len(stale)}")
        result = subprocess.run(
            [PYTHON, "-m", "scripts.catalogues", *stale], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if result.returncode != 0:
            raise NotReadyError(result.stderr.strip())


def _is_newer(source: Path, made: Path) -> bool:
    return not made.exists() or source.stat().st_mtime_ns > made.stat().st_mtime_ns


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
