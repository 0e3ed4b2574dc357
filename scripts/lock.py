"""Pin every version with its hashes: ``requirements/{production,demo,dev}.txt`` out of ``pyproject.toml``.

Without download addresses, which would tie the project to one machine's mirror.
``make lock ARGS=--upgrade`` takes the newest versions the project allows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS: dict[str, tuple[str, ...]] = {"production": (), "demo": ("embedded",), "dev": ("embedded", "dev")}


def command(uv: str, kind: str, *arguments: str) -> list[str]:
    extras = [part for extra in EXTRAS[kind] for part in ("--extra", extra)]
    return [
        *(uv, "pip", "compile", "-q", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-header"),
        *("--python-version", "3.11", *extras, *arguments),
        *("pyproject.toml", "-o", f"requirements/{kind}.txt"),
    ]


def main(arguments: list[str]) -> int:
    uv = shutil.which("uv")
    if uv is None:
        print("Error: uv is missing. Install it: https://docs.astral.sh/uv/", file=sys.stderr)
        return 1
    for kind in EXTRAS:
        print(f"  requirements/{kind}.txt", flush=True)
        result = subprocess.run(command(uv, kind, *arguments), check=False)
        if result.returncode != 0:
            return result.returncode
    return 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
