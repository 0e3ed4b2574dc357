"""The checks find what they are there to find."""

from __future__ import annotations

import gettext
import tomllib
from pathlib import Path
from typing import Any

import polib
import pytest

from scripts import check_locks
from scripts.catalogues import compile_catalogue
from scripts.check_catalogues import problems_of
from scripts.check_files import LONGEST, too_long

PROJECT: dict[str, Any] = {
    "project": {
        "dependencies": ["Django>=5.2,<5.3"],
        "optional-dependencies": {"embedded": ["polib"], "dev": ["pytest"]},
    }
}
LOCKS = {
    "production": "django==5.2.1 \\\n    --hash=sha256:00\n",
    "demo": "django==5.2.1\npolib==1.2.0\n",
    "dev": "django==5.2.1\npolib==1.2.0\npytest==9.0\n",
}


def test_locks_that_agree_have_no_problem() -> None:
    assert check_locks.problems(PROJECT, LOCKS) == []


def test_our_own_locks_agree() -> None:
    project = tomllib.loads((check_locks.ROOT / "pyproject.toml").read_text())
    locks = {kind: (check_locks.ROOT / "requirements" / f"{kind}.txt").read_text() for kind in check_locks.SETS}

    assert check_locks.problems(project, locks) == []


@pytest.mark.parametrize(
    ("kind", "lock", "problem"),
    [
        ("dev", "django==5.2.1\npolib==1.2.0\n", "dev.txt does not pin pytest"),
        ("dev", "django==5.2.1\npolib==1.1.0\npytest==9.0\n", "dev.txt pins polib 1.1.0, a smaller set pins 1.2.0"),
        ("production", "django==5.1.9\n", "production.txt pins Django 5.1.9, pyproject.toml wants Django<5.3,>=5.2"),
        ("dev", LOCKS["dev"] + "--index-url https://mirror.example\n", "dev.txt carries a download address"),
    ],
)
def test_locks_that_do_not_agree_are_named(kind: str, lock: str, problem: str) -> None:
    assert problem in check_locks.problems(PROJECT, {**LOCKS, kind: lock})


@pytest.mark.parametrize(
    ("entry", "problems"),
    [
        (polib.POEntry(msgid="Book %(name)s", msgstr="Réserver %(name)s"), []),
        (polib.POEntry(msgid="Book", msgstr=""), ["is not translated"]),
        (polib.POEntry(msgid="Book", msgstr="Réserver", flags=["fuzzy"]), ["is marked fuzzy: translate it anew"]),
        (polib.POEntry(msgid="Book", msgstr="Réserver", obsolete=True), ["is used no more: remove it"]),
        (
            polib.POEntry(msgid="Book %(name)s", msgstr="Réserver %(nom)s"),
            ["has other placeholders in its translation: name, nom"],
        ),
        (
            polib.POEntry(
                msgid="%(n)s place", msgid_plural="%(n)s places", msgstr_plural={0: "une place", 1: "%(n)s places"}
            ),
            [],
        ),
        (polib.POEntry(msgid="place", msgid_plural="places", msgstr_plural={0: "place", 1: ""}), ["is not translated"]),
    ],
)
def test_a_message_that_is_not_well_translated_is_named(entry: polib.POEntry, problems: list[str]) -> None:
    assert problems_of(entry) == problems


def test_a_catalogue_is_compiled_as_gettext_reads_it(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Book"\nmsgstr "Réserver"\n'
    )

    with compile_catalogue(source).open("rb") as made:
        translations = gettext.GNUTranslations(made)

    assert translations.gettext("Book") == "Réserver"


def test_a_broken_catalogue_is_one_sentence_and_keeps_the_former_one(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    source.write_text('msgid "Book"\nTODAY IS NICE\n')
    source.with_suffix(".mo").write_bytes(b"former")

    with pytest.raises(ValueError, match="is not a valid catalogue"):
        compile_catalogue(source)

    assert source.with_suffix(".mo").read_bytes() == b"former"


def test_a_file_that_is_too_long_is_named(tmp_path: Path) -> None:
    tmp_path.joinpath("good.py").write_text("pass\n" * LONGEST)
    tmp_path.joinpath("god.py").write_text("pass\n" * (LONGEST + 1))
    tmp_path.joinpath("migrations").mkdir()
    tmp_path.joinpath("migrations", "0001_initial.py").write_text("pass\n" * 5000)

    assert too_long(tmp_path) == [f"god.py: {LONGEST + 1} lines, {LONGEST} at most"]
