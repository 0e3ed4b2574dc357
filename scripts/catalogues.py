"""Compile message catalogues (``.po`` to ``.mo``) without the system's gettext.

``python -m scripts.catalogues [FILE.po …]``; without arguments, all of ``locale/``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compile_catalogue(source: Path) -> Path:
    """Write the compiled form beside ``source``, whole or not at all. Raises ``ValueError`` on a broken catalogue."""
    try:
        catalogue = polib.pofile(str(source), check_for_duplicates=True)
    except (OSError, ValueError) as error:
        raise ValueError(f"{source} is not a valid catalogue: {error}") from None
    made = source.with_suffix(".mo")
    draft = made.with_suffix(".mo.new")
    catalogue.save_as_mofile(str(draft))
    os.replace(draft, made)  # noqa: PTH105 - one atomic step, under readers
    return made


def main(arguments: list[str]) -> int:
    sources = [Path(name) for name in arguments] or sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
    try:
        for source in sources:
            compile_catalogue(source)
    except ValueError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
