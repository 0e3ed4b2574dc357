"""How well search answers: a fixed directory of both languages, queries with the records one expects, three measures.

The directory is made of the facts the demo is made of, without chance: each kind of service four times (in both
languages in Etterbeek and Schaerbeek, in French alone in Uccle, in Dutch alone in Molenbeek), and each phone line,
right, activity and exchange space once. The queries stand in ``tests/directory/relevance.csv``: ``best`` (3 points)
and ``good`` (1 point) name records by the beginning of their key, with ``@1040`` for those that serve a place.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from directory.enums import Origin
from directory.models import Organization, Service
from directory.reference import rows
from directory.rules import indexing, records
from directory.search.finder import find
from directory.search.questions import Question

QUERIES = Path(__file__).parent.parent / "tests" / "directory" / "relevance.csv"
TOP = 10
BEST, GOOD = 3, 1
# Postcode, NIS code, and the languages the records are in.
PLACES = (("1040", "21005", "fr nl"), ("1030", "21015", "fr nl"), ("1180", "21016", "fr"), ("1080", "21012", "nl"))


@dataclass(frozen=True, slots=True)
class Expectation:
    """A line of the file."""

    asks: str
    query: str
    near: str
    best: tuple[str, ...]
    good: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one query."""

    expectation: Expectation
    ndcg: float
    recall: float
    is_empty: bool
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """The means over a set of results."""

    queries: int
    ndcg: float
    recall: float
    empty: float


def expectations() -> list[Expectation]:
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return [
            Expectation(row["asks"], row["query"], row["near"], tuple(row["best"].split()), tuple(row["good"].split()))
            for row in csv.DictReader(file)
        ]


@transaction.atomic
def build() -> dict[int, str]:
    """Write the directory; each record's key by its primary key."""
    keys: dict[int, str] = {}
    for profile in rows("demo_profiles.csv"):
        for postcode, nis_code, languages in PLACES:
            made = _profile(profile, postcode, nis_code, languages.split())
            keys[made.pk] = f"{profile['code']}@{postcode}"
    for key, values in (*_lines(), *_further(), *_activities(), *_exchange_spaces()):
        organization = _organization({"name_fr": values.pop("organization")})
        keys[_service(organization, values).pk] = key
    indexing.index_all()
    return keys


def evaluate(keys: dict[int, str]) -> list[Result]:
    """Ask all queries as a stranger on the Region's page does."""
    return [_result(each, keys) for each in expectations()]


def scores(results: Iterable[Result]) -> Scores:
    listed = list(results)
    return Scores(
        len(listed),
        fmean(each.ndcg for each in listed),
        fmean(each.recall for each in listed),
        fmean(each.is_empty for each in listed),
    )


def by_kind(results: Iterable[Result]) -> dict[str, Scores]:
    """The scores of each kind of query."""
    grouped: dict[str, list[Result]] = defaultdict(list)
    for each in results:
        grouped[each.expectation.asks].append(each)
    return {asks: scores(each) for asks, each in grouped.items()}


def _result(expected: Expectation, keys: dict[int, str]) -> Result:
    answer = find(Question(words=expected.query, near=expected.near, per_page=TOP))
    found = tuple(keys[hit.service] for hit in answer.hits)
    points = {key: _points(key, expected) for key in keys.values()}
    ideal = sorted(points.values(), reverse=True)[:TOP]
    gained = _discounted(points[key] for key in found)
    best = [key for key, value in points.items() if value == BEST]
    if not best:
        raise ValueError(f"“{expected.query}” expects nothing that is in the directory")
    hits = sum(points[key] == BEST for key in found)
    return Result(expected, gained / _discounted(ideal), hits / min(TOP, len(best)), not found, found)


def _points(key: str, expected: Expectation) -> int:
    if any(_is(key, wanted) for wanted in expected.best):
        return BEST
    return GOOD if any(_is(key, wanted) for wanted in expected.good) else 0


def _is(key: str, wanted: str) -> bool:
    return key == wanted if "@" in wanted else key.startswith(wanted)


def _discounted(points: Iterable[int]) -> float:
    return sum(value / math.log2(place + 2) for place, value in enumerate(points))


# --- The directory --------------------------------------------------------------------------------
def _organization(values: dict[str, Any]) -> Organization:
    return records.create_organization(values=values, by=None, origin=Origin.PROGRAM)


def _service(organization: Organization, values: dict[str, Any]) -> Service:
    return records.create_service(organization=organization, values=values, by=None, origin=Origin.PROGRAM)


def _profile(row: dict[str, str], postcode: str, nis_code: str, languages: list[str]) -> Service:
    organization = _organization({f"name_{code}": row[f"org_{code}"] for code in languages})
    place = records.create_location(
        organization=organization,
        values={"postcode": postcode, "municipality": nis_code},
        by=None,
        origin=Origin.PROGRAM,
    )
    texts = {"name": "name", "short_description": "short", "description": "long", "how_to_refer": "refer"}
    return _service(
        organization,
        {
            **{f"{field}_{code}": row[f"{column}_{code}"] for field, column in texts.items() for code in languages},
            "terms": [*_terms("themes", row["themes"]), *_terms("audiences", row["audiences"])],
            **dict.fromkeys(row["flags"].split(), True),
            "price": row["price"],
            "areas": [f"municipality:{nis_code}"],
            "places": [str(place.uuid)],
        },
    )


def _lines() -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows("phone_lines.csv"):
        number = row["number"].replace(" ", "")
        key = (
            f"line-{number}" if row["name_fr"][:1].isdigit() or number[:2] in {"02", "07"} else slugify(row["name_fr"])
        )
        yield (
            key,
            _texts(row)
            | {
                "organization": row["organisation_fr"],
                "kind": "phone_line",
                "phones": [{"number": row["number"]}],
                "terms": _terms("themes", row["theme"]),
                "languages": row["languages"].split(),
                "areas": ["region"],
            },
        )


def _further() -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows("demo_records.csv"):
        yield (
            slugify(row["name_fr"]),
            _texts(row)
            | {
                "organization": row["organisation_fr"],
                "kind": row["kind"],
                "terms": [*_terms("themes", row["themes"]), *_terms("audiences", row["audiences"])],
                "areas": ["region"],
            },
        )


def _activities() -> Iterator[tuple[str, dict[str, Any]]]:
    themes = {
        "Activité physique": "physical-activity",
        "Alimentation saine": "healthy-food",
        "Santé mentale": "mental-health",
        "Liens sociaux": "meeting-place",
        "Réduction des risques": "risk-reduction",
    }
    for row in rows("health_promotion_activities.csv"):
        theme = "stop-smoking" if "tabac" in row["activity_fr"] else themes[row["theme_fr"]]
        old = (
            []
            if row["audience_fr"].lower().find("65") < 0 and "Seniors" not in row["audience_fr"]
            else ["older-people"]
        )
        yield (
            slugify(row["activity_fr"]),
            {
                "organization": row["organiser"],
                "name_fr": row["activity_fr"],
                "kind": "health_promotion",
                "terms": [*_terms("themes", theme), *_terms("audiences", " ".join(old))],
                "areas": ["basin:sud-est"],
            },
        )


def _exchange_spaces() -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows("exchange_spaces.csv"):
        language = "nl" if row["title"].startswith("Kijk") else "fr"
        yield (
            slugify(row["title"]),
            {
                "organization": row["organiser"],
                f"name_{language}": row["title"],
                "kind": "exchange_space",
                "exchange_mode": row["mode"].lower(),
                "terms": [
                    "themes:intervision" if row["mode"] == "Intervision" else "themes:training-for-professionals"
                ],
                "areas": ["region"],
            },
        )


def _texts(row: dict[str, str]) -> dict[str, Any]:
    return {
        f"{field}_{code}": row[f"{column}_{code}"]
        for field, column in (("name", "name"), ("short_description", "short"))
        for code in ("fr", "nl")
    }


def _terms(taxonomy: str, codes: str) -> list[str]:
    return [f"{taxonomy}:{code}" for code in codes.split()]
