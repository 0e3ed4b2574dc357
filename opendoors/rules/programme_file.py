"""Reading a programme file: from bytes to checked lines, or to problems that name line and column.

What is stored already, and how the two compare, is the business of ``rules.importing``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from basins.rules.privacy import NO_NATIONAL_NUMBER, holds_national_number
from core.checks import CONTROL_CHARACTER
from core.spoken import BRUSSELS
from core.text import fold
from opendoors.rules.programme_cells import cell_readers, short
from opendoors.rules.programme_sheet import XLSX_STARTS, SheetUnreadable, sheet_rows

REQUIRED = ("date", "start", "end", "host")
OPTIONAL = (
    "seats",
    "languages",
    "street_fr",
    "street_nl",
    "postcode",
    "municipality",
    "wheelchair",
    "name_language",
    "description_fr",
    "description_nl",
    "welcome_fr",
    "welcome_nl",
    "sector",
    "contact_name",
    "contact_email",
    "contact_phone",
    "contact_language",
)
COLUMNS = (*REQUIRED, *OPTIONAL)
# One street for both languages, where the file makes no difference.
ALIASES = {"street": ("street_fr", "street_nl"), "place": ("street_fr", "street_nl")}

PROBLEMS_LISTED = 100
LINES_AT_MOST = 5000  # seventy times the largest programme there has been
BYTES_AT_MOST = 20 * 1024 * 1024
SEPARATORS = ",;\t"
NOT_TEXT = {
    b"\xd0\xcf\x11\xe0": "Excel",
    b"%PDF": "PDF",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}

_BAD_BYTE = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right: line 1 is the heading, line 0 the file as a whole; column may be empty."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        return _said([self.line], self.column, self.message)


@dataclass(slots=True)
class Problems:
    """The first hundred problems, and how many there are in all."""

    listed: list[Problem] = field(default_factory=list)
    total: int = 0

    def add(self, line: int, column: str, message: str) -> None:
        self.total += 1
        if len(self.listed) < PROBLEMS_LISTED:
            self.listed.append(Problem(line, column, message))

    def in_words(self) -> list[str]:
        """What is listed, each sentence once with all its lines: a file of another year is wrong in one way."""
        lines: dict[tuple[str, str], list[int]] = {}
        for problem in self.listed:
            lines.setdefault((problem.column, problem.message), []).append(problem.line)
        return [_said(numbers, column, message) for (column, message), numbers in lines.items()]


def _said(lines: Sequence[int], column: str, message: str) -> str:
    """A problem in the reader's words, with where it is."""
    where = []
    if len(lines) > 1:
        where.append(_("Lines %(numbers)s") % {"numbers": in_ranges(lines)})
    elif lines[0]:
        where.append(_("Line %(number)d") % {"number": lines[0]})
    if column:
        where.append(_("column “%(name)s”") % {"name": column})
    return _("%(where)s: %(what)s") % {"where": ", ".join(where), "what": message} if where else message


def in_ranges(lines: Sequence[int]) -> str:
    """Numbers of lines, those that follow each other as a range: ``2–74, 80``."""
    runs = (list(run) for _gap, run in groupby(enumerate(sorted(set(lines))), key=lambda pair: pair[1] - pair[0]))
    return ", ".join(
        f"{run[0][1]}–{run[-1][1]}" if len(run) > 2 else ", ".join(str(line) for _place, line in run) for run in runs
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One visit of the file. ``said`` holds the optional cells that say something, and no others."""

    number: int
    host: str
    search_name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    said: Mapping[str, Any]


@dataclass(slots=True)
class ProgrammeFile:
    """A file read to its end: its separator, its good lines, and what is wrong with the others.

    The separator of a spreadsheet is "".
    """

    separator: str = ","
    read: int = 0
    lines: list[Line] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)


def read_programme(content: bytes) -> ProgrammeFile:
    """Read and check a whole programme. Raises nothing: what is wrong stands in ``problems``."""
    found = ProgrammeFile()
    if content.startswith(XLSX_STARTS):
        found.separator = ""
        rows = _rows_of_spreadsheet(content, found)
    else:
        text = _decode(content, found.problems)
        if text is None:
            return found
        found.separator = _separator_of(text)
        rows = _rows(text, found)
    heading = next(rows, None)
    if heading is None:
        return found
    names = _columns(heading[1], found)
    if not found.problems.total:
        _read_lines(rows, names, found)
    if not found.read and not found.problems.total:
        found.problems.add(0, "", _("There is no line below the heading: the file holds no visit."))
    return found


def _rows_of_spreadsheet(content: bytes, found: ProgrammeFile) -> Iterator[tuple[int, list[str]]]:
    """The first sheet as rows of text; what cannot be read is a problem of its cell, and the row counts as read."""
    if len(content) > BYTES_AT_MOST:
        found.problems.add(0, "", _("The file is larger than %(number)d MB.") % {"number": BYTES_AT_MOST // 1024**2})
        return
    try:
        yield from sheet_rows(content, found.problems.add)
    except SheetUnreadable as reason:
        found.problems.add(0, "", str(reason))


def _separator_of(text: str) -> str:
    return max(SEPARATORS, key=text.lstrip("\n").partition("\n")[0].count)


def _read_lines(rows: Iterator[tuple[int, list[str]]], names: list[tuple[str, ...]], found: ProgrammeFile) -> None:
    problems, readers = found.problems, cell_readers()
    seen: dict[tuple[str, dt.datetime], int] = {}
    for number, row in rows:
        found.read += 1
        if found.read > LINES_AT_MOST:
            found.read += sum(1 for _rest in rows)
            message = _("The file has %(lines)s lines; a programme has %(most)s at most.")
            problems.add(0, "", message % {"lines": in_figures(found.read), "most": in_figures(LINES_AT_MOST)})
            found.lines.clear()  # what stands on the first of them does not count
            return
        if len(row) != len(names):
            message = _("This line has %(here)d cells, the heading has %(there)d.")
            said = message % {"here": len(row), "there": len(names)}
            problems.add(number, "", f"{said} {_quotes_hint(found.separator)}".strip())
            continue
        cells = {name: cell.strip() for group, cell in zip(names, row, strict=True) for name in group}
        line = _line(number, cells, readers, problems)
        if line is None:
            continue
        first = seen.setdefault((line.search_name, line.starts_at), number)
        if first != number:
            message = _("The same host and time stand on line %(number)d already.")
            problems.add(number, "", message % {"number": first})
            continue
        found.lines.append(line)


def in_figures(number: int) -> str:
    """A number with its thousands apart, as the reader writes it."""
    return number_format(number, force_grouping=True)


def _quotes_hint(separator: str) -> str:
    if not separator:
        return ""
    if separator == ";":
        return _("Texts with a semicolon need quotes.")
    return _("Texts with a tab need quotes.") if separator == "\t" else _("Texts with a comma need quotes.")


def _line(
    number: int, cells: Mapping[str, str], readers: Mapping[str, Callable[[str], Any]], problems: Problems
) -> Line | None:
    before = problems.total
    values: dict[str, Any] = {}
    for name, cell in cells.items():
        if not cell and name not in REQUIRED:
            continue  # an empty cell says nothing: what is stored stays
        if CONTROL_CHARACTER.search(cell):
            problems.add(number, name, _("There is a control character in this text. Type it anew."))
            continue
        if holds_national_number(cell):
            problems.add(number, name, str(NO_NATIONAL_NUMBER))
            continue
        try:
            values[name] = readers[name](cell)
        except ValueError as error:
            problems.add(number, name, str(error))
    if problems.total > before:
        return None
    day, start, end, host = (values.pop(name) for name in REQUIRED)
    if end <= start:
        problems.add(number, "end", _("The visit cannot end before it begins."))
        return None
    begins, ends = (dt.datetime.combine(day, clock, tzinfo=BRUSSELS) for clock in (start, end))
    return Line(number, host, fold(host), begins, ends, values)


def _decode(content: bytes, problems: Problems) -> str | None:
    """The text of the file, or None with the reason: an encoding is never guessed."""
    advice = _("Save it as “CSV UTF-8” and try again.")
    if len(content) > BYTES_AT_MOST:
        problems.add(0, "", _("The file is larger than %(number)d MB.") % {"number": BYTES_AT_MOST // 1024**2})
        return None
    for start, kind in NOT_TEXT.items():
        if content.startswith(start):
            reason = _("This is no CSV file in UTF-8, but %(kind)s.") % {"kind": kind}
            problems.add(0, "", f"{reason} {advice}")
            return None
    if b"\x00" in content:
        line = content[: content.index(b"\x00")].count(b"\n") + 1
        reason = _("There is a NUL byte here: this is no text file.")
        problems.add(line, "", f"{reason} {advice}")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        reason = _("The byte %(byte)s is no letter in UTF-8.") % {"byte": f"0x{content[error.start]:02X}"}
        problems.add(line, _column_of_first_bad_byte(content), f"{reason} {advice}")
        return None
    if not text.strip():
        problems.add(0, "", _("The file is empty."))
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _column_of_first_bad_byte(content: bytes) -> str:
    """The name of the column in which the first byte stands that is no UTF-8; "" where it cannot be told."""
    # Such bytes become lone surrogates, which no text of UTF-8 can hold.
    text = content.decode("utf-8-sig", errors="surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    rows = _rows(text, ProgrammeFile(separator=_separator_of(text)))
    heading = next(rows, (0, []))[1]
    if any(_BAD_BYTE.search(cell) for cell in heading):
        return ""
    for _number, row in rows:
        for place, cell in enumerate(row):
            if _BAD_BYTE.search(cell):
                return short(heading[place].strip()) if place < len(heading) else ""
    return ""


def _rows(text: str, found: ProgrammeFile) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, with the number of the line each begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=found.separator, strict=True)
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
            found.problems.add(begins, "", reason)
            return
        if any(cell.strip() for cell in row):
            yield begins, row
        begins = reader.line_num + 1


def _columns(heading: list[str], found: ProgrammeFile) -> list[tuple[str, ...]]:
    """What each cell of the heading stands for; a column we do not know stands for nothing, and we say so."""
    names: list[tuple[str, ...]] = []
    for cell in heading:
        name = re.sub(r"[\s-]+", "_", fold(cell))
        names.append(ALIASES.get(name) or ((name,) if name in COLUMNS else ()))
    flat = [name for group in names for name in group]
    said = ", ".join(short(cell.strip()) for cell in heading[:20])
    for name in REQUIRED:
        if name not in flat:
            message = _("This column is missing. The heading reads: %(heading)s")
            found.problems.add(1, name, message % {"heading": said})
    for name in dict.fromkeys(flat):
        if flat.count(name) > 1:
            found.problems.add(1, name, _("This column is there more than once."))
    found.ignored = [
        short(cell.strip()) for cell, group in zip(heading, names, strict=True) if cell.strip() and not group
    ]
    return names
