"""A selection of records as a table or as HSDS, sent as it is read.

The columns of the table are called as an import calls them: a file that left here can come back. Lists stand in
one cell between bars. A record with several places shows the first; HSDS has them all.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from basins.access import Reader
from core import workbooks
from directory import access, queries
from directory.documents import Document, document_of
from directory.hsds import records
from directory.importing import columns
from directory.importing.columns import Target
from directory.models import Location, Service

BATCH = 300
EVERYBODY = AnonymousUser()
JOINT = " | "
ROWS_OF_WORKBOOK = 20_000
LEFT_OUT = {"url", "organization.identifier", "organization.phones", "organization.identifiers"}


def headings() -> list[str]:
    """The columns, by their codes."""
    return [code for code in columns.targets() if code not in LEFT_OUT]


def rows(keys: Sequence[int], user: Reader) -> Iterator[list[str]]:
    """A line per record that ``user`` may see, in the order of ``keys``. A few queries per batch."""
    listed = [columns.targets()[code] for code in headings()]
    for some in _batches(keys):
        found = {row.pk: row for row in queries.for_documents(queries.services_for(user).filter(pk__in=some))}
        for key in some:
            if key in found:
                yield _line(found[key], listed, user)


def workbook(keys: Sequence[int], user: Reader) -> IO[bytes]:
    """The same as an Excel workbook, in a file that goes away when it is closed."""
    openpyxl = workbooks.openpyxl()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("records")
    sheet.append(headings())
    for line in rows(keys, user):
        cells = []
        for text in line:
            cell = openpyxl.cell.WriteOnlyCell(sheet, value=text or None)
            if text.startswith("="):
                cell.data_type = "s"  # a text, whatever it looks like
            cells.append(cell)
        sheet.append(cells)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - who sends it closes it
    book.save(file)
    file.seek(0)
    return file


def hsds(keys: Sequence[int], language: str) -> Iterator[str]:
    """The public ones among the records as one JSON list of HSDS services in full."""
    today = timezone.localdate()
    lead = "["
    for some in _batches(keys):
        found = {row.pk: row for row in queries.for_hsds(queries.services_for(EVERYBODY).filter(pk__in=some))}
        for key in some:
            if key in found:
                written = records.service_full(found[key], language, today=today)
                yield lead + json.dumps(written, ensure_ascii=False)
                lead = ",\n"
    yield "[]\n" if lead == "[" else "]\n"


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _line(service: Service, listed: Iterable[Target], user: Reader) -> list[str]:
    documents: dict[str, Document] = {
        "": {"identifier": str(service.uuid)},
        "service": document_of(service),
        "organization": _organization(service),
        "location": _place(service, user),
    }
    return [_cell(target, documents[target.record]) for target in listed]


def _organization(service: Service) -> Document:
    owner = service.organization
    names = [target.key for target in columns.targets().values() if target.record == "organization"]
    return {name: getattr(owner, name) for name in names if name and hasattr(owner, name) and name != "sector"} | {
        "sector": owner.sector.code if owner.sector else ""
    }


def _place(service: Service, user: Reader) -> Document:
    places: list[Location] = [row.location for row in service.at_locations.all()]
    shown = [place for place in places if access.may_see_address(user, place)]
    return document_of(shown[0]) if shown else {}


def _cell(target: Target, document: Document) -> str:
    """A document's value as a cell that an import reads back."""
    key, _colon, part = target.key.partition(":")
    value = document.get(key or target.code)
    if value in ("", None, [], {}):
        return ""
    if key == "terms":
        return JOINT.join(code for taxonomy, _, code in (each.partition(":") for each in value) if taxonomy == part)
    if key == "capacity":
        return _plain(value.get(part, ""))
    if key == "phones":
        return JOINT.join(row["number"] for row in value)
    if key == "schedules":
        return JOINT.join(filter(None, map(_hours, value)))
    return JOINT.join(map(_plain, value)) if isinstance(value, list) else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _hours(row: Document) -> str:
    """Usual weekly hours; what needs more words than that stays behind."""
    usual = {"byday", "opens_at", "closes_at"}
    if set(row) - {"description_fr", "description_nl"} != usual:
        return ""
    return f"{row['byday']} {row['opens_at']}-{row['closes_at']}"
