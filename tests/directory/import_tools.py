"""Lists as somebody would send them, and what an import makes of them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from directory.importing import columns
from directory.importing.files import open_table
from directory.importing.incoming import read_table
from directory.importing.report import Report
from directory.importing.vocabulary import Vocabulary
from directory.models import Source
from directory.rules import importing
from directory.rules.importing import Order
from tests.directory.factories import SourceFactory

MOMENT = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 12, 22, 9, tzinfo=dt.UTC)


def row(identifier: str = "A1", **values: str) -> dict[str, str]:
    """A row with what one needs; keys are codes of columns with ``__`` for the dot."""
    usual = {
        "identifier": identifier,
        "organization.name_fr": "Le Gué",
        "service.name_fr": f"Accueil {identifier}",
        "location.street_fr": "Rue de l’Exemple 1",
        "location.postcode": "1040",
    }
    return usual | {name.replace("__", "."): value for name, value in values.items()}


def as_csv(rows: Sequence[Mapping[str, str]], separator: str = ",") -> bytes:
    heading = list(dict.fromkeys(name for each in rows for name in each))
    text = io.StringIO()
    writer = csv.DictWriter(text, heading, delimiter=separator, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    workbook = Workbook()
    for each in rows:
        workbook.worksheets[0].append(list(each))
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def source(rows: Sequence[Mapping[str, str]] = (), **values: Any) -> Source:
    """A source whose columns are called as we call them."""
    heading = list(dict.fromkeys(name for each in rows or [row()] for name in each))
    mapping = {"columns": {name: name for name in heading if name in columns.targets()}}
    return SourceFactory(**({"mapping": mapping} | values))


def run(
    rows: Sequence[Mapping[str, str]] | bytes,
    of: Source,
    *,
    moment: dt.datetime = MOMENT,
    writes: bool = True,
    is_part: bool = False,
) -> Report:
    """Import rows (or try it out), as the job does."""
    content = rows if isinstance(rows, bytes) else as_csv(rows)
    report = Report()
    table = open_table(io.BytesIO(content))
    mapping = of.mapping or {"columns": columns.guess(table.heading)}
    incoming = read_table(table, mapping, Vocabulary(), report.problems)
    order = Order(source=of, by=None, is_part=is_part)
    if writes:
        return importing.apply(order, incoming, report, moment=moment)
    return importing.examine(order, incoming, report)


def numbers(report: Report) -> dict[str, int]:
    """The figures that are not zero."""
    return {name: number for name, number in report.counts.items() if number}
