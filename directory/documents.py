"""A record as a document: a flat dictionary of plain values that can be compared, kept and written back.

The one vocabulary of forms, imports, corrections by mail, history and undo. Keys are columns
(``"name_fr"``, ``"home_visits"``), references by what is stable outside (``"sector": "housing"``,
``"areas": ["basin:sud-est"]``), and lists of rows (``"phones": [{"number": "+3223186058"}]``). Dates and
times are ISO strings; in rows what is empty is left out; ``rules.records`` writes any part of it.

Persons to turn to are not in it: a document is kept in the history, persons can be forgotten.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeAlias, cast

from django.db.models import Model

from core.bilingual import LANGUAGE_CODES
from directory.enums import RecordKind
from directory.models import Location, Organization, Service, ServiceArea, ServiceCapacity

Document: TypeAlias = dict[str, Any]
Holder: TypeAlias = Organization | Location | Service


def in_both(*names: str) -> tuple[str, ...]:
    """The columns of bilingual fields."""
    return tuple(f"{name}_{language}" for name in names for language in LANGUAGE_CODES)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that hang on a record: the key is also the name of the relation."""

    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """What the document of one model holds."""

    kind: RecordKind
    texts: tuple[str, ...]
    plain: tuple[str, ...]
    parts: tuple[Part, ...]
    references: tuple[str, ...]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return (*in_both(*self.texts), *self.plain)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset({*self.columns, *self.references, *(part.key for part in self.parts)})


PHONES = Part("phones", ("number", "extension", "kind", *in_both("description"), "professionals_only"))
SCHEDULES = Part(
    "schedules",
    (
        *("freq", "interval", "byday", "bymonthday", "opens_at", "closes_at", "valid_from", "valid_to"),
        *("is_closed", "by_appointment", *in_both("description")),
    ),
)
URLS = Part("urls", ("url", *in_both("label")))
# Columns of rows whose empty text says something: opening hours without a rhythm are not weekly ones.
SPEAKS_WHEN_EMPTY = frozenset({"freq"})
CAPACITY_COLUMNS = ("places_free", "places_in_all", "waiting_weeks", "takes_new_people", *in_both("note"), "said_on")

SHAPES: dict[type[Model], Shape] = {
    Organization: Shape(
        RecordKind.ORGANIZATION,
        texts=("name", "description"),
        plain=(
            *("kind", "status", "legal_name", "legal_form", "alternate_names", "former_names"),
            *("email", "url", "kbo_number", "establishment_number"),
        ),
        parts=(PHONES, URLS, Part("identifiers", ("scheme", "identifier"))),
        references=("sector",),
    ),
    Location: Shape(
        RecordKind.LOCATION,
        texts=("name", "street", "city", "transport"),
        plain=("kind", "is_seat", "box", "postcode", "latitude", "longitude", "step_free", "hides_address"),
        parts=(PHONES, SCHEDULES, Part("accessibility", ("feature", "is_there", *in_both("description"), "url"))),
        references=("organization", "municipality", "neighbourhood"),
    ),
    Service: Shape(
        RecordKind.SERVICE,
        texts=(
            *("name", "short_description", "description", "alert", "how_to_refer", "who_may_refer"),
            *("eligibility", "refusal_grounds", "interpretation", "fees", "accreditations"),
        ),
        plain=(
            *("kind", "status", "visibility", "alternate_names", "former_names", "email", "url"),
            *("min_age", "max_age", "no_appointment", "no_request", "no_papers", "no_payment", "home_visits"),
            *("outreach", "goes_along", "interpreter", "price", "care_line", "authority"),
            *("exchange_mode", "exchange_format", "frequency", "organised_with"),
        ),
        parts=(
            *(PHONES, SCHEDULES, URLS),
            Part("costs", (*in_both("option"), "amount", "currency", *in_both("note"), "valid_from", "valid_to")),
            Part("documents", (*in_both("document"), "url")),
        ),
        references=("organization", "terms", "languages", "areas", "places", "capacity"),
    ),
}


def shape_of(record: Holder | type[Holder]) -> Shape:
    return SHAPES[record if isinstance(record, type) else type(record)]


def document_of(record: Holder) -> Document:
    """The whole document. Rows are read through the relations, so prefetch them for many records."""
    shape = shape_of(record)
    document: Document = {name: plain(getattr(record, name)) for name in shape.columns}
    for part in shape.parts:
        document[part.key] = [row_of(row, part.columns) for row in _in_order(getattr(record, part.key).all())]
    return document | _references(record)


def row_of(row: Model, columns: Iterable[str]) -> Document:
    """A row that hangs on a record; what is empty or as it is by default is left out."""
    values = {name: plain(getattr(row, name)) for name in columns}
    return {
        name: value
        for name, value in values.items()
        if value != _default(row, name) and (value not in ("", None) or name in SPEAKS_WHEN_EMPTY)
    }


def plain(value: Any) -> Any:
    """A column's value as JSON has it; no text is ``""``, never null."""
    match value:
        case dt.time():
            return value.strftime("%H:%M")
        case dt.datetime() | dt.date():
            return value.isoformat()
        case Decimal():
            return f"{value:.2f}"
        case list() | tuple():
            return list(value)
        case str():
            return str(value)
    return value


def same(one: Any, other: Any) -> bool:
    """Whether two values of a key say the same. The order of a list says nothing."""
    return bool(_sortable(one) == _sortable(other))


def is_empty(value: Any) -> bool:
    """Whether a value says nothing. ``False`` says something only where it differs from the default."""
    return value in ("", None, False) or (isinstance(value, list | dict) and not value)


def differences(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> set[str]:
    """The keys of ``wanted`` that say something else than ``before``."""
    return {key for key, value in wanted.items() if not same(before.get(key), value)}


def area_name(area: ServiceArea) -> str:
    """``"region"``, ``"basin:sud-est"``, ``"municipality:21005"`` or ``"neighbourhood:<uuid>"``."""
    if area.basin is not None:
        return f"basin:{area.basin.code}"
    if area.municipality is not None:
        return f"municipality:{area.municipality.nis_code}"
    if area.neighbourhood is not None:
        return f"neighbourhood:{area.neighbourhood.uuid}"
    return "region"


def _references(record: Holder) -> Document:
    if isinstance(record, Organization):
        return {"sector": record.sector.code if record.sector else ""}
    document: Document = {"organization": str(record.organization.uuid)}
    if isinstance(record, Location):
        return document | {
            "municipality": record.municipality.nis_code if record.municipality else "",
            "neighbourhood": str(record.neighbourhood.uuid) if record.neighbourhood else "",
        }
    capacity: ServiceCapacity | None = getattr(record, "capacity", None)
    return document | {
        "terms": sorted(f"{row.term.taxonomy.code}:{row.term.code}" for row in record.service_terms.all()),
        "languages": sorted(row.term.code for row in record.languages.all()),
        "areas": sorted(area_name(area) for area in record.areas.all()),
        "places": sorted(str(row.location.uuid) for row in record.at_locations.all()),
        "capacity": row_of(capacity, CAPACITY_COLUMNS) if capacity else {},
    }


def _in_order(rows: Iterable[Model]) -> list[Model]:
    return sorted(rows, key=lambda row: cast(int, row.pk))


def _default(row: Model, name: str) -> Any:
    field: Any = row._meta.get_field(name)
    return plain(field.get_default()) if field.has_default() else None


def _is_said(key: str, value: Any) -> bool:
    return value not in ("", None) or (value == "" and key in SPEAKS_WHEN_EMPTY)


def _sortable(value: Any) -> Any:
    if value in ("", None):
        return None
    if isinstance(value, dict):
        return {key: each if each == "" else _sortable(each) for key, each in value.items() if _is_said(key, each)}
    if isinstance(value, list):
        return sorted(json.dumps(_sortable(each), sort_keys=True, default=str) for each in value)
    return value
