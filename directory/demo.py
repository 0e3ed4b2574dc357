"""Believable records for the demo, marked as demo data: the names heard in the field, the rest invented.

Everything goes in through the rules and is drawn with a seeded generator: the same day gives the same
records. Addresses are those of example streets, phones lie in a block that rings nowhere, mails and web
addresses end in ``.example``. Emergency numbers are the real ones: somebody may need them.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from directory.demo_draw import (
    Draw,
    Place,
    Row,
    new_location,
    new_organization,
    new_service,
    places,
    profile_values,
    terms,
    texts,
)
from directory.demo_people import add_people
from directory.demo_ways import add_ways
from directory.demo_words import (
    AUDIENCES_OF_ACTIVITIES,
    BY_WORDS,
    DUTCH_NAMES,
    HOURS,
    NO_ORGANISATION,
    THEMES_OF_ACTIVITIES,
)
from directory.enums import ExchangeMode, Frequency, Origin
from directory.models import Location, Service, Source, SourceRecord
from directory.reference import rows
from directory.rules import merging, records
from directory.rules.references import References

RARER = {"occupational-therapy": 2, "dietetics": 3, "foot-care": 3, "digital-inclusion": 2, "autism": 3}


@transaction.atomic
def seed(today: dt.date) -> None:
    """Write all of it, once: some 600 records in a few seconds."""
    draw = Draw(today, random.Random("the directory"), list(places()))  # noqa: S311 - the same each time is the point
    profiles = {row["code"]: row for row in rows("demo_profiles.csv")}
    _phone_lines(draw)
    _named(draw, profiles)
    _exchange_spaces(draw)
    _activities(draw)
    _further(draw)
    _invented(draw, profiles.values())
    _welcome_points(draw)
    _store(draw)
    _known_at_a_source(draw)
    add_people(draw.rng, today)
    add_ways(today)


# --- Real names and numbers -----------------------------------------------------------------------
def _phone_lines(draw: Draw) -> None:
    for row in rows("phone_lines.csv"):
        hours = HOURS["always" if row["around_the_clock"] == "yes" else "week"]
        values = texts(row, name="name", short_description="short") | {
            "kind": "phone_line",
            "phones": [{"number": row["number"]}],
            "languages": row["languages"].split(),
            "terms": [f"themes:{row['theme']}", "audiences:everybody", f"sectors:{row['sector']}"],
            "areas": ["region"],
            "schedules": hours,
            "price": "free",
            "no_appointment": True,
            "no_papers": True,
            "no_payment": True,
            "no_request": True,
        }
        new_service(draw, new_organization(draw, row["organisation_fr"], row["organisation_nl"], row["sector"]), values)


def _named(draw: Draw, profiles: dict[str, Row]) -> None:
    """The organisations of the facts: their names are real, what they do is guessed from a few words."""
    for row in rows("organisations_named.csv"):
        if row["kind"] in NO_ORGANISATION or row["name"] in NO_ORGANISATION:
            continue
        name, others = _names(row["name"])
        profile = profiles[_profile_of(row)]
        organization = new_organization(
            draw, name, DUTCH_NAMES.get(name, name), profile["sector"], kind="organisation", alternate_names=others
        )
        if row["kind"].startswith("former"):
            draw.former.append(organization)
            continue
        place = draw.rng.choice(draw.places)
        location = new_location(draw, organization, place)
        values = profile_values(draw, profile, place) | {"areas": ["region"], "places": [str(location.uuid)]}
        new_service(draw, organization, values)


def _names(written: str) -> tuple[str, list[str]]:
    """``"Smes (SMES)"`` → ``"Smes"``, ``["SMES"]``: one name, and what else it is called."""
    inside = [word.strip(' "') for found in re.findall(r"\(([^)]*)\)", written) for word in found.split(",")]
    outside = [word.strip() for word in re.split(r" / | – ", re.sub(r"\s*\([^)]*\)", "", written))]
    name, *others = [word for word in outside if word]
    return name, [word for word in dict.fromkeys([*others, *inside]) if word and word != name]


def _profile_of(row: Row) -> str:
    words = f"{row['kind']} {row['name']} {row['group']}".casefold()
    return next(code for word, code in BY_WORDS if word in words)


def _exchange_spaces(draw: Draw) -> None:
    modes = {"Intervision": ExchangeMode.INTERVISION, "Immersion": ExchangeMode.IMMERSION}
    frequencies = {"Mensuel": Frequency.MONTHLY, "Annuel": Frequency.YEARLY}
    for row in rows("exchange_spaces.csv"):
        organiser, *others = [name.strip() for name in row["organiser"].split(";")]
        audience = "peer-workers" if "Pair" in row["themes"] else "professionals"
        is_dutch = row["title"].startswith("Kijkstages")
        values: dict[str, Any] = {
            "kind": "exchange_space",
            "name_nl" if is_dutch else "name_fr": row["title"],
            "exchange_mode": modes[row["mode"]],
            "exchange_format": "modular" if row["format"] == "Modulable" else "fixed",
            "frequency": frequencies[row["frequency"]],
            "languages": [code.lower() for code in row["languages"].split()],
            "url": row["link"],
            "organised_with": others,
            "terms": ["themes:intervision", f"audiences:{audience}"],
            "areas": ["region"],
            "price": "free",
        }
        new_service(draw, new_organization(draw, organiser, organiser, "umbrella"), values)


def _activities(draw: Draw) -> None:
    """Health promotion in Sud-Est: activities and organisers are real, in French alone, and say so."""
    known = {place.name("fr"): place for place in draw.places}
    for row in rows("health_promotion_activities.csv"):
        place = known[row["municipality"]]
        organization = new_organization(draw, row["organiser"], "", "health-promotion")
        values: dict[str, Any] = {
            "kind": "health_promotion",
            "name_fr": row["activity_fr"],
            "eligibility_fr": row["audience_fr"],
            "terms": [f"themes:{THEMES_OF_ACTIVITIES[row['theme_fr']]}", *_audiences(row["audience_fr"])],
            "areas": [f"municipality:{place.municipality.nis_code}"],
            "languages": ["fr"],
        }
        if row["address"] and row["address"][0].isupper() and row["address"][-1].isdigit():
            location = new_location(draw, organization, place, street=row["address"])
            values["places"] = [str(location.uuid)]
        new_service(draw, organization, values)


def _audiences(words: str) -> list[str]:
    return [f"audiences:{code}" for word, code in AUDIENCES_OF_ACTIVITIES if word in words.casefold()][:1]


def _further(draw: Draw) -> None:
    """Rights, reporting points, trainings and practices."""
    for row in rows("demo_records.csv"):
        values = texts(row, name="name", short_description="short") | {
            "kind": row["kind"],
            "terms": [*terms("themes", row["themes"]), *terms("audiences", row["audiences"])],
            "areas": [row["area"]],
            "price": row["price"],
            "languages": ["fr", "nl"],
            **dict.fromkeys(row["flags"].split(), True),
        }
        if row["kind"] == "training":
            day = draw.today + dt.timedelta(days=draw.rng.randint(20, 150))
            dates = {"valid_from": day.isoformat(), "valid_to": day.isoformat()}
            values["schedules"] = [{"freq": "", "opens_at": "09:00", "closes_at": "16:30", **dates}]
        if row["price"] == "paid":
            values["costs"] = [{"amount": "75.00", "option_fr": "par participant", "option_nl": "per deelnemer"}]
        new_service(draw, new_organization(draw, row["organisation_fr"], row["organisation_nl"], row["sector"]), values)


# --- Invented --------------------------------------------------------------------------------------
def _invented(draw: Draw, profiles: Iterable[Row]) -> None:
    """Each kind of service in each place, under invented names."""
    for profile in profiles:
        for place in draw.places[:: RARER.get(profile["code"], 1)]:
            if profile["code"] == "umbrella" or (profile["code"] == "palliative" and draw.chance(0.6)):
                continue
            names = {language: f"{profile[f'org_{language}']} – {place.name(language)}" for language in ("fr", "nl")}
            organization = new_organization(
                draw, names["fr"], names["nl"], profile["sector"], kind=profile["org_kind"], place=place
            )
            location = new_location(draw, organization, place)
            values = profile_values(draw, profile, place) | {"places": [str(location.uuid)]}
            values["areas"] = _served(draw, place)
            new_service(draw, organization, values)


def _served(draw: Draw, place: Place) -> list[str]:
    """The territory served: rarely the seat's municipality alone."""
    near = [other for other in draw.places if other.basin == place.basin and other != place]
    own = f"municipality:{place.municipality.nis_code}"
    share = draw.rng.random()
    if share < 0.1:
        return ["region"]
    if share < 0.35:
        return [f"basin:{place.basin.code}"]
    more = draw.rng.sample(near, k=min(len(near), draw.rng.randint(0, 2)))
    return sorted({own, *(f"municipality:{other.municipality.nis_code}" for other in more)})


def _welcome_points(draw: Draw) -> None:
    for place in draw.places[::2]:
        names = {"fr": f"Pousse ma porte – {place.name('fr')}", "nl": f"Binnen zonder kloppen – {place.name('nl')}"}
        organization = new_organization(draw, names["fr"], names["nl"], "social-cohesion")
        location = new_location(draw, organization, place)
        values = {
            "kind": "welcome_point",
            "short_description_fr": "Un lieu qui reçoit, informe et oriente toute personne, sans rendez-vous.",
            "short_description_nl": "Een plek die iedereen ontvangt, informeert en doorverwijst, zonder afspraak.",
            "terms": ["themes:social-guidance", "themes:meeting-place", "audiences:everybody"],
            "areas": [f"municipality:{place.municipality.nis_code}"],
            "places": [str(location.uuid)],
            "schedules": HOURS["afternoon"],
            "languages": ["fr", "nl"],
            "price": "free",
            **dict.fromkeys(("no_appointment", "no_request", "no_papers", "no_payment"), True),
        }
        new_service(draw, organization, values | {f"name_{language}": name for language, name in names.items()})


def _known_at_a_source(draw: Draw) -> None:
    """Some records came from the regional directory; a few are no longer there."""
    source = Source.objects.create(
        code="bruxelles-social",
        name_fr="Bruxelles Social (démo)",
        name_nl="Sociaal Brussel (demo)",
        url="https://social.brussels",
    )
    services = list(Service.objects.filter(kind="service").order_by("pk"))
    chosen = draw.rng.sample(services, k=min(len(services), 120))
    moment = dt.datetime.combine(draw.today, dt.time(3), tzinfo=dt.UTC)
    SourceRecord.objects.bulk_create(
        SourceRecord(
            source=source,
            identifier=f"demo-{number}",
            service=service,
            last_seen_at=moment,
            gone_at=moment if number % 40 == 7 else None,
        )
        for number, service in enumerate(chosen)
    )


def _store(draw: Draw) -> None:
    """All drafts in a few statements: organisations, their places, their records."""
    references = References()
    for drafts in (draw.organizations_to_make, draw.locations_to_make, draw.services_to_make):
        records.create_many(drafts=drafts, by=None, origin=Origin.PROGRAM, references=references)
        references.learn_places(each.record for each in drafts if isinstance(each.record, Location))
    merging.merge_organizations(organizations=draw.former, into=draw.organizations["Brusano"], by=None)
