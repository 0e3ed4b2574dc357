"""The catalogues are complete: every message of code and templates is translated, and nothing else stands there.

Collects the messages into a temporary copy and compares; the checkout is not touched.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

import polib

from scripts.messages import LANGUAGES, ROOT, collect

PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|(?<!\{)\{(\w+)[^}]*\}(?!\})|(%[sd])")
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "tests", "benchmarks", "docs", "node_modules", "*.mo")


def problems_of(entry: polib.POEntry) -> list[str]:
    """What is wrong with one message, in words."""
    if entry.obsolete:
        return ["is used no more: remove it"]
    if entry.fuzzy:
        return ["is marked fuzzy: translate it anew"]
    translations = list(entry.msgstr_plural.values()) or [entry.msgstr]
    if not all(translation.strip() for translation in translations):
        return ["is not translated"]
    wanted = _placeholders(entry.msgid) | _placeholders(entry.msgid_plural or "")
    return [
        f"has other placeholders in its translation: {', '.join(sorted(wanted ^ found))}"
        for found in map(_placeholders, translations)
        # A plural form may leave its number out ("one place").
        if found - wanted or (wanted - found and not entry.msgid_plural)
    ]


def _placeholders(text: str) -> set[str]:
    return {"".join(groups) for groups in PLACEHOLDER.findall(text)}


def _messages(root: Path, language: str) -> set[str]:
    path = root / "locale" / language / "LC_MESSAGES" / "django.po"
    return {entry.msgid for entry in polib.pofile(str(path))} if path.exists() else set()


def check(root: Path) -> list[str]:
    """All problems of the catalogues of ``root``, one line each."""
    lines = []
    for language in LANGUAGES:
        committed = root / "locale" / language / "LC_MESSAGES" / "django.po"
        if not committed.exists():
            lines.append(f"{language}: {committed.relative_to(root)} is missing")
        else:
            lines += [
                f"{language}: “{entry.msgid}” is marked fuzzy: translate it anew"
                for entry in polib.pofile(str(committed))
                if entry.fuzzy
            ]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(root, copy, ignore=LEFT_OUT)
        collect(copy, with_places=True)
        for language in LANGUAGES:
            collected = polib.pofile(str(copy / "locale" / language / "LC_MESSAGES" / "django.po"))
            lines += [
                f"{language}: “{msgid}” is used no more: run make messages"
                for msgid in sorted(_messages(root, language) - {entry.msgid for entry in collected})
            ]
            for entry in collected:
                places = ", ".join(sorted({name for name, _ in entry.occurrences})[:3])
                where = f" ({places})" if places else ""
                lines += [f"{language}: “{entry.msgid}”{where} {problem}" for problem in problems_of(entry)]
    return lines


def main() -> int:
    try:
        lines = check(ROOT)
    except RuntimeError as error:
        print(f"The messages could not be collected: {error}")
        return 1
    print("\n".join(lines))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
