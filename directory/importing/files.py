"""Opening a list that somebody sends: what it is, whether it can be trusted, and its rows one after the other.

A file is read as it comes and never held whole. What is not what it claims to be is refused with a sentence:
other encodings (never guessed), archives that would unpack to far more, XML with entities, formulas.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, TypeAlias

from django.utils.translation import gettext as _

from core import workbooks
from directory.errors import FileRefused

MEGABYTE = 1024 * 1024
BYTES_AT_MOST = 200 * MEGABYTE
UNPACKED_AT_MOST = 300 * MEGABYTE
PARTS_AT_MOST = 2000
COLUMNS_AT_MOST = 300
ROWS_AT_MOST = 300_000
SEPARATORS = ",;\t|"
CHUNK = MEGABYTE

OTHER_KINDS = {
    b"\xd0\xcf\x11\xe0": "Excel 97 (.xls)",
    b"%PDF": "PDF",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"{\\rtf": "RTF",
    b"\x1f\x8b": "gzip",
}


class NotAValue(str):
    """A cell that cannot be taken as it is; the text says why."""

    __slots__ = ()


Row: TypeAlias = tuple[int, list[str]]


@dataclass(slots=True)
class Table:
    """A heading, the rows below it with the number of the line each begins on, and about how many there are."""

    kind: str
    heading: list[str]
    rows: Iterator[Row]
    about: int


def open_table(file: IO[bytes]) -> Table:
    """The rows of a CSV or XLSX file. Raises ``FileRefused``, also while the rows are read."""
    _check_size(file)
    start = _peek(file)
    for sign, kind in OTHER_KINDS.items():
        if start.startswith(sign):
            message = _("This is no CSV file in UTF-8 and no Excel workbook (.xlsx), but %(kind)s.") % {"kind": kind}
            raise FileRefused(f"{message} {_advice()}", field="file")
    table = _open_workbook(file) if start.startswith(b"PK") else _open_csv(file)
    if len(table.heading) > COLUMNS_AT_MOST:
        raise FileRefused(_("There are more than %(number)d columns.") % {"number": COLUMNS_AT_MOST}, field="file")
    return Table(table.kind, table.heading, _counted(table.rows), table.about)


def is_json(file: IO[bytes]) -> bool:
    """Whether the file begins as JSON does."""
    return _peek(file).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


def _peek(file: IO[bytes]) -> bytes:
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    return start


def _check_size(file: IO[bytes]) -> None:
    size = file.seek(0, io.SEEK_END)
    if size > BYTES_AT_MOST:
        message = _("The file is larger than %(number)d MB.") % {"number": BYTES_AT_MOST // MEGABYTE}
        raise FileRefused(message, field="file")
    if not size:
        raise FileRefused(_("The file is empty."), field="file")


def _advice() -> str:
    return _("Save it as “CSV UTF-8” or as an Excel workbook (.xlsx) and try again.")


def _counted(rows: Iterator[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if number > ROWS_AT_MOST:
            raise FileRefused(_("There are more than %(number)d rows.") % {"number": ROWS_AT_MOST}, field="file")
        yield row


# --- CSV -------------------------------------------------------------------------------------------


def _open_csv(file: IO[bytes]) -> Table:
    lines = _check_text(file)
    file.seek(0)
    unclosed: Any = _Unclosed(file)
    text = io.TextIOWrapper(unclosed, encoding="utf-8-sig", newline="")
    first = text.readline()
    separator = max(SEPARATORS, key=first.count)
    text.seek(0)
    rows = _csv_rows(text, separator)
    heading = next(rows, None)
    if heading is None:
        raise FileRefused(_("The file is empty."), field="file")
    return Table("csv", [cell.strip() for cell in heading[1]], rows, max(lines - 1, 0))


def _check_text(file: IO[bytes]) -> int:
    """That all of it is UTF-8 without NUL; how many lines there are. An encoding is never guessed."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    lines = 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        if (place := chunk.find(b"\x00")) >= 0:
            line = lines + chunk[:place].count(b"\n") + 1
            message = _("Line %(line)d holds a NUL byte: this is no text file.") % {"line": line}
            raise FileRefused(f"{message} {_advice()}", field="file")
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise _not_utf8(error, lines) from error
        lines += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _not_utf8(error, lines) from error
    return lines


def _not_utf8(error: UnicodeDecodeError, lines_before: int) -> FileRefused:
    line = lines_before + error.object[: error.start].count(b"\n") + 1
    said = {"line": line, "byte": f"0x{error.object[error.start]:02X}"}
    message = _("Line %(line)d: the byte %(byte)s is no letter in UTF-8. The file is in another encoding.") % said
    return FileRefused(f"{message} {_advice()}", field="file")


def _csv_rows(text: IO[str], separator: str) -> Iterator[Row]:
    reader = csv.reader(text, delimiter=separator, strict=True)
    begins = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # A quotation mark that is never closed swallows the rest: what follows cannot be trusted.
            too_long = "field larger" in str(error)
            reason = _("A cell is far too long.") if too_long else _("A quotation mark is open or out of place.")
            message = _("Line %(number)d: %(what)s") % {"number": begins, "what": reason}
            raise FileRefused(message, field="file") from error
        if any(cell.strip() for cell in row):
            yield begins, row
        begins = reader.line_num + 1


class _Unclosed(io.BufferedIOBase):
    """The file as a text wrapper wants it, which closes what it wraps; whoever opened the file closes it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        return self._file.read(-1 if size is None else size)

    def read1(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


# --- Excel -----------------------------------------------------------------------------------------


def _open_workbook(file: IO[bytes]) -> Table:
    _check_archive(file)
    file.seek(0)
    try:
        workbook = workbooks.openpyxl().load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheet = next((each for each in workbook.worksheets if each.sheet_state == "visible"), None)
        if sheet is None:
            raise _broken()
        about = max((sheet.max_row or 1) - 1, 0)
        sheet.reset_dimensions()
        rows = _sheet_rows(sheet)
        heading = next(rows, None)
    except workbooks.BROKEN as error:
        raise _broken() from error
    if heading is None:
        raise FileRefused(_("The file is empty."), field="file")
    while heading[1] and not heading[1][-1]:
        heading[1].pop()
    return Table("xlsx", heading[1], rows, about)


def _check_archive(file: IO[bytes]) -> None:
    try:
        inside = workbooks.look_into(file)
    except workbooks.BROKEN as error:
        raise _broken() from error
    if inside.unpacked > UNPACKED_AT_MOST or inside.parts > PARTS_AT_MOST:
        said = {"size": inside.unpacked // MEGABYTE, "most": UNPACKED_AT_MOST // MEGABYTE, "parts": inside.parts}
        message = _("Unpacked, this workbook would hold %(size)d MB in %(parts)d parts; %(most)d MB are the most.")
        raise FileRefused(message % said, field="file")
    if not inside.is_workbook:
        message = _("This archive is no Excel workbook (.xlsx).")
        raise FileRefused(f"{message} {_advice()}", field="file")


def _broken() -> FileRefused:
    damaged = _("This Excel workbook is damaged or not what it claims to be.")
    return FileRefused(f"{damaged} {_advice()}", field="file")


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    rows = enumerate(sheet.iter_rows(), start=1)
    while True:
        try:
            number, cells = next(rows)
        except StopIteration:
            return
        except workbooks.BROKEN as error:
            raise _broken() from error
        row = [_cell_text(cell) for cell in cells[: COLUMNS_AT_MOST + 1]]
        if any(row):
            yield number, row


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return NotAValue(_("This cell holds a formula: put its value there."))
    if cell.data_type == "e":
        return NotAValue(_("This cell holds an error of the spreadsheet: %(value)s.") % {"value": value})
    return _plain_text(value)


def _plain_text(value: Any) -> str:
    """A value of the spreadsheet as one would type it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
