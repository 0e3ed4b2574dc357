"""The 51 hosts of the demo's week, and a directory that knows some of them under names of its own."""

from __future__ import annotations

import csv
from typing import Any

from core.text import fold
from directory.models import Organization, Phone
from opendoors.demo import FACTS
from opendoors.models import Edition, Host
from tests.directory.factories import LocationFactory, OrganizationFactory
from tests.opendoors.factories import EditionFactory, HostFactory, PlaceFactory


def hosts_of_2024(edition: Edition | None = None) -> dict[str, Host]:
    """The real names, each with the address of the sample; without a contact."""
    edition = edition or EditionFactory(slug="2026")
    with FACTS.open(encoding="utf-8", newline="") as file:
        rows = {row["host"]: row for row in csv.DictReader(file)}
    hosts = {}
    for name, row in rows.items():
        host = HostFactory(edition=edition, name=name, name_language=row["name_language"], contact_email="")
        streets = {"street_fr": row["street_fr"], "street_nl": row["street_nl"]}
        PlaceFactory(host=host, postcode=row["postcode"], **streets)
        hosts[name] = host
    return hosts


def organization(name: str, *, postcode: str = "", street: str = "", phone: str = "", **fields: Any) -> Organization:
    """An organisation of that name in both languages, with a place if it has a postcode."""
    folded = sorted({fold(each) for each in (name, *fields.get("alternate_names", ()))})
    made = OrganizationFactory(name_fr=name, name_nl=name, folded_names=folded, **fields)
    if postcode:
        LocationFactory(organization=made, postcode=postcode, street_fr=street, street_nl="")
    if phone:
        Phone.objects.create(organization=made, number=phone)
    return made


def many_others(number: int = 60) -> None:
    """Services as there are many, so that what their names share tells nothing."""
    kinds = ("Maison médicale", "Centre de service social", "Planning familial", "Soins à domicile", "SSM", "CPAS")
    for count in range(number):
        kind = kinds[count % len(kinds)]
        organization(f"{kind} Quartier {chr(65 + count % 26)}{count}", postcode="1000")
