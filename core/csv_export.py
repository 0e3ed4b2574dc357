"""Tables for spreadsheets, sent as they are read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header


class _Line:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def plain_cell(cell: Any) -> str:
    """Text that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    text = str(cell)
    return f"'{text}" if text.lstrip()[:1] in {"=", "+", "-", "@"} or text[:1] in {"\t", "\r", "\n"} else text


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """With a byte order mark and semicolons: Excel in Belgium opens it as it is."""
    writer = csv.writer(_Line(), delimiter=";")
    yield "\ufeff"
    yield writer.writerow(headings)
    for row in rows:
        yield writer.writerow([plain_cell(cell) for cell in row])


def csv_response(filename: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """The table as a download; ``rows`` may be a query that is read as it comes."""
    response = StreamingHttpResponse(csv_lines(headings, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or "attachment"
    return response
