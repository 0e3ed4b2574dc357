"""Remove what the commands made: the environment, the demo with its data, caches, compiled catalogues."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (".local", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis")


def main() -> int:
    if _demo_is_running():
        print("Error: a demo of this checkout is running. Stop it first with Ctrl-C.", file=sys.stderr)
        return 1
    _remove_what_lies_elsewhere()
    for name in FOLDERS:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for path in ROOT.glob("locale/*/LC_MESSAGES/*.mo"):
        path.unlink()
    for folder in list(ROOT.rglob("__pycache__")):
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _remove_what_lies_elsewhere() -> None:
    """For root, a checkout closed to others keeps its data outside (``config.embedded`` knows where)."""
    code = (
        "from config import embedded, services;"
        "embedded.remove_data(services.LOCAL / 'postgres'); embedded.remove_copy_of_programs()"
    )
    python = ROOT / ".venv" / "bin" / "python"
    if python.exists():
        subprocess.run([python, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL, check=False)


def _demo_is_running() -> bool:
    try:
        with (ROOT / ".local" / "demo.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
