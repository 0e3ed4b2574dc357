"""The locks agree with ``pyproject.toml`` and with each other, without asking any registry."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
# Each set with the extras it is made of, from the smallest to the one that contains all.
SETS: dict[str, tuple[str, ...]] = {"production": (), "demo": ("embedded",), "dev": ("embedded", "dev")}
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    """Name and version of everything a lock pins."""
    return {canonicalize_name(name): version for name, version in PIN.findall(lock)}


def wanted(project: dict[str, Any], extras: tuple[str, ...]) -> list[Requirement]:
    """What ``pyproject.toml`` asks for, with the given extras."""
    table = project["project"]
    names = [*table["dependencies"], *(name for extra in extras for name in table["optional-dependencies"][extra])]
    return [Requirement(name) for name in names]


def problems(project: dict[str, Any], locks: dict[str, str]) -> list[str]:
    """What does not agree, one line each."""
    found: list[str] = []
    smaller: dict[str, str] = {}
    for kind, extras in SETS.items():
        pinned = pins(locks[kind])
        for requirement in wanted(project, extras):
            version = pinned.get(canonicalize_name(requirement.name))
            if version is None:
                found.append(f"{kind}.txt does not pin {requirement.name}")
            elif not requirement.specifier.contains(version, prereleases=True):
                found.append(f"{kind}.txt pins {requirement.name} {version}, pyproject.toml wants {requirement}")
        found += [
            f"{kind}.txt pins {name} {pinned.get(name)}, a smaller set pins {version}"
            for name, version in smaller.items()
            if pinned.get(name) != version
        ]
        if re.search(r"https?://|file:", re.sub(r"#.*", "", locks[kind])):
            found.append(f"{kind}.txt carries a download address")
        smaller = pinned
    return found


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    locks = {kind: (ROOT / "requirements" / f"{kind}.txt").read_text() for kind in SETS}
    lines = problems(project, locks)
    print("\n".join([*lines, "Run `make lock`."]) if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
