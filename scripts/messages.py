"""Collect the messages of code and templates into ``locale/`` and compile them (needs GNU gettext)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from scripts.catalogues import main as compile_all

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fr", "nl")
NOT_OURS = ("tests", "benchmarks", "scripts", "docs", ".*")
# Collecting touches no service; the settings only want to see two addresses.
OFFLINE = {"APP_ENV": "test", "DATABASE_URL": "postgresql://none@/none", "REDIS_URL": "unix:///none"}


def collect(root: Path) -> None:
    """Run ``makemessages`` in ``root``. Raises ``RuntimeError`` with what it said when it fails."""
    command = [sys.executable, "manage.py", "makemessages", "--verbosity=0", "--add-location=file", "--no-wrap"]
    command += [f"--locale={language}" for language in LANGUAGES]
    command += [f"--ignore={pattern}" for pattern in NOT_OURS]
    for language in LANGUAGES:
        (root / "locale" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    env = {**os.environ, **OFFLINE}
    result = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise RuntimeError("\n".join(result.stderr.strip().splitlines()[-5:]))


def main() -> int:
    try:
        collect(ROOT)
    except RuntimeError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return compile_all([])


if __name__ == "__main__":
    sys.exit(main())
