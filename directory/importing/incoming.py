"""One row of a list as documents: an organisation, its places, and what it offers there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.bilingual import LANGUAGE_CODES
from core.checks import CONTROL_CHARACTER
from core.text import fold
from directory.documents import Document, is_empty
from directory.importing import columns
from directory.importing.columns import ADDRESS_THERE, IDENTIFIER, OWNER, Target
from directory.importing.files import NotAValue, Table
from directory.importing.problems import Problems
from directory.importing.vocabulary import Vocabulary

READING = 1  # raised when the same cells are read in another way: all rows are then compared anew
LONGEST_IDENTIFIER = 200
NAMES = tuple(f"name_{code}" for code in LANGUAGE_CODES)


@dataclass(slots=True)
class Incoming:
    """What one row says. Empty values are kept: the source may have taken something back.

    ``owner`` is how the source calls the organisation: by its own identifier, its enterprise number, or its name.
    A row that is not sound was seen, and is not taken over.
    """

    line: int
    identifier: str
    owner: str
    organization: Document
    places: list[Document] = field(default_factory=list)
    service: Document | None = None
    url: str = ""
    is_sound: bool = True

    @property
    def label(self) -> str:
        """The row as a report names it."""
        names = [_name(self.service or {}), _name(self.organization)]
        return " · ".join(dict.fromkeys(filter(None, names))) or self.identifier

    @property
    def fingerprint(self) -> str:
        """Of what the row says of its service; the same words in another order of columns are the same."""
        return _fingerprint([self.owner, self.places, self.service, self.url])

    @property
    def owner_fingerprint(self) -> str:
        return _fingerprint([self.organization])


def read_table(
    table: Table, mapping: Mapping[str, Any], vocabulary: Vocabulary, problems: Problems
) -> Iterator[Incoming | int]:
    """The rows, put together; the number of the line alone where nobody can tell which record it is about."""
    reader = _RowReader(table.heading, mapping, vocabulary, problems)
    for line, row in table.rows:
        if len(row) > len(table.heading) and any(row[len(table.heading) :]):
            message = _("This line has %(here)d cells, the heading has %(there)d.")
            problems.add(line, "", message % {"here": len(row), "there": len(table.heading)})
            yield line
            continue
        found = reader.read(line, row)
        yield line if found is None else found


class _RowReader:
    """Cells to documents, by a source's mapping."""

    def __init__(
        self, heading: list[str], mapping: Mapping[str, Any], vocabulary: Vocabulary, problems: Problems
    ) -> None:
        known = columns.targets()
        mapped = mapping.get("columns", {})
        self.vocabulary = vocabulary
        self.problems = problems
        self.cells: list[tuple[int, str, Target]] = [
            (place, name, known[mapped[name]]) for place, name in enumerate(heading) if mapped.get(name) in known
        ]
        self.fixed = [(code, known[code], str(text)) for code, text in mapping.get("fixed", {}).items() if text]
        self.has_identifier = any(target.code == IDENTIFIER for _place, _name, target in self.cells)

    def read(self, line: int, row: list[str]) -> Incoming | None:
        before = self.problems.total
        values: dict[str, Document] = {"": {}, "organization": {}, "location": {}, "service": {}}
        for place, name, target in self.cells:
            cell = row[place] if place < len(row) else ""
            self._take(values[target.record], target, cell, line, name)
        for name, target, text in self.fixed:
            if is_empty(values[target.record].get(target.key or target.code)):
                self._take(values[target.record], target, text, line, name)
        made = _put_together(line, values)
        identifier = values[""].get(IDENTIFIER, "")
        if self.has_identifier and not identifier:
            self.problems.add(line, "", _("This row has no identifier."))
            return None
        made.identifier = (identifier or _own_name(made))[:LONGEST_IDENTIFIER]
        if not made.identifier or not made.owner:
            self.problems.add(line, "", _("This row has no name."))
            return None
        if self.problems.total > before:
            made.is_sound = False
        return made

    def _take(self, document: Document, target: Target, cell: str, line: int, name: str) -> None:
        key = target.key or target.code
        if isinstance(cell, NotAValue):
            self.problems.add(line, name, str(cell))
            return
        cell = _without_guard(cell.strip())
        if not cell:
            document.setdefault(key, "")
            return
        if CONTROL_CHARACTER.search(cell.replace("\r", "")):
            self.problems.add(line, name, _("There is a control character in this text. Type it anew."))
            return
        try:
            document[key] = target.value(cell, self.vocabulary, lambda word: self.problems.note_word(name, word))
        except ValueError as error:
            self.problems.add(line, name, str(error))


def _without_guard(cell: str) -> str:
    """Without the apostrophe that keeps spreadsheets from taking a text for a formula (`core.csv_export`)."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in {"=", "+", "-", "@"} else cell


def _put_together(line: int, values: dict[str, Document]) -> Incoming:
    organization, location, service = values["organization"], values["location"], values["service"]
    number = organization.pop(OWNER, "")
    _gather_terms(service)
    _gather_capacity(service)
    if not any(service.get(name) for name in NAMES):
        service = {}
    if not any(organization.get(name) for name in NAMES):
        # An independent, or a list of services alone: it goes by the service's name.
        organization |= {name: service[name] for name in NAMES if service.get(name)}
    owner = number or organization.get("kbo_number") or _name_key(organization)
    places = [location] if any(not is_empty(value) for value in location.values()) else []
    return Incoming(
        line=line,
        identifier="",
        owner=str(owner)[:LONGEST_IDENTIFIER],
        organization=organization,
        places=places,
        service=service or None,
        url=values[""].get(ADDRESS_THERE, ""),
    )


def _gather_terms(service: Document) -> None:
    """``terms:themes`` and its like become ``terms``."""
    keys = [key for key in service if key.startswith("terms:")]
    if keys:
        terms = [f"{key.partition(':')[2]}:{code}" for key in keys for code in service.pop(key) or ()]
        service["terms"] = sorted(terms)


def _gather_capacity(service: Document) -> None:
    """What is said of places counts with the day on which it was said, and not without."""
    parts = {key.partition(":")[2]: service.pop(key) for key in list(service) if key.startswith("capacity:")}
    if parts:
        said = {key: value for key, value in parts.items() if value != ""}
        service["capacity"] = said if "said_on" in said and len(said) > 1 else {}


def _name(document: Document) -> str:
    return next((str(document[name]) for name in NAMES if document.get(name)), "")


def _name_key(organization: Document) -> str:
    name = fold(_name(organization))
    return f"name:{name}" if name else ""


def _own_name(row: Incoming) -> str:
    """How a row is recognised in a list without identifiers: who, what, where."""
    where = row.places[0].get("postcode", "") if row.places else ""
    said = [row.owner, fold(_name(row.service or {})), str(where)]
    return f"row:{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:40]}" if row.owner else ""


def _fingerprint(said: Any) -> str:
    text = json.dumps([READING, said], sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
