"""Our profile of HSDS: the document at its canonical URI, and the constants that it promises."""

from __future__ import annotations

from typing import Any

HSDS_VERSION = "3.1"
PROFILE_VERSION = "1.1"

# Raised whenever the same record is written in another way: copies made before are then made anew.
SHAPE = "1"

COUNTRY = "BE"
BRUSSELS_REGION = "Bruxelles-Capitale / Brussels Hoofdstedelijk Gewest"
FLEMISH_REGION = "Région flamande / Vlaams Gewest"
WALLOON_REGION = "Région wallonne / Waals Gewest"

TEXT = "text"  # link type of the attributes that carry a text in one language


def region_of(postcode: str) -> str:
    """What stands in ``state_province``: Belgium has no states, its three Regions come closest."""
    if not (postcode.isascii() and postcode.isdigit()) or 1000 <= int(postcode) < 1300:
        return BRUSSELS_REGION
    return FLEMISH_REGION if 1500 <= int(postcode) < 4000 or int(postcode) >= 8000 else WALLOON_REGION


def document(*, canonical: str, base: str) -> dict[str, Any]:
    """The profile: what we add as JSON merge patches (RFC 7386) of the official schemas, and what we promise."""
    return {
        "id": canonical,
        "title": "Brussels care basins: profile of HSDS",
        "version": PROFILE_VERSION,
        "hsds_version": HSDS_VERSION,
        "base_uri": base,
        "specification": "https://docs.openreferral.org/en/3.1/",
        "schemas": "https://github.com/openreferral/specification/tree/3.1/schema",
        "promises": PROMISES,
        "patches": {name: {"properties": properties} for name, properties in ADDITIONS.items()},
    }


def _text(description: str) -> dict[str, str]:
    return {"type": "string", "description": description}


def _flag(description: str) -> dict[str, str]:
    return {"type": "boolean", "description": description}


PROMISES = [
    "Read without a key, from any site. Only public records are here; what is for professionals or on referral is not.",
    "Names and texts come in the language of Accept-Language (fr, nl); where that one is missing, in the other.",
    (
        f"Each text stands as an attribute of link_type '{TEXT}' as well, once per language that exists: 'label' is "
        "the field, 'language' the language, 'value' the text; 'state' is 'outdated' where the other language is newer."
    ),
    "Empty optional fields are left out.",
    (
        "Identifiers are UUIDs and stay. A merged record answers 308 to the one that took it over; what is removed is "
        "told by /api/v1/directory/changes/ as well."
    ),
    (
        "Opening hours are the time on the wall in Brussels. Days of closing are in 'closures', not in 'schedules': "
        "who does not know the word takes nothing for open that is closed."
    ),
    f"state_province is '{BRUSSELS_REGION}' for Brussels: Belgium has no states.",
    "The seat is in 'service_at_locations', the territory served in 'service_areas'.",
    "Persons to turn to are named by their function; by name and mail only where they wish it.",
    "'proximity' is in metres, around the middle of 'postcode'. It needs a 'postcode'.",
    (
        "A query parameter that does not exist is refused (400, with the nearest one that does), and so is 'per_page' "
        "above 500 (422): nothing is left unread or cut in silence."
    ),
    "Lists are ordered by age. A page costs the same wherever it lies. format=ndjson sends everything, one per line.",
]

ADDITIONS: dict[str, dict[str, Any]] = {
    "service.json": {
        "kind": _text(
            "service, phone_line, welcome_point, exchange_space, health_promotion, training, practice, right or "
            "reporting_point."
        ),
        "summary": _text("The service in one sentence."),
        "former_names": {"type": "array", "items": {"type": "string"}, "description": "Names it had before."},
        "who_may_refer": _text("Who may send somebody to the service."),
        "refusal_grounds": _text("Whom the service cannot take."),
        "access": {
            "type": "array",
            "items": {"type": "string"},
            "description": "no_appointment, no_request, no_papers, no_payment, home_visits, outreach, goes_along, "
            "interpreter.",
        },
        "price": _text("free, insured, by_income or paid."),
        "care_line": _text("0.5, 1, 1.5 or 2."),
        "authority": _text("Who recognises the service, where it changes who has access."),
        "exchange_mode": _text("How professionals meet."),
        "exchange_format": _text("modular or fixed."),
        "frequency": _text("How often it takes place."),
        "organised_with": {"type": "array", "items": {"type": "string"}, "description": "Partners, by name."},
        "waiting": {
            "type": "object",
            "description": "weeks, takes_new_people, note, said_on (the day it was said), counts_until.",
        },
        "closures": {"type": "array", "description": "Like schedules: when it is closed after all."},
        "sources": {
            "type": "array",
            "description": "Lists the record comes from: name, identifier there, url, licence, last_seen.",
        },
        "is_demo": _flag("Made up, for trying things out."),
    },
    "organization.json": {
        "kind": _text("organisation, independent or practice."),
        "status": _text("As for services."),
        "legal_name": _text("The name in the register."),
        "former_names": {"type": "array", "items": {"type": "string"}, "description": "Names it had before."},
        "is_demo": _flag("Made up, for trying things out."),
    },
    "location.json": {
        "step_free": _flag("Whether one gets in without a step; missing where nobody knows."),
        "is_seat": _flag("The seat of its organisation."),
        "address_hidden": _flag("The address is not shown, e.g. of a shelter."),
    },
    "accessibility.json": {
        "feature": _text("step_free, lift, toilet, parking, hearing_loop, tactile, quiet or other."),
        "is_there": _flag("False: it is known that it is missing."),
    },
    "schedule.json": {"by_appointment": _flag("By appointment only.")},
    "contact.json": {"problem": _text("For which problem one turns to this person.")},
    "service_area.json": {
        "territory": _text("region, basin:<code>, municipality:<NIS code> or neighbourhood:<UUID>."),
    },
    "attribute.json": {
        "language": _text("Of a text: fr or nl."),
        "state": _text("outdated: the text in the other language is newer."),
    },
    "taxonomy_term.json": {
        "synonyms": {"type": "object", "description": "Words people use for it, by language."},
        "external_ref": _text("How other lists call it."),
    },
}
