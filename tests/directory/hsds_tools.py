"""The official schemas of HSDS as validators, and a directory in which every kind of row stands."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from directory.models import Contact, Location, Service, ServiceAtLocation
from directory.rules import contacts, log, records
from directory.rules.contacts import ContactData, PhoneData
from tests.directory.factories import OrganizationFactory, SourceFactory, service

FOLDER = Path(__file__).parent / "hsds_schemas"


@cache
def validator(name: str) -> jsonschema_rs.Validator:
    """``"service"`` for a full record, ``"compiled/service_list"`` for a row of a list."""

    def read(uri: str) -> Any:
        return json.loads((FOLDER / uri.rpartition("/")[2]).read_text(encoding="utf-8"))

    schema = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return jsonschema_rs.Draft202012Validator(
        schema, validate_formats=True, retriever=read, base_uri=f"https://hsds.example/{name}.json"
    )


def mistakes(name: str, value: Any) -> list[str]:
    """What does not fit the schema."""
    return [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in validator(name).iter_errors(value)
    ]


def rich_service() -> Service:
    """A record of which every key says something, with persons and a place."""
    organization = OrganizationFactory(
        kbo_number="0417497106", establishment_number="2001234567", url="https://example.org", legal_form="ASBL"
    )
    values: dict[str, Any] = {
        "identifiers": [{"scheme": "INAMI-RIZIV", "identifier": "1-23456-78"}],
        "phones": [{"number": "02 318 60 58", "extension": "12"}],
        "urls": [{"url": "https://example.org/nous", "label_fr": "À propos"}],
        "description_fr": "Une équipe.",
        "sector": "mental-health",
    }
    records.edit_organization(organization=organization, values=values, by=None)
    place = records.create_location(
        organization=organization,
        values={
            "name_fr": "Maison",
            "street_fr": "Rue de l’Exemple 1",
            "street_nl": "Voorbeeldstraat 1",
            "postcode": "1040",
            "municipality": "21005",
            "latitude": 50.83,
            "longitude": 4.39,
            "step_free": True,
            "transport_fr": "Métro Mérode",
            "phones": [{"number": "107"}],
            "schedules": [{"byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}],
            "accessibility": [{"feature": "lift", "description_nl": "Lift achteraan"}],
        },
        by=None,
    )
    made = service(organization, **_values(place))
    for row in ServiceAtLocation.objects.filter(service=made):
        row.description_fr = "Au premier étage"
        log.stamp(row)
    person(made, function_fr="Infirmière de liaison", name="Anne", show_name=True, email="anne@example.org")
    return made


def person(of: Service, *, professionals_only: bool = False, published: bool = True, **values: Any) -> Contact:
    """Somebody to turn to, who agreed to be shown."""
    data = ContactData(
        professionals_only=professionals_only,
        is_published=published,
        consent_on=dt.date(2026, 1, 2),
        consent_how="mail",
        **values,
    )
    return contacts.save_contact(
        organization=of.organization,
        contact=None,
        data=data,
        by=None,
        service=of,
        phones=[PhoneData(number="02 318 60 59", professionals_only=False), PhoneData(number="02 318 60 57")],
    )


def _values(place: Location) -> dict[str, Any]:
    return {
        "alternate_names": ["Psy", "Écoute"],
        "former_names": ["Rmlb"],
        "short_description_fr": "Un psychologue vient.",
        "description_fr": "Un psychologue vient à la maison.",
        "description_nl": "Een psycholoog komt aan huis.",
        "alert_fr": "Fermé en août.",
        "how_to_refer_fr": "Par téléphone.",
        "who_may_refer_fr": "Tout le monde.",
        "eligibility_fr": "Couples âgés.",
        "refusal_grounds_fr": "Aucun.",
        "interpretation_fr": "Sur demande.",
        "fees_fr": "Selon le revenu.",
        "accreditations_fr": "COCOF",
        "email": "info@example.org",
        "url": "https://example.org/psy",
        "min_age": 18,
        "max_age": 120,
        "home_visits": True,
        "no_papers": True,
        "price": "by_income",
        "care_line": "1",
        "authority": "cocof",
        "phones": [{"number": "02/318 60 58"}, {"number": "0470 12 34 56", "professionals_only": True}],
        "schedules": [
            {"byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00", "description_fr": "Permanence"},
            {"freq": "", "valid_from": "2026-12-24", "valid_to": "2027-01-02", "is_closed": True},
        ],
        "urls": [{"url": "https://example.org/formulaire"}],
        "costs": [{"option_fr": "par séance", "amount": "11.00"}],
        "documents": [{"document_nl": "identiteitskaart"}],
        "terms": ["audiences:older-people"],
        "languages": ["fr", "nl"],
        "areas": ["region", "basin:sud", "municipality:21005"],
        "places": [str(place.uuid)],
        "capacity": {"places_free": 2, "waiting_weeks": 3, "said_on": "2026-11-20", "note_fr": "deux lits"},
    }


def imported(made: Service) -> None:
    """The record is known to a source as well."""
    from directory.models import SourceRecord

    SourceRecord.objects.create(source=SourceFactory(url="https://social.example"), identifier="A1", service=made)
