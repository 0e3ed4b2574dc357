"""Child processes that never outlive us, and the one exception a person gets to read.

Each child leads a process group of its own: Ctrl-C in the terminal reaches only the program that
the person started, which then stops its children in the right order, and stopping a child takes
its own children along.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotStartError(Exception):
    """Something expected went wrong; the message is for the person at the terminal."""


class StopRequested(BaseException):
    """Raised in the main thread when a stop signal arrives."""


@contextlib.contextmanager
def stop_signals_raise() -> Iterator[None]:
    """Turn the first stop signal into ``StopRequested``; ignore the following ones while we tidy up."""

    def ask_to_stop(signum: int, frame: FrameType | None) -> None:
        for each in STOP_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise StopRequested(signum)

    before = {each: signal.signal(each, ask_to_stop) for each in STOP_SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _die_with_parent() -> None:
    """In the child, before exec: ask Linux for SIGTERM when we vanish without a chance to tidy up."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Child:
    """A running program with the name that people read and the file that holds what it says."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def last_words(self, count: int = 3) -> str:
        """The last lines of the log, for a sentence about a failure."""
        return tail(self.log, count)

    def stop(self, patience: float = 10.0, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """Ask the program to end, wait, then end what is left of its group."""
        if self.is_alive():
            self.process.send_signal(with_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start_child(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: tuple[int, int] | None = None,
) -> Child:
    """Start ``command`` in a group of its own, its output in ``log``; ``user`` is (uid, gid) to become."""
    identity = {} if user is None else {"user": user[0], "group": user[1], "extra_groups": []}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(  # type: ignore[call-overload]  # the identity is a dictionary
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if env is None else dict(env),
                cwd=cwd,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - we have no threads when we start children
                **identity,
            )
        except OSError as error:
            raise CannotStartError(f"{name} cannot be started: {error.strerror} ({command[0]}).") from None
    return Child(name, process, log)


def wait_until(condition: Callable[[], bool], *, seconds: float, pause: float = 0.02) -> bool:
    """Poll ``condition`` until it holds; False when it still does not after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def tail(log: Path, count: int) -> str:
    """The last ``count`` non-empty lines of a file, or an empty string."""
    try:
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    except OSError:
        return ""
    return "\n".join(lines[-count:])


def exit_code(returncode: int) -> int:
    """The exit code a shell would give: 128 + n for a program ended by signal n."""
    return returncode if returncode >= 0 else 128 - returncode
