"""The records that have an address of their own, brief as in lists or full with all that hangs on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import uuid5

from directory.hsds import pieces
from directory.hsds.pieces import JOINT, Object, lean, said
from directory.models import (
    Contact,
    Organization,
    Service,
    ServiceAtLocation,
    ServiceCapacity,
    Taxonomy,
    TaxonomyTerm,
)

SERVICE_TEXTS = {
    "name": "name",
    "short_description": "summary",
    "description": "description",
    "alert": "alert",
    "how_to_refer": "application_process",
    "who_may_refer": "who_may_refer",
    "eligibility": "eligibility_description",
    "refusal_grounds": "refusal_grounds",
    "interpretation": "interpretation_services",
    "fees": "fees_description",
    "accreditations": "accreditations",
}
ORGANIZATION_TEXTS = {"name": "name", "description": "description"}

# Enterprise and establishment numbers under the codes of org-id.guide.
KBO_SCHEME = "BE-BCE_KBO"
ESTABLISHMENT_SCHEME = "BE-BCE_KBO-establishment"


def organization_brief(row: Organization, language: str) -> Object:
    made = {
        "id": str(row.uuid),
        "name": said(row, "name", language),
        "alternate_name": JOINT.join(row.alternate_names),
        "email": row.email,
        "website": row.url,
        "legal_status": row.legal_form,
        "kind": row.kind,
        "status": row.status,
        "legal_name": row.legal_name,
        "former_names": row.former_names,
        "is_demo": True if row.is_demo else None,
    }
    return lean(made) | {"description": said(row, "description", language)}


def organization_full(row: Organization, language: str, *, today: dt.date, services: list[Object]) -> Object:
    """Needs its phones, urls, contacts, identifiers, sector and locations with all that hangs on them."""
    identifiers = [
        {"scheme": KBO_SCHEME, "type": "enterprise number", "number": row.kbo_number},
        {"scheme": ESTABLISHMENT_SCHEME, "type": "establishment number", "number": row.establishment_number},
    ]
    return organization_brief(row, language) | lean(
        {
            "additional_websites": [pieces.url(each, language) for each in row.urls.all()],
            "organization_identifiers": [
                {
                    "id": str(uuid5(row.uuid, each["scheme"])),
                    "identifier_scheme": each["scheme"],
                    "identifier_type": each["type"],
                    "identifier": each["number"],
                }
                for each in identifiers
                if each["number"]
            ]
            + [
                {
                    "id": str(each.uuid),
                    "identifier_scheme": each.scheme,
                    "identifier_type": each.scheme,
                    "identifier": each.identifier,
                }
                for each in row.identifiers.all()
            ],
            "phones": [pieces.phone(each, language) for each in row.phones.all()],
            "contacts": _persons(row.contacts.all(), language, today),
            "locations": [pieces.location(each, language, full=True) for each in row.locations.all()],
            "attributes": [
                *pieces.carried(row.uuid, [row.sector] if row.sector else [], language),
                *pieces.texts(row, ORGANIZATION_TEXTS),
            ],
            "services": services,
        }
    )


def service_brief(row: Service, language: str) -> Object:
    """The fields of the service itself and of its organisation: one row of a list."""
    made = {
        "id": str(row.uuid),
        "organization_id": str(row.organization.uuid),
        "name": said(row, "name", language),
        "alternate_name": JOINT.join(row.alternate_names),
        "summary": said(row, "short_description", language),
        "description": said(row, "description", language) or said(row, "short_description", language),
        "url": row.url,
        "email": row.email,
        "status": row.status,
        "interpretation_services": said(row, "interpretation", language),
        "application_process": said(row, "how_to_refer", language),
        "who_may_refer": said(row, "who_may_refer", language),
        "fees_description": said(row, "fees", language),
        "accreditations": said(row, "accreditations", language),
        "eligibility_description": said(row, "eligibility", language),
        "refusal_grounds": said(row, "refusal_grounds", language),
        "minimum_age": row.min_age,
        "maximum_age": row.max_age,
        "assured_date": row.assured_on and row.assured_on.isoformat(),
        "alert": said(row, "alert", language),
        "last_modified": pieces.moment(row.modified),
        "kind": row.kind,
        "former_names": row.former_names,
        "access": [flag for flag in pieces.ACCESS_FLAGS if getattr(row, flag)],
        "price": row.price,
        "care_line": row.care_line,
        "authority": row.authority,
        "exchange_mode": row.exchange_mode,
        "exchange_format": row.exchange_format,
        "frequency": row.frequency,
        "organised_with": row.organised_with,
        "is_demo": True if row.is_demo else None,
    }
    return lean(made) | {"organization": organization_brief(row.organization, language)}


def service_full(row: Service, language: str, *, today: dt.date, with_places: bool = True) -> Object:
    """All that hangs on a service (`queries.with_everything`). What was said of waiting fades with its day."""
    capacity = told_capacity(row, today)
    made = {
        "additional_urls": [pieces.url(each, language) for each in row.urls.all()],
        "phones": [pieces.phone(each, language) for each in row.phones.all()],
        **pieces.hours(row.schedules.all(), language),
        "service_areas": [pieces.area(each, language) for each in row.areas.all()],
        "languages": [pieces.language_spoken(each, language) for each in row.languages.all()],
        "cost_options": [pieces.cost(each, language) for each in row.costs.all()],
        "required_documents": [pieces.paper(each, language) for each in row.documents.all()],
        "contacts": _persons(row.contacts.all(), language, today),
        "capacities": pieces.capacity(capacity, language) if capacity else [],
        "waiting": pieces.waiting(capacity, language) if capacity else {},
        "attributes": [
            *pieces.carried(row.uuid, (each.term for each in row.service_terms.all()), language),
            *pieces.texts(row, SERVICE_TEXTS),
        ],
        "sources": [
            lean(
                {
                    "name": said(each.source, "name", language),
                    "identifier": each.identifier,
                    "url": each.url or each.source.url,
                    "licence": each.source.licence,
                    "last_seen": each.last_seen_at.date().isoformat(),
                }
            )
            for each in row.source_records.all()
        ],
    }
    if with_places:
        made["service_at_locations"] = [_at_location(each, language) for each in row.at_locations.all()]
    return service_brief(row, language) | lean(made)


def told_capacity(row: Service, today: dt.date) -> ServiceCapacity | None:
    """What was said of places, while it still counts."""
    capacity: ServiceCapacity | None = getattr(row, "capacity", None)
    return capacity if capacity is not None and capacity.still_counts(today) else None


def good_until(row: Service, today: dt.date) -> dt.date | None:
    """The first day after ``today`` on which :func:`service_full` says something else of the same rows."""
    days: list[dt.date] = []
    if capacity := told_capacity(row, today):
        days.append(capacity.fades_on())
    for contact in row.contacts.all():
        days += _turns(contact)
    return min((day for day in days if day > today), default=None)


def at_location_brief(row: ServiceAtLocation, language: str) -> Object:
    return _link(row, language) | {
        "location": pieces.location(row.location, language, full=False),
        "service": service_brief(row.service, language),
    }


def at_location_full(row: ServiceAtLocation, language: str, *, today: dt.date) -> Object:
    """A service at one place, with both in full."""
    return _at_location(row, language) | {
        "service": service_full(row.service, language, today=today, with_places=False)
    }


def taxonomy(row: Taxonomy, language: str) -> Object:
    made = {"id": str(row.uuid), "name": said(row, "name", language), "uri": row.external_ref, "version": row.version}
    return lean(made | {"attributes": list(pieces.texts(row, {"name": "name", "description": "description"}))}) | {
        "description": said(row, "description", language)
    }


def taxonomy_term(row: TaxonomyTerm, language: str) -> Object:
    """A term on its own: with its taxonomy, both names, and the words people use for it."""
    own = {
        "taxonomy_detail": taxonomy(row.taxonomy, language),
        "synonyms": lean({"fr": row.synonyms_fr, "nl": row.synonyms_nl}),
        "external_ref": row.external_ref,
        "attributes": list(pieces.texts(row, {"name": "name", "description": "description"})),
    }
    return pieces.term(row, language) | lean(own)


def _link(row: ServiceAtLocation, language: str) -> Object:
    return lean({"id": str(row.uuid), "description": said(row, "description", language)})


def _at_location(row: ServiceAtLocation, language: str) -> Object:
    return _link(row, language) | lean(
        {
            "phones": [pieces.phone(each, language) for each in row.phones.all()],
            **pieces.hours(row.schedules.all(), language),
            "location": pieces.location(row.location, language, full=True),
            "attributes": list(pieces.texts(row, {"description": "description"})),
        }
    )


def _persons(contacts: Iterable[Contact], language: str, today: dt.date) -> list[Object]:
    """Who is away is not turned to; a deputy stands in the list as a person of their own."""
    return [pieces.person(each, language) for each in contacts if not each.is_away(today)]


def _turns(contact: Contact) -> list[dt.date]:
    """The days on which a person goes away and comes back."""
    back = contact.away_until and contact.away_until + dt.timedelta(days=1)
    return [day for day in (contact.away_from, back) if day]
