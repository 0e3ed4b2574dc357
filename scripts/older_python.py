"""Find a newer Python when ``python3`` is an old one. Must itself run on any Python 3."""

import os
import shutil
import sys

CANDIDATES = ("python3.13", "python3.12", "python3.11", "python3.14")


def start_again() -> None:
    """Start the same script with a Python that is new enough, or say what is missing and leave."""
    for name in CANDIDATES:
        path = shutil.which(name)
        if path:
            os.execv(path, [path, "-m", "scripts.bootstrap", *sys.argv[1:]])  # noqa: S606 - ourselves, again
    sys.stderr.write(
        f"Error: Python 3.11 or newer is needed; {sys.executable} is Python {sys.version.split()[0]}. "
        "Install a newer one, or name it: make demo PYTHON=/path/to/python3.11\n"
    )
    sys.exit(1)
