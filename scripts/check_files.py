"""No file grows beyond what a person reads in one go (house style 1)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 600
KINDS = {".py", ".html", ".css", ".js", ".md", ".txt", ".toml", ".yml"}
NOT_WRITTEN_BY_HAND = {"requirements", "locale", "migrations", "__pycache__", "facts"}


def written_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in NOT_WRITTEN_BY_HAND:
            continue
        if path.is_dir():
            yield from written_files(path)
        elif path.suffix in KINDS:
            yield path


def too_long(folder: Path) -> list[str]:
    counted = ((path, len(path.read_text().splitlines())) for path in written_files(folder))
    return [
        f"{path.relative_to(folder)}: {count} lines, {LONGEST} at most" for path, count in counted if count > LONGEST
    ]


def main() -> int:
    lines = too_long(ROOT)
    print("\n".join(lines))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
