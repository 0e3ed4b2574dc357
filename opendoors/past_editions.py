"""The editions that ran before this platform did, as far as somebody counted them.

Loaded by a migration. What is in the table already stays as it is, so that what the teams corrected is
never put back.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils.translation import override

FILE = Path(__file__).parent / "facts" / "past_editions.csv"
COUNTS = ("hosts", "visits", "seats", "visitors", "made")


@override("fr")
def load_past_editions(get_model: Callable[[str, str], Any] = apps.get_model) -> None:
    """Write what is missing. ``get_model`` is a migration's own. An empty count is "not counted", never 0."""
    basins = {each.code: each for each in get_model("basins", "Basin").objects.all()}
    editions = get_model("opendoors", "PastEdition").objects
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            editions.get_or_create(
                basin=basins[row["basin"]],
                starts_on=row["starts_on"],
                defaults={
                    "ends_on": row["ends_on"],
                    "name": row["name_fr"],  # the plain column repeats the French
                    "name_fr": row["name_fr"],
                    "name_nl": row["name_nl"],
                    "source": row["source"],
                    **{name: int(row[name]) if row[name] else None for name in COUNTS},
                },
            )
