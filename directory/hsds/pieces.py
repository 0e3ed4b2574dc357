"""The small objects of HSDS: texts as attributes, phones, hours, addresses, persons, territory."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from django.utils import timezone

from core.bilingual import LANGUAGE_CODES, text
from directory.documents import area_name
from directory.hsds.profile import COUNTRY, TEXT, region_of
from directory.models import (
    Accessibility,
    Contact,
    CostOption,
    Language,
    Location,
    Phone,
    RequiredDocument,
    Schedule,
    ServiceArea,
    ServiceCapacity,
    TaxonomyTerm,
    Url,
)

Object: TypeAlias = dict[str, Any]

ACCESS_FLAGS = (
    *("no_appointment", "no_request", "no_papers", "no_payment"),
    *("home_visits", "outreach", "goes_along", "interpreter"),
)
JOINT = "; "  # between names, where HSDS has one text for several


def lean(values: Object) -> Object:
    """Without what is empty; ``False`` and ``0`` say something."""
    return {key: value for key, value in values.items() if value is not None and value not in ("", [], {})}


def packed(value: Object) -> str:
    """As JSON without blanks, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def said(row: Any, field: str, language: str) -> str:
    """The text in the language asked for, else in the other one."""
    return text(row, field, language).value


def moment(value: dt.datetime) -> str:
    """With milliseconds, as HSDS asks, in UTC."""
    return value.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def midnight(day: dt.date) -> str:
    """The beginning of a day in Brussels, for where HSDS wants a moment."""
    return dt.datetime.combine(day, dt.time(), tzinfo=timezone.get_default_timezone()).isoformat()


def texts(row: Any, fields: dict[str, str]) -> Iterator[Object]:
    """An attribute per text and language; ``fields`` maps our field to the name it has in HSDS."""
    outdated = getattr(row, "outdated", ())
    for field, name in fields.items():
        for language in LANGUAGE_CODES:
            column = f"{field}_{language}"
            value = getattr(row, column)
            if not value:
                continue
            made = {"id": str(uuid5(row.uuid, column)), "link_type": TEXT, "label": name}
            made |= {"language": language, "value": value}
            if column in outdated:
                made["state"] = "outdated"
            yield made


def term(row: TaxonomyTerm, language: str) -> Object:
    """HSDS *taxonomy_term*; ``code`` with ``taxonomy_id`` names it."""
    return lean(
        {
            "id": str(row.uuid),
            "code": row.code,
            "name": said(row, "name", language),
            "parent_id": str(row.parent.uuid) if row.parent else None,
            "taxonomy": said(row.taxonomy, "name", language),
            "taxonomy_id": str(row.taxonomy.uuid),
            "language": text(row, "name", language).language,
            "term_uri": row.external_ref if row.external_ref.startswith(("https://", "http://")) else "",
        }
    ) | {"description": said(row, "description", language)}


def carried(owner: UUID, terms: Iterable[TaxonomyTerm], language: str) -> list[Object]:
    """The terms of a record as attributes; the link's type is the taxonomy's code."""
    return [
        {
            "id": str(uuid5(owner, f"term:{row.uuid}")),
            "link_type": row.taxonomy.code,
            "taxonomy_term_id": str(row.uuid),
            "value": said(row, "name", language),
            "taxonomy_term": term(row, language),
        }
        for row in terms
    ]


def phone(row: Phone, language: str) -> Object:
    return lean(
        {
            "id": str(row.uuid),
            "number": row.number,
            "extension": int(row.extension) if row.extension else None,
            "type": row.kind,
            "description": said(row, "description", language),
            "attributes": list(texts(row, {"description": "description"})),
        }
    )


def schedule(row: Schedule, language: str) -> Object:
    return lean(
        {
            "id": str(row.uuid),
            "valid_from": row.valid_from and row.valid_from.isoformat(),
            "valid_to": row.valid_to and row.valid_to.isoformat(),
            "dtstart": _first_day(row),
            "freq": row.freq,
            "interval": row.interval if row.interval > 1 else None,
            "byday": row.byday,
            "bymonthday": row.bymonthday,
            "opens_at": row.opens_at and f"{row.opens_at:%H:%M}",
            "closes_at": row.closes_at and f"{row.closes_at:%H:%M}",
            "description": said(row, "description", language),
            "by_appointment": True if row.by_appointment else None,
            "attributes": list(texts(row, {"description": "description"})),
        }
    )


def _first_day(row: Schedule) -> str | None:
    """Said where it counts: from there every second week is reckoned, and what has no rhythm is on that day."""
    return row.valid_from.isoformat() if row.valid_from and (row.interval > 1 or not row.freq) else None


def hours(rows: Iterable[Schedule], language: str) -> Object:
    """``schedules`` and ``closures``: a day of closing among the hours would be read as an opening."""
    known = list(rows)
    return {
        "schedules": [schedule(row, language) for row in known if not row.is_closed],
        "closures": [schedule(row, language) for row in known if row.is_closed],
    }


def language_spoken(row: Language, language: str) -> Object:
    return lean(
        {
            "id": str(row.uuid),
            "name": said(row.term, "name", language),
            "code": row.term.code,
            "note": said(row, "note", language),
            "attributes": list(texts(row, {"note": "note"})),
        }
    )


def area(row: ServiceArea, language: str) -> Object:
    """A part of the territory that is served; the whole Region goes by its two names."""
    part = row.basin or row.municipality or row.neighbourhood
    return {
        "id": str(row.uuid),
        "name": said(part, "name", language) if part else region_of(""),
        "territory": area_name(row),
    }


def cost(row: CostOption, language: str) -> Object:
    return lean(
        {
            "id": str(row.uuid),
            "valid_from": row.valid_from and row.valid_from.isoformat(),
            "valid_to": row.valid_to and row.valid_to.isoformat(),
            "option": said(row, "option", language),
            "currency": row.currency.lower(),
            "amount": None if row.amount is None else float(row.amount),
            "amount_description": said(row, "note", language),
            "attributes": list(texts(row, {"option": "option", "note": "amount_description"})),
        }
    )


def paper(row: RequiredDocument, language: str) -> Object:
    return lean(
        {
            "id": str(row.uuid),
            "document": said(row, "document", language),
            "uri": row.url,
            "attributes": list(texts(row, {"document": "document"})),
        }
    )


def url(row: Url, language: str) -> Object:
    made = {"id": str(row.uuid), "label": said(row, "label", language), "url": row.url}
    return lean(made | {"attributes": list(texts(row, {"label": "label"}))})


def person(row: Contact, language: str) -> Object:
    """By function; by name and mail (which mostly holds the name) where the person wishes it."""
    return lean(
        {
            "id": str(row.uuid),
            "name": row.name if row.show_name else "",
            "title": said(row, "function", language),
            "department": said(row, "department", language),
            "email": row.email if row.show_name else "",
            "problem": said(row, "problem", language),
            "phones": [phone(each, language) for each in row.phones.all() if not each.professionals_only],
            "attributes": list(texts(row, {"function": "title", "department": "department", "problem": "problem"})),
        }
    )


def capacity(row: ServiceCapacity, language: str) -> list[Object]:
    """Places free, where somebody counted them."""
    if row.places_free is None:
        return []
    place = {"fr": "place", "nl": "plaats"}[language]
    made = {
        "id": str(row.uuid),
        "unit": {"id": str(uuid5(UUID(int=0), "place")), "name": place},
        "available": row.places_free,
        "maximum": row.places_in_all,
        "description": said(row, "note", language),
        "updated": midnight(row.said_on),
        "attributes": list(texts(row, {"note": "description"})),
    }
    return [lean(made)]


def waiting(row: ServiceCapacity, language: str) -> Object:
    """What was said of waiting, with the day on which it was said."""
    made = {
        "weeks": row.waiting_weeks,
        "takes_new_people": row.takes_new_people,
        "note": said(row, "note", language),
    }
    told = {key: value for key, value in made.items() if value not in (None, "")}
    return told | {"said_on": row.said_on.isoformat(), "counts_until": row.fades_on().isoformat()}


def accessibility(row: Accessibility, language: str) -> Object:
    return lean(
        {
            "id": str(row.uuid),
            "feature": row.feature,
            "is_there": row.is_there,
            "description": said(row, "description", language),
            "url": row.url,
            "attributes": list(texts(row, {"description": "description"})),
        }
    )


def address(row: Location, language: str) -> Object | None:
    """The address; what HSDS requires of it and nobody knows is an empty text."""
    town = said(row.municipality, "name", language) if row.municipality else said(row, "city", language)
    street = said(row, "street", language)
    if not (street or row.postcode or town):
        return None
    fields = {"street": "address_1"} | ({} if row.municipality else {"city": "city"})
    made = {
        "id": str(uuid5(row.uuid, "address")),
        "address_1": street,
        "city": town,
        "state_province": region_of(row.postcode),
        "postal_code": row.postcode,
        "country": COUNTRY,
        "address_type": row.kind,
    }
    attributes = [*texts(row, fields)]
    if row.municipality:
        attributes += texts(row.municipality, {"name": "city"})
    return made | lean({"address_2": row.box, "attributes": attributes})


def location(row: Location, language: str, *, full: bool) -> Object:
    """HSDS *location*. Of a hidden one nothing but that it exists and how to call it."""
    made: Object = {"id": str(row.uuid), "location_type": row.kind}
    if row.hides_address:
        made["address_hidden"] = True
    else:
        made |= {
            "name": said(row, "name", language),
            "transportation": said(row, "transport", language),
            "latitude": row.latitude,
            "longitude": row.longitude,
            "step_free": row.step_free,
            "is_seat": True if row.is_seat else None,
        }
    if not full:
        return lean(made)
    made |= {"phones": [phone(each, language) for each in row.phones.all()]}
    made |= hours(row.schedules.all(), language)
    if not row.hides_address:
        made["addresses"] = [each for each in [address(row, language)] if each]
        made["accessibility"] = [accessibility(each, language) for each in row.accessibility.all()]
        made["attributes"] = list(texts(row, {"name": "name", "transport": "transportation"}))
    return lean(made)
