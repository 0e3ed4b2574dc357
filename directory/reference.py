"""The taxonomies and crisis pages to start with; loaded by migrations, and by whoever emptied the tables (tests).

What is in the tables already stays as it is: what staff corrected is never put back.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils.translation import override

FACTS = Path(__file__).parent / "facts"
LISTS = ("themes", "audiences", "sectors", "languages", "kinds")


def rows(filename: str) -> Iterator[dict[str, str]]:
    """The lines of one of our own CSV files."""
    with (FACTS / filename).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@override("fr")
def load_taxonomies(get_model: Callable[[str, str], Any] = apps.get_model) -> None:
    """Write what is missing. ``get_model`` is a migration's own, with the models of its time."""
    taxonomy, term = (get_model("directory", name).objects for name in ("Taxonomy", "TaxonomyTerm"))
    for row in rows("taxonomies.csv"):
        if not taxonomy.filter(code=row["code"]).exists():
            taxonomy.create(code=row["code"], depth=int(row["depth"]), changed_seq=_number(), **_texts(row))
    for code in LISTS:
        owner = taxonomy.get(code=code)
        known = {each.code: each for each in term.filter(taxonomy=owner)}
        for position, row in enumerate(rows(f"{code}.csv"), start=1):
            if row["code"] in known:
                continue
            known[row["code"]] = term.create(
                taxonomy=owner,
                parent=known[row["parent"]] if row["parent"] else None,
                code=row["code"],
                position=position,
                synonyms_fr=_words(row["synonyms_fr"]),
                synonyms_nl=_words(row["synonyms_nl"]),
                external_ref=f"iso639:{row['code']}" if code == "languages" else "",
                changed_seq=_number(),
                **_texts(row),
            )


@override("fr")
def load_ways(get_model: Callable[[str, str], Any] = apps.get_model) -> None:
    """Write the crisis pages that are missing, published; the team has not checked them yet, and pages say so."""
    ways, steps = (get_model("directory", name).objects for name in ("GuidedWay", "WayStep"))
    for row in rows("ways.csv"):
        if ways.filter(slug=row["slug"]).exists():
            continue
        fixed = {"crisis": row["crisis"], "position": int(row["position"]), "is_published": True}
        way = ways.create(slug=row["slug"], **fixed, **_texts(row))
        own = [step for step in rows("way_steps.csv") if step["way"] == way.slug]
        for position, step in enumerate(own, start=1):
            plain = {name: step[name] for name in ("phone", "answers", "query")}
            steps.create(way=way, position=position, **plain, **_texts(step))


def _texts(row: dict[str, str]) -> dict[str, str]:
    """Both languages, and the plain column, which repeats the French."""
    texts = {key: value for key, value in row.items() if key.endswith(("_fr", "_nl")) and "synonyms" not in key}
    return texts | {key.removesuffix("_fr"): value for key, value in texts.items() if key.endswith("_fr")}


def _words(joined: str) -> list[str]:
    return [word for word in joined.split("|") if word]


def _number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('directory_change_seq')")
        return int(cursor.fetchone()[0])
