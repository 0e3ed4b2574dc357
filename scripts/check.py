"""``make check``: everything that can be said about the code without running its tests.

``make check ARGS="lint types"`` runs only the named checks. All of them run even when one fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent
# What an operator would set; `check --deploy` looks at the settings that come out of it.
PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": "only-for-the-check-of-the-settings-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "bassins.example,zorgzones.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    "SITE_URL": "https://bassins.example",
    "TRUSTED_PROXY": "true",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One command that exits with 0 when all is well."""

    name: str
    command: tuple[str | Path, ...]
    env: dict[str, str] = field(default_factory=dict)


CHECKS = (
    Check("types", (PYTHON, "-m", "mypy")),  # the longest one first
    Check("lint", (BIN / "ruff", "check", ".")),
    Check("format", (BIN / "ruff", "format", "--check", ".")),
    Check("floors", (BIN / "lint-imports",)),
    Check("migrations", (PYTHON, "manage.py", "makemigrations", "--check", "--dry-run")),
    Check("translations", (PYTHON, "-m", "scripts.check_catalogues")),
    Check("deploy", (PYTHON, "manage.py", "check", "--deploy", "--fail-level=WARNING"), PRODUCTION),
    Check("files", (PYTHON, "-m", "scripts.check_files")),
    Check("locks", (PYTHON, "-m", "scripts.check_locks")),
)
COMPOSE = Check(
    "compose",
    ("docker", "compose", "--env-file", ".env.example", "config", "--quiet"),
    {"SECRET_KEY": PRODUCTION["SECRET_KEY"], "POSTGRES_PASSWORD": "only-for-the-check"},
)


def run(check: Check) -> tuple[Check, int, str, float]:
    started = time.monotonic()
    result = subprocess.run(
        check.command,
        cwd=ROOT,
        env={**os.environ, **check.env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return check, result.returncode, result.stdout, time.monotonic() - started


def docker_compose_is_here() -> bool:
    """Docker's client alone does not bring ``compose``; without it tests/config/test_compose.py reads the file."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0


def main(names: list[str]) -> int:
    checks = [*CHECKS, COMPOSE] if docker_compose_is_here() else list(CHECKS)
    if unknown := set(names) - {check.name for check in checks}:
        print(f"Error: no check is called {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    chosen = [check for check in checks if not names or check.name in names]
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for check, code, output, seconds in pool.map(run, chosen):
            print(f"{check.name:14} {'ok' if code == 0 else 'FAILED'} ({seconds:.1f} s)", flush=True)
            if code != 0:
                failed.append(check.name)
                print(output, flush=True)
    print(f"{len(failed)} of {len(chosen)} checks failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
