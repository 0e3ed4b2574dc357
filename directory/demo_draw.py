"""What the demo's records are drawn with, and the drafts of rows that it collects."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from basins.models import Basin, Municipality, PostcodeArea
from core.bilingual import both
from core.text import fold
from directory.demo_words import HOURS, LANGUAGES, LATITUDES
from directory.enums import Visibility
from directory.models import Location, Organization, Service
from directory.rules.writing import Draft

Row = dict[str, str]


@dataclass(slots=True)
class Place:
    """A municipality, one of its postcodes, and the basin most of it lies in."""

    municipality: Municipality
    postcode: str
    basin: Basin

    def name(self, language: str) -> str:
        names = both(self.municipality, "name")
        return names[language]


@dataclass(slots=True)
class Draw:
    """The generator, and what it draws from."""

    today: dt.date
    rng: random.Random
    places: list[Place]
    number: int = 0
    organizations_to_make: list[Draft] = field(default_factory=list)
    locations_to_make: list[Draft] = field(default_factory=list)
    services_to_make: list[Draft] = field(default_factory=list)
    former: list[Organization] = field(default_factory=list)
    housed: set[UUID] = field(default_factory=set)
    organizations: dict[str, Organization] = field(default_factory=dict)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def next_number(self) -> int:
        self.number += 1
        return self.number


def places() -> Iterable[Place]:
    areas = PostcodeArea.objects.filter(is_main=True, basin__isnull=False).select_related("municipality", "basin")
    for area in areas.order_by("postcode", "pk"):
        if area.basin is not None:
            yield Place(area.municipality, area.postcode, area.basin)


def profile_values(draw: Draw, profile: Row, place: Place) -> dict[str, Any]:
    values = texts(profile, name="name", short_description="short", description="long", how_to_refer="refer")
    share = draw.rng.random()
    if share < 0.12:
        values = {key: text for key, text in values.items() if key.endswith("_fr")}
    elif share < 0.2:
        values = {key: text for key, text in values.items() if key.endswith("_nl")}
    elif share < 0.3:
        values.pop("description_nl")
    values |= {
        "terms": [*terms("themes", profile["themes"]), *terms("audiences", profile["audiences"])],
        "price": profile["price"],
        "care_line": profile["care_line"],
        "languages": draw.rng.choice(LANGUAGES),
        "schedules": HOURS[profile["hours"]],
        "phones": [_phone(draw)],
        **{flag: True for flag in profile["flags"].split() if draw.chance(0.9)},
    }
    share = draw.rng.random()
    if share < 0.05:
        values["visibility"] = Visibility.PROFESSIONALS
    elif share < 0.1:
        values["visibility"] = Visibility.ON_REFERRAL
        values["who_may_refer_fr"] = "Médecins, services sociaux et équipes du réseau."
        values["who_may_refer_nl"] = "Artsen, sociale diensten en teams van het netwerk."
    if draw.chance(0.45):
        values["capacity"] = _capacity(draw)
    if draw.chance(0.2):
        values["documents"] = [{"document_fr": "Carte d’identité", "document_nl": "Identiteitskaart"}]
    return values


def _capacity(draw: Draw) -> dict[str, Any]:
    said = {"said_on": (draw.today - dt.timedelta(days=draw.rng.randint(0, 90))).isoformat()}
    match draw.rng.randrange(3):
        case 0:
            return said | {"places_free": draw.rng.randint(0, 6), "places_in_all": 12}
        case 1:
            return said | {"waiting_weeks": draw.rng.choice([1, 2, 4, 8, 12, 26])}
    return said | {"takes_new_people": draw.chance(0.6)}


def _phone(draw: Draw) -> dict[str, Any]:
    """A number of a block that rings nowhere, each once."""
    return {"number": f"0455 00 {draw.next_number():04d}"[:12]}


def new_organization(
    draw: Draw,
    name_fr: str,
    name_nl: str,
    sector: str,
    *,
    kind: str = "organisation",
    alternate_names: Iterable[str] = (),
    place: Place | None = None,
) -> Organization:
    known = draw.organizations.get(name_fr)
    if known is not None:
        return known
    slug = re.sub(r"[^a-z]+", "-", fold(name_fr))[:40].strip("-")
    values = {
        "name_fr": name_fr,
        "name_nl": name_nl,
        "kind": kind,
        "sector": sector,
        "alternate_names": list(alternate_names),
        "url": f"https://{slug}.example/" if place else "",
        "email": f"info@{slug}.example" if place else "",
    }
    made = Organization(is_demo=True)
    draw.organizations_to_make.append(Draft(made, values))
    draw.organizations[name_fr] = made
    return made


def new_location(draw: Draw, organization: Organization, place: Place, *, street: str = "") -> Location:
    house = draw.rng.randint(1, 180)
    latitude, longitude = LATITUDES[place.municipality.nis_code]
    is_first = organization.uuid not in draw.housed
    draw.housed.add(organization.uuid)
    values = {
        "is_seat": is_first,
        "street_fr": street or f"Rue de l’Exemple {house}",
        "street_nl": "" if street else f"Voorbeeldstraat {house}",
        "postcode": place.postcode,
        "municipality": place.municipality.nis_code,
        "latitude": round(latitude + draw.rng.uniform(-0.008, 0.008), 5),
        "longitude": round(longitude + draw.rng.uniform(-0.01, 0.01), 5),
        "step_free": draw.rng.choice([True, True, False, None]),
    }
    made = Location(organization=organization, is_demo=True)
    draw.locations_to_make.append(Draft(made, values))
    return made


def new_service(draw: Draw, organization: Organization, values: dict[str, Any]) -> None:
    made = Service(organization=organization, is_demo=True)
    if draw.chance(0.85):
        made.assured_on = draw.today - dt.timedelta(days=draw.rng.randint(1, 600))
    draw.services_to_make.append(Draft(made, values))


def texts(row: Row, **columns: str) -> dict[str, Any]:
    """``name="org"``: ``name_fr`` from the column ``org_fr``, and so on."""
    return {
        f"{key}_{language}": row[f"{column}_{language}"] for key, column in columns.items() for language in ("fr", "nl")
    }


def terms(taxonomy: str, codes: str) -> list[str]:
    return [f"{taxonomy}:{code}" for code in codes.split()]
