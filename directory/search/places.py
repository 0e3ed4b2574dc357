"""The territory as search sees it: parts known by their postcode, their names, basins and middle points."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from math import hypot
from pathlib import Path

from django.core.cache import cache as process_cache

from basins.models import Basin, Neighbourhood, PostcodeArea
from core.bilingual import both, current_language, other_language
from directory.enums import TagGroup
from directory.models import ServiceArea
from directory.tags import WHOLE_REGION, tag

KEY = "directory:places"
SECONDS = 60
KM_NORTH, KM_EAST = 111.2, 70.2  # per degree, at 50.85° north
FACTS = Path(__file__).parent.parent / "facts"


@dataclass(frozen=True, slots=True)
class Place:
    """A postcode of the Region, with the name people know it by and the basins it may lie in."""

    postcode: str
    names: dict[str, str]
    basins: tuple[int, ...]
    basin_code: str  # of its main part, "" where nobody told us

    @property
    def name(self) -> str:
        language = current_language()
        return self.names[language] or self.names[other_language(language)]

    @property
    def tag(self) -> int:
        return tag(TagGroup.SERVED_POSTCODE, int(self.postcode))


@dataclass(slots=True)
class Places:
    """All places, and which of them make up a municipality, a basin, a neighbourhood (by primary key)."""

    by_postcode: dict[str, Place] = field(default_factory=dict)
    of_municipality: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    of_basin: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    of_neighbourhood: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    basin_keys: dict[str, int] = field(default_factory=dict)  # by code

    def served(self, areas: Iterable[ServiceArea]) -> set[int]:
        """The tags of a territory: its postcodes and the basins they lie in, or the whole Region alone."""
        found: set[int] = set()
        postcodes: set[str] = set()
        for area in areas:
            if area.whole_region:
                return {WHOLE_REGION}
            if area.basin_id is not None:
                found.add(tag(TagGroup.SERVED_BASIN, area.basin_id))
                postcodes |= self.of_basin.get(area.basin_id, set())
            elif area.municipality_id is not None:
                postcodes |= self._with_basins(self.of_municipality.get(area.municipality_id, set()), found)
            elif area.neighbourhood_id is not None:
                postcodes |= self._with_basins(self.of_neighbourhood.get(area.neighbourhood_id, set()), found)
        return found | {self.by_postcode[postcode].tag for postcode in postcodes}

    def around(self, postcode: str) -> set[int]:
        """The tags of a postcode alone, for a record that does not say what it serves; nothing if it is none."""
        found: set[int] = set()
        return {self.by_postcode[each].tag for each in self._with_basins({postcode}, found)} | found

    def _with_basins(self, postcodes: Iterable[str], tags: set[int]) -> set[str]:
        known = {postcode for postcode in postcodes if postcode in self.by_postcode}
        for postcode in known:
            tags |= {tag(TagGroup.SERVED_BASIN, basin) for basin in self.by_postcode[postcode].basins}
        return known


def places() -> Places:
    """The places; at most a minute old."""
    known: Places | None = process_cache.get(KEY)
    if known is None:
        known = _read()
        process_cache.set(KEY, known, SECONDS)
    return known


@cache
def middles() -> dict[str, tuple[float, float]]:
    """Latitude and longitude of about the middle of each postcode: good for an order, not for an address."""
    with (FACTS / "postcodes.csv").open(encoding="utf-8", newline="") as file:
        return {row["postcode"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """As the crow flies, on the scale of the Region."""
    return hypot((one[0] - other[0]) * KM_NORTH, (one[1] - other[1]) * KM_EAST)


def _read() -> Places:
    found = Places(basin_keys=dict(Basin.objects.values_list("code", "pk")))
    codes = {pk: code for code, pk in found.basin_keys.items()}
    own_names: dict[str, dict[str, str]] = {}
    for neighbourhood in Neighbourhood.objects.exclude(postcode=""):
        own_names.setdefault(neighbourhood.postcode, both(neighbourhood, "name"))
        found.of_neighbourhood[neighbourhood.pk].add(neighbourhood.postcode)
    areas: dict[str, list[PostcodeArea]] = defaultdict(list)
    for area in PostcodeArea.objects.select_related("municipality").order_by("postcode", "-is_main", "pk"):
        areas[area.postcode].append(area)
        if area.is_main:
            found.of_municipality[area.municipality_id].add(area.postcode)
        if area.basin_id is not None:
            found.of_basin[area.basin_id].add(area.postcode)
    for postcode, parts in areas.items():
        basins = dict.fromkeys(part.basin_id for part in parts if part.basin_id is not None)
        found.by_postcode[postcode] = Place(
            postcode=postcode,
            names=own_names.get(postcode) or both(parts[0].municipality, "name"),
            basins=tuple(basins),
            basin_code=codes.get(parts[0].basin_id or 0, ""),
        )
    for neighbourhood in Neighbourhood.objects.filter(postcode=""):
        here = found.of_municipality.get(neighbourhood.municipality_id, set())
        found.of_neighbourhood[neighbourhood.pk] |= here & found.of_basin.get(neighbourhood.basin_id, set()) or here
    return found
