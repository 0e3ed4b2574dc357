"""Tables of results, on screen and in ``benchmarks/results/``, a file for each part."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import psycopg

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("Django", "psycopg", "gunicorn", "djangorestframework")


class Table:
    """A title, rows, and what was aimed at with what came of it."""

    def __init__(self, title: str, columns: Sequence[str], note: str) -> None:
        self.title, self.columns, self.note = title, columns, note
        self.rows: list[Sequence[str]] = []
        self.goals: list[tuple[str, bool]] = []

    def add(self, *cells: str) -> None:
        self.rows.append(cells)

    def goal(self, words: str, met: bool) -> None:
        self.goals.append((words, met))

    def __str__(self) -> str:
        lines = [f"## {self.title}", "", self.note, ""]
        lines += [f"| {' | '.join(self.columns)} |", f"|{'---|' * len(self.columns)}"]
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        lines += ["", *(f"- {'met' if met else '**missed**'}: {words}" for words, met in self.goals)]
        return "\n".join(lines)


def versions(database_url: str) -> str:
    """What ran: versions, and the machine in the few words that matter."""
    with psycopg.connect(database_url) as connection:
        (postgres,) = connection.execute("SHOW server_version").fetchone() or ("?",)
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)

    return f"Python {platform.python_version()}, {packages}, PostgreSQL {postgres}, {os.cpu_count()} cores."


def write(part: str, tables: Sequence[Table], database_url: str) -> None:
    """Keep the results of a part: ratios hold, absolute figures are this machine's on this day."""
    head = [
        f"Made by `make bench ARGS={part}`. The machines drift: what is compared ran in turn within one run, and the",
        "ratios are what counts. " + versions(database_url),
    ]
    RESULTS.mkdir(exist_ok=True)
    text = "\n".join(head) + "\n\n" + "\n\n".join(map(str, tables)) + "\n"
    (RESULTS / f"{part}.md").write_text(text, encoding="utf-8")
