"""Hosts that answer the call, for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from opendoors import queries_hosts
from opendoors.enums import EditionState
from opendoors.models import Edition, Host
from opendoors.rules import validating
from opendoors.rules.programme_data import HostData, PlaceData, VisitData
from tests.basins.people_tools import at
from tests.factories import local
from tests.opendoors.factories import EditionFactory

CONTACT = "chantal@example.org"


def called_edition(**fields: Any) -> Edition:
    """A week that looks for hosts since yesterday, for a week to come."""
    now = timezone.now()
    values = {
        "slug": "2026",
        "state": EditionState.CALL,
        "call_opens_at": now - dt.timedelta(days=1),
        "call_closes_at": now + dt.timedelta(days=7),
    }
    made: Edition = EditionFactory(**values | fields)
    return made


def host_data(**changes: Any) -> HostData:
    values = {
        "name": "Maison Verte",
        "name_language": "fr",
        "description_fr": "On vous montre la maison.",
        "contact_name": "Chantal",
        "contact_email": CONTACT,
        "contact_phone": "02 123 45 67",
    }
    return HostData(**values | changes)


def visit_data(
    edition: Edition, *, day: int = 0, begin: str = "09:00", end: str = "10:30", seats: int = 6
) -> VisitData:
    date = edition.starts_on + dt.timedelta(days=day)
    return VisitData(starts_at=local(date, begin), ends_at=local(date, end), seats=seats, languages=("fr",))


def propose(edition: Edition, *visits: VisitData, network: str = "", **changes: Any) -> Host:
    return validating.propose(
        edition=edition,
        data=host_data(**changes),
        place=PlaceData(street_fr="Rue Haute 1", postcode="1040", wheelchair=True),
        visits=visits or [visit_data(edition)],
        network=network,
    )


def host_page(name: str, host: Host, language: str = "fr", **kwargs: Any) -> str:
    """A page behind the host's own link."""
    return at(f"opendoors:{name}", language, basin="sud-est", token=queries_hosts.host_link(host), **kwargs)
