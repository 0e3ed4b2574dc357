"""The themes the product starts with. What is in the table already stays as the editors left it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import apps

FACTS = Path(__file__).parent / "facts"


def load_themes(get_model: Callable[[str, str], Any] = apps.get_model) -> None:
    """Write what is missing. ``get_model`` is a migration's own, with the models of its time."""
    themes = get_model("concertations", "Theme").objects
    with (FACTS / "themes.csv").open(encoding="utf-8", newline="") as file:
        for position, row in enumerate(csv.DictReader(file), start=1):
            texts = {f"name_{language}": row[f"name_{language}"] for language in ("fr", "nl")}
            defaults = {
                "meetings_per_year": int(row["meetings_per_year"]),
                "position": position,
                "name": row["name_fr"],
                **texts,
            }
            themes.get_or_create(code=row["code"], defaults=defaults)
