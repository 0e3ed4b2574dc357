"""What hangs on a record, written as its document says: rows that stay the same keep their identifiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from directory import numbers
from directory.documents import (
    CAPACITY_COLUMNS,
    SPEAKS_WHEN_EMPTY,
    Holder,
    area_name,
    plain,
    row_of,
    same,
    shape_of,
)
from directory.enums import GoneReason, RecordKind
from directory.errors import RecordRefused, UnknownField
from directory.models import (
    Language,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceTerm,
)
from directory.rules import log
from directory.rules.references import References
from directory.rules.storing import store_new

OWNERS: dict[type[Model], str] = {Organization: "organization", Location: "location", Service: "service"}
LINKS = frozenset({"terms", "languages", "areas", "places", "capacity"})


def canonical(record: Holder, key: str, value: Any) -> Any:
    """A key's value as the document of the stored record would say it: only such values can be compared.

    Raises ``RecordRefused``, ``UnknownField``.
    """
    shape = shape_of(record)
    if key not in shape.keys:
        raise UnknownField(key)
    if key in shape.columns:
        return plain(column_value(record, key, value, key=key))
    part = next((part for part in shape.parts if part.key == key), None)
    if part is not None:
        model: Any = record._meta.get_field(key).related_model
        return [row_of(filled(model(), part.columns, row, key), part.columns) for row in value or ()]
    if key == "capacity":
        return row_of(filled(ServiceCapacity(), CAPACITY_COLUMNS, value, key), CAPACITY_COLUMNS) if value else {}
    if key not in LINKS:
        return str(value or "").strip()
    return sorted({str(each).strip() for each in _listed(value, key)} - {""})


def new_rows(record: Holder, key: str, wanted: Any, references: References) -> list[Any]:
    """The rows that a key of a stored record stands for, not yet stored; none for a column."""
    part = next((part for part in shape_of(record).parts if part.key == key), None)
    if part is not None:
        model: Any = record._meta.get_field(key).related_model
        owner = {OWNERS[type(record)]: record}
        return [filled(model(**owner), part.columns, values, key) for values in wanted]
    return _new_links(record, key, wanted, references) if isinstance(record, Service) else []


def _new_links(service: Service, key: str, wanted: Any, references: References) -> list[Any]:
    rows: list[Any] = []
    match key:
        case "terms":
            rows = [ServiceTerm(service=service, term_id=references.term(name, key=key)) for name in wanted]
        case "languages":
            rows = [Language(service=service, term_id=references.language(code)) for code in wanted]
        case "areas":
            rows = [references.area(name, service) for name in wanted]
        case "places":
            rows = [ServiceAtLocation(service=service, location_id=references.place(uuid)) for uuid in wanted]
        case "capacity" if wanted:
            rows = [filled(ServiceCapacity(service=service), CAPACITY_COLUMNS, wanted, key)]
    return rows


def write_rows(record: Holder, key: str, wanted: Any, references: References) -> None:
    """Make the rows of a key say what is wanted (in :func:`canonical` form): equal ones stay."""
    columns = next((part.columns for part in shape_of(record).parts if part.key == key), ())
    if not columns and key not in LINKS:
        return
    missing = list(wanted) if isinstance(wanted, list) else [wanted] if wanted else []
    for row in _present(record, key):
        said = _said(row, key, columns)
        twin = next((each for each in missing if same(each, said)), None)
        if twin is None:
            if key == "places":
                log.bury(kind=RecordKind.SERVICE_AT_LOCATION, uuid=row.uuid, reason=GoneReason.REMOVED)
            row.delete()
        else:
            missing.remove(twin)
    if missing:
        store_new(new_rows(record, key, missing[0] if key == "capacity" else missing, references), key=key)


def _present(record: Holder, key: str) -> Iterable[Any]:
    match key:
        case "terms" if isinstance(record, Service):
            return record.service_terms.select_related("term__taxonomy")
        case "languages" if isinstance(record, Service):
            return record.languages.select_related("term")
        case "areas" if isinstance(record, Service):
            return record.areas.select_related("basin", "municipality", "neighbourhood")
        case "places" if isinstance(record, Service):
            return record.at_locations.select_related("location")
        case "capacity":
            return ServiceCapacity.objects.filter(service=record.pk)
    rows: Iterable[Any] = getattr(record, key).all()
    return rows


def _said(row: Any, key: str, columns: Sequence[str]) -> Any:
    """What a row says in a document."""
    match key:
        case "terms":
            return f"{row.term.taxonomy.code}:{row.term.code}"
        case "languages":
            return row.term.code
        case "areas":
            return area_name(row)
        case "places":
            return str(row.location.uuid)
        case "capacity":
            return row_of(row, CAPACITY_COLUMNS)
    return row_of(row, columns)


def write_reference(record: Holder, key: str, value: str, references: References) -> None:
    """Write a column that points to something else; ``""`` points nowhere."""
    match key:
        case "organization" if isinstance(record, Location | Service):
            record.organization = references.row(Organization, value, key=key)
        case "sector" if isinstance(record, Organization):
            record.sector_id = references.sector(value) if value else None
        case "municipality" if isinstance(record, Location):
            record.municipality_id = references.municipality(value) if value else None
        case "neighbourhood" if isinstance(record, Location):
            record.neighbourhood_id = references.neighbourhood(value) if value else None
        case _:
            raise UnknownField(key)


def column_value(row: Model, name: str, value: Any, *, key: str) -> Any:
    """A plain value as the column stores it. Raises ``RecordRefused`` naming the document's key."""
    field: Any = row._meta.get_field(name)
    if isinstance(value, str):
        value = value.strip()
    if value in ("", None):
        return "" if value == "" and name in SPEAKS_WHEN_EMPTY else _nothing(field)
    if name == "number":
        return numbers.phone_number(str(value), field=key)
    if name == "kbo_number":
        return numbers.enterprise_number(str(value))
    if name == "establishment_number":
        return numbers.establishment_number(str(value))
    if isinstance(value, list):
        return list(dict.fromkeys(" ".join(str(each).split()) for each in value if str(each).strip()))
    try:
        return field.to_python(value)
    except ValidationError as error:
        raise RecordRefused(error.messages[0], field=key) from error


def _nothing(field: Any) -> Any:
    if field.has_default():
        return field.get_default()
    return "" if field.get_internal_type() in {"CharField", "TextField"} or not field.null else None


def _listed(value: Any, key: str) -> Iterable[Any]:
    if isinstance(value, str):
        raise RecordRefused(_("“%(name)s” cannot be read here.") % {"name": value}, field=key)
    listed: Iterable[Any] = value or ()
    return listed


def filled(row: Model, columns: Sequence[str], values: Any, key: str) -> Any:
    """A row with the values of a document. Raises ``RecordRefused``, ``UnknownField``."""
    if not isinstance(values, Mapping):
        raise RecordRefused(_("“%(name)s” cannot be read here.") % {"name": values}, field=key)
    unknown = set(values) - set(columns)
    if unknown:
        raise UnknownField(f"{key}.{min(unknown)}")
    for name, value in values.items():
        setattr(row, name, column_value(row, name, value, key=key))
    return row
