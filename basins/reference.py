"""The reference data the product starts with: basins, municipalities, postcodes, site addresses.

Loaded by a migration, and again by whoever emptied the tables (tests). What is in the tables
already stays as it is, so that what the editors corrected is never put back.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils.translation import override

FACTS = Path(__file__).parent / "facts"
POPULATION_YEAR = 2020


def rows(filename: str) -> Iterator[dict[str, str]]:
    """The lines of one of our own CSV files."""
    with (FACTS / filename).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _texts(row: dict[str, str], *fields: str) -> dict[str, str]:
    """Both languages of ``fields``, and the plain column, which repeats the French (it is ``fr`` meanwhile)."""
    texts = {f"{field}_{language}": row[f"{field}_{language}"] for field in fields for language in ("fr", "nl")}
    return {**texts, **{field: row[f"{field}_fr"] for field in fields}}


@override("fr")
def load_reference_data(get_model: Callable[[str, str], Any] = apps.get_model) -> None:
    """Write what is missing. ``get_model`` is a migration's own, with the models of its time."""
    basin, municipality, neighbourhood, area, host = (
        get_model("basins", name).objects
        for name in ("Basin", "Municipality", "Neighbourhood", "PostcodeArea", "SiteHost")
    )
    for row in rows("basins.csv"):
        defaults = {
            "position": int(row["position"]),
            "helpdesk_phone": row["helpdesk_phone"],
            **_texts(row, "name", "intro", "helpdesk_email"),
        }
        basin.get_or_create(code=row["code"], defaults=defaults)
    basins = {each.code: each for each in basin.all()}
    basins[""] = None
    for row in rows("municipalities.csv"):
        defaults = {
            "population": int(row["population_2020"]),
            "population_year": POPULATION_YEAR,
            **_texts(row, "name"),
        }
        municipality.get_or_create(nis_code=row["nis"], defaults=defaults)
    municipalities = {each.nis_code: each for each in municipality.all()}
    for row in rows("postcode_areas.csv"):
        area.get_or_create(
            postcode=row["postcode"],
            municipality=municipalities[row["nis"]],
            basin=basins[row["basin"]],
            defaults={"is_main": row["is_main"] == "yes", **_texts(row, "note")},
        )
    for row in rows("neighbourhoods.csv"):
        neighbourhood.get_or_create(
            municipality=municipalities[row["nis"]],
            name_fr=row["name_fr"],
            defaults={"basin": basins[row["basin"]], "postcode": row["postcode"], **_texts(row, "name")},
        )
    for row in rows("site_hosts.csv"):
        host.get_or_create(host=row["host"], defaults={"basin": basins[row["basin"]], "language": row["language"]})
