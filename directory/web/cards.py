"""A record as a list shows it, and as its own page does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from basins.access import Reader, holds
from basins.rights import Right
from core.bilingual import Text, text
from core.calendar import is_public_holiday
from directory import access, wording
from directory.models import Contact, Language, Location, Phone, Service, TaxonomyTerm
from directory.search.openings import is_open_at
from directory.web.addresses import directory_url, organization_url, record_url
from directory.wording import Hours, State

# What decides whether somebody can go there, said as tags: field and words.
TAGS: tuple[tuple[str, Any], ...] = (
    ("home_visits", lambda: _("home visits")),
    ("no_appointment", lambda: _("without an appointment")),
    ("no_papers", lambda: _("without papers")),
    ("no_payment", lambda: _("without payment")),
    ("outreach", lambda: _("outreach")),
    ("goes_along", lambda: _("goes along with the person")),
    ("interpreter", lambda: _("interpreter")),
)


@dataclass(frozen=True, slots=True)
class Card:
    """A row of a list of records."""

    service: Service
    url: str
    organization: Text
    where: str
    serves: str
    summary: Text
    places: State
    freshness: State
    languages: list[tuple[str, str]]
    tags: list[str]
    phone: str
    distance: float | None


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place of a record; ``address`` is empty where it is not shown to this reader."""

    location: Location
    address: str
    is_hidden: bool
    phones: list[Phone]
    hours: list[Hours]
    remark: Text
    wrong_url: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person to turn to; while they are away, who answers."""

    contact: Contact
    shown_as: Text
    problem: Text
    phones: list[Phone]
    is_away: bool
    deputies: list[Text]


@dataclass(frozen=True, slots=True)
class RecordView:
    """What the page of a record shows, worked out."""

    organization: Text
    organization_url: str
    wrong_url: str
    permanent_url: str
    summary: Text
    phones: list[Phone]
    professional_phones: list[Phone]
    places: list[PlaceView]
    persons: list[PersonView]
    hours: list[Hours]
    is_open: bool | None
    is_holiday: bool
    places_state: State
    freshness: State
    territory: str
    ages: str
    tags: list[str]
    languages: list[tuple[str, str]]
    themes: list[TaxonomyTerm]
    audiences: list[TaxonomyTerm]
    sources: list[tuple[str, str]]
    outdated: frozenset[str]
    desk_url: str  # for who keeps the directory in this basin


def card(service: Service, *, basin: str | None, distance: float | None = None) -> Card:
    """A card of a record out of ``public_queries.cards``."""
    today = timezone.localdate()
    phones = [*service.phones.all(), *service.organization.phones.all()]
    return Card(
        service=service,
        url=record_url(service, basin),
        organization=text(service.organization, "name"),
        where=wording.towns_of(service),
        serves=wording.territory_of(service),
        summary=text(service, "short_description"),
        places=wording.places_state(service, today),
        freshness=wording.freshness_state(service, today),
        languages=_languages(service),
        tags=[words() for name, words in TAGS if getattr(service, name)],
        phone=next((phone.number for phone in phones if not phone.professionals_only), ""),
        distance=distance,
    )


def record_view(service: Service, user: Reader, *, basin: str | None) -> RecordView:
    """The page of a record out of ``public_queries.record``, as far as ``user`` may see it."""
    now = timezone.now()
    today = timezone.localdate()
    schedules = wording.schedules_of(service)
    phones = [*service.phones.all()] or [*service.organization.phones.all()]
    terms = [row.term for row in service.service_terms.all()]
    at_places = [_place(row, user, today, basin) for row in service.at_locations.all()]
    own_hours = [*service.schedules.all()]
    return RecordView(
        organization=text(service.organization, "name"),
        organization_url=organization_url(service.organization, basin),
        wrong_url=directory_url("wrong", basin, record=service.uuid),
        permanent_url=record_url(service, None),
        summary=text(service, "short_description"),
        phones=[phone for phone in phones if not phone.professionals_only],
        professional_phones=[phone for phone in phones if phone.professionals_only],
        places=at_places,
        persons=persons([*service.contacts.all(), *service.organization.own_contacts], today),  # type: ignore[attr-defined]  # see public_queries.record
        hours=wording.hours_of(own_hours or ([] if any(each.hours for each in at_places) else schedules), today),
        is_open=is_open_at(schedules, now),
        is_holiday=is_public_holiday(today),
        places_state=wording.places_state(service, today),
        freshness=wording.freshness_state(service, today),
        territory=wording.territory_of(service),
        ages=_ages(service),
        tags=[words() for name, words in TAGS if getattr(service, name)],
        languages=_languages(service),
        themes=[term for term in terms if term.taxonomy.code == "themes"],
        audiences=[term for term in terms if term.taxonomy.code == "audiences"],
        sources=[
            (str(text(row.source, "name")), row.url or row.source.url)
            for row in service.source_records.all()
            if not row.is_gone
        ],
        outdated=frozenset(service.outdated),
        desk_url=_desk_url(service, user, basin),
    )


def _desk_url(service: Service, user: Reader, basin: str | None) -> str:
    if basin is None or not holds(user, Right.MANAGE_DIRECTORY, basin):
        return ""
    return directory_url("staff_record", basin, record=service.uuid)


def _languages(service: Service) -> list[tuple[str, str]]:
    rows: list[Language] = list(service.languages.all())
    return [(row.term.code.upper(), str(text(row.term, "name"))) for row in rows]


def _place(row: Any, user: Reader, today: dt.date, basin: str | None) -> PlaceView:
    location: Location = row.location
    is_shown = access.may_see_address(user, location)
    own = [*row.schedules.all()] or [*location.schedules.all()]
    return PlaceView(
        location=location,
        address=address_of(location) if is_shown else "",
        is_hidden=not is_shown,
        phones=[*row.phones.all(), *location.phones.all()],
        hours=wording.hours_of(own, today),
        remark=text(row, "description"),
        wrong_url=directory_url("wrong_place", basin, location=location.uuid),
    )


def address_of(location: Location) -> str:
    """Street, box, postcode and town, in the reader's language where there is one."""
    street = ", ".join(filter(None, [str(text(location, "street")), location.box]))
    town = str(text(location.municipality, "name")) if location.municipality else str(text(location, "city"))
    return ", ".join(filter(None, [street, f"{location.postcode} {town}".strip()]))


def persons(contacts: Iterable[Contact], today: dt.date) -> list[PersonView]:
    """Persons to turn to, as pages show them."""
    return [
        PersonView(
            contact=contact,
            shown_as=contact.shown_as,
            problem=text(contact, "problem"),
            phones=list(contact.phones.all()),
            is_away=contact.is_away(today),
            deputies=[deputy.shown_as for deputy in contact.deputies.all()],
        )
        for contact in contacts
    ]


def _ages(service: Service) -> str:
    first, last = service.min_age, service.max_age
    if first is not None and last is not None:
        return _("from %(first)d to %(last)d years") % {"first": first, "last": last}
    if first is not None:
        return _("from the age of %(first)d") % {"first": first}
    if last is not None:
        return _("up to the age of %(last)d") % {"last": last}
    return ""
