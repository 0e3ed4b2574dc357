"""A file as an import sees it: what kind it is, which columns it has, and its rows by a source's mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from directory.importing import columns, hsds
from directory.importing.files import Table, is_json, open_table
from directory.importing.incoming import Incoming, read_table
from directory.importing.problems import Problems, short
from directory.importing.vocabulary import Vocabulary

SAMPLES = 3
HSDS = "hsds"


@dataclass(slots=True)
class Listing:
    """``columns`` is empty for HSDS JSON, which names its fields itself."""

    kind: str
    columns: list[str]
    about: int
    table: Table | None
    file: IO[bytes]

    def rows(self, mapping: Mapping[str, Any], problems: Problems) -> Iterator[Incoming | int]:
        """The rows, put together. Raises ``FileRefused`` while they are read, ``MappingRefused`` at once."""
        if self.table is None:
            language = str(mapping.get("language") or "fr")
            records = hsds.read_records(self.file, problems)
            return hsds.read_services(records, Vocabulary(), problems, language=language)
        here = only(mapping, self.columns)
        columns.check(here)
        return read_table(self.table, here, Vocabulary(), problems)


def open_list(file: IO[bytes]) -> Listing:
    """Look at a file. Raises ``FileRefused``."""
    if is_json(file):
        return Listing(HSDS, [], 0, None, file)
    table = open_table(file)
    return Listing(table.kind, table.heading, table.about, table, file)


def only(mapping: Mapping[str, Any], heading: list[str]) -> dict[str, Any]:
    """The part of a mapping that is about these columns."""
    known = {name: code for name, code in mapping.get("columns", {}).items() if name in heading}
    return {**mapping, "columns": known}


def is_mapped(mapping: Mapping[str, Any], listing: Listing) -> bool:
    """Whether somebody has said of each column what it is (or that it is nothing)."""
    return listing.table is None or not set(filter(None, listing.columns)) - set(mapping.get("columns", {}))


def samples(listing: Listing) -> dict[str, list[str]]:
    """What the first rows say, by column, so that people recognise it."""
    if listing.table is None:
        return {}
    first = [row for _line, row in islice(listing.table.rows, SAMPLES)]
    return {
        name: [short(row[place]) for row in first if place < len(row) and row[place].strip()]
        for place, name in enumerate(listing.columns)
    }
