"""What the system has to bring: libraries for PDF, a font, and for the tests a browser and tools.

On Debian as root they are installed; elsewhere we say which are missing and how to get them.
Only what is missing is asked for, so a machine that has everything never waits for apt.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts")


class NotReadyError(Exception):
    """The machine lacks something; the message says what, and what to do."""


class Progress:
    """One line that counts in a terminal; a few lines where nobody watches."""

    def __init__(self, title: str, total: int = 0) -> None:
        self.title, self.total, self.done = title, total, 0

    def step(self) -> None:
        self.done += 1
        if sys.stdout.isatty():
            end = "\n" if self.done == self.total else ""
            print(f"\r  {self.title}: {self.done}/{self.total}", end=end, flush=True)
        elif self.done in {1, self.total} or self.done % max(1, self.total // 4) == 0:
            self.say(f"{self.done}/{self.total}")

    def say(self, what: str) -> None:
        print(f"  {self.title}: {what}", flush=True)


@dataclass(frozen=True, slots=True)
class SystemPackage:
    """One Debian package, what it is for, and how to see that it (or its like) is there."""

    name: str
    purpose: str
    is_present: Callable[[], bool]


def _library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _open_sans_is_present() -> bool:
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(next(folder.rglob("OpenSans*"), None) for folder in folders if folder.is_dir())


PDF = (
    SystemPackage("libpango-1.0-0", "PDF", _library("pango-1.0")),
    SystemPackage("libpangoft2-1.0-0", "PDF", _library("pangoft2-1.0")),
    SystemPackage("libharfbuzz-subset0", "PDF", _library("harfbuzz-subset")),
    SystemPackage("fonts-open-sans", "the font of the PDFs", _open_sans_is_present),
)
# The one without windows first: it draws a page in three quarters of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
TESTS = (
    SystemPackage("chromium-headless-shell", "browser tests", _program(*BROWSERS)),
    SystemPackage("gettext", "the check of the translations", _program("xgettext")),
    SystemPackage("poppler-utils", "tests that look at PDFs", _program("pdftoppm")),
    SystemPackage("dovecot-imapd", "tests that fetch mail", _program("dovecot", "/usr/sbin/dovecot")),
)
NEEDED = {"demo": PDF, "dev": (*PDF, *TESTS)}


def ensure(kind: str, *, log: Path) -> None:
    """Install what is missing for ``kind``. Raises ``NotReadyError`` where that is not ours to do."""
    missing = [package for package in NEEDED[kind] if not package.is_present()]
    if not missing:
        return
    if not may_install():
        raise NotReadyError(_what_is_missing(missing))
    install([package.name for package in missing], log=log)
    still = [package for package in missing if not package.is_present()]
    if still:
        raise NotReadyError(_what_is_missing(still))


def may_install() -> bool:
    """Whether this is Debian (or a child of it) and we are root."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(names: list[str], *, log: Path) -> None:
    """``apt-get install``, after ``apt-get update`` where the lists are missing or too old."""
    progress = Progress("System packages")
    progress.say(f"installing {', '.join(names)}")
    log.parent.mkdir(parents=True, exist_ok=True)
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *names]
    with log.open("w") as output:
        if _apt(command, output.fileno()):
            return
        progress.say("refreshing the lists first")
        if _apt(["apt-get", "update", "-q"], output.fileno()) and _apt(command, output.fileno()):
            return
    errors = [line for line in log.read_text(errors="replace").splitlines() if line.startswith("E:")]
    raise NotReadyError(
        f"apt-get could not install {' '.join(names)}.\n" + "\n".join(errors[-4:]) + f"\nThe whole log: {log}"
    )


def install_venv_module(*, log: Path) -> None:
    """Debian packs the virtual environments of Python apart."""
    name = f"python3.{sys.version_info.minor}-venv"
    if not may_install():
        raise NotReadyError(
            f"Python's modules venv and ensurepip are missing. On Debian and Ubuntu: sudo apt-get install {name}"
        )
    install([name], log=log)


def _apt(command: list[str], output: int) -> bool:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return (
        subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env, check=False
        ).returncode
        == 0
    )


def _what_is_missing(missing: list[SystemPackage]) -> str:
    lines = [f"  {package.name:22} for {package.purpose}" for package in missing]
    names = " ".join(package.name for package in missing)
    return (
        "The system lacks (names as on Debian):\n"
        + "\n".join(lines)
        + f"\nOn Debian and Ubuntu: sudo apt-get install {names}"
        + "\nOn macOS: brew install pango gettext poppler dovecot, and install Chromium and the font Open Sans."
    )
