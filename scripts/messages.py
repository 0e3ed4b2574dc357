"""Collect the messages of code and templates into ``locale/`` and compile them (needs GNU gettext)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polib

from scripts.catalogues import main as compile_all

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fr", "nl")
NOT_OURS = ("tests", "benchmarks", "scripts", "docs", ".*")
# Collecting touches no service; the settings only want to see two addresses.
OFFLINE = {"APP_ENV": "test", "DATABASE_URL": "postgresql://none@/none", "REDIS_URL": "unix:///none"}


# The header says what a program needs to read the file; no dates, so that a file changes with its words only.
HEADER = {
    "Project-Id-Version": "basins",
    "Language": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "",
}
PLURALS = {"fr": "nplurals=2; plural=(n > 1);", "nl": "nplurals=2; plural=(n != 1);"}


def collect(root: Path, *, with_places: bool = False) -> None:
    """Run ``makemessages`` in ``root``. Raises ``RuntimeError`` with what it said when it fails.

    ``with_places`` notes the files that use a message, for who looks for it; it is not committed.
    """
    command = [sys.executable, "manage.py", "makemessages", "--verbosity=0", "--no-wrap", "--no-obsolete"]
    command += ["--add-location=file" if with_places else "--no-location"]
    command += [f"--locale={language}" for language in LANGUAGES]
    command += [f"--ignore={pattern}" for pattern in NOT_OURS]
    for language in LANGUAGES:
        (root / "locale" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    env = {**os.environ, **OFFLINE}
    result = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise RuntimeError("\n".join(result.stderr.strip().splitlines()[-5:]))
    for language in LANGUAGES:
        tidy(root / "locale" / language / "LC_MESSAGES" / "django.po", language)


def tidy(path: Path, language: str) -> None:
    """Sort a catalogue and empty what was guessed from a similar message: a guess reads like a translation."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    catalogue.header = ""
    catalogue.metadata = HEADER | {"Language": language, "Plural-Forms": PLURALS[language]}
    catalogue.metadata_is_fuzzy = False
    for entry in catalogue:
        if entry.fuzzy:
            entry.flags.remove("fuzzy")
            entry.msgstr = ""
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
        entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
        entry.comment = entry.tcomment = ""
    catalogue.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    catalogue.save()


def main() -> int:
    try:
        collect(ROOT)
    except RuntimeError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return compile_all([])


if __name__ == "__main__":
    sys.exit(main())
