"""Children end when they are asked to, with their own children, and when we vanish."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.processes import (
    CannotStartError,
    StopRequested,
    exit_code,
    start_child,
    stop_signals_raise,
    tail,
    wait_until,
)

GRANDCHILD = "sleep 600 & echo $! > {note}; wait"


def is_running(pid: int) -> bool:
    """Whether the process still does something; one that only waits to be counted has ended."""
    if Path("/proc/self").exists():
        try:
            return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def noted_pid(note: Path) -> int:
    assert wait_until(lambda: note.exists() and note.read_text().strip() != "", seconds=5)
    return int(note.read_text())


def test_stopping_a_child_ends_its_children(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    child = start_child("shell", ["sh", "-c", GRANDCHILD.format(note=note)], log=tmp_path / "log")
    grandchild = noted_pid(note)

    child.stop()

    assert not child.is_alive()
    assert wait_until(lambda: not is_running(grandchild), seconds=5)


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    child = start_child(
        "deaf", ["sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"], log=tmp_path / "log"
    )
    wait_until(lambda: tail(child.log, 1) == "up", seconds=5)
    started = time.monotonic()

    child.stop(patience=0.2)

    assert child.process.returncode == -signal.SIGKILL
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
def test_a_child_goes_with_its_parent(tmp_path: Path, name: str) -> None:
    note = tmp_path / "pid"
    code = (
        "import sys, time; from pathlib import Path; from config.processes import start_child;"
        "child = start_child('sleep', ['sleep', '600'], log=Path(sys.argv[1]) / 'log');"
        "Path(sys.argv[1], 'pid').write_text(str(child.process.pid)); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, tmp_path])
    child = noted_pid(note)

    parent.send_signal(signal.Signals[name])
    parent.wait(5)

    assert wait_until(lambda: not is_running(child), seconds=5)


def test_a_program_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotStartError) as caught:
        start_child("Redis", [tmp_path / "redis-server"], log=tmp_path / "log")

    assert str(caught.value) == f"Redis cannot be started: No such file or directory ({tmp_path}/redis-server)."


def test_the_first_stop_signal_raises_and_a_second_one_does_not_disturb() -> None:
    with pytest.raises(StopRequested) as caught, stop_signals_raise():  # noqa: PT012 - the second signal comes while we leave
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    assert caught.value.args == (signal.SIGTERM,)


def test_exit_codes_are_those_of_a_shell() -> None:
    assert [exit_code(code) for code in (0, 3, -15)] == [0, 3, 143]


def test_the_tail_of_a_missing_log_is_empty(tmp_path: Path) -> None:
    assert tail(tmp_path / "none", 3) == ""
