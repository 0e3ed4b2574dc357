"""Reading a programme out of a spreadsheet (XLSX): from its first sheet to rows of text, as CSV would give them.

Somebody else made the file. Before a byte of it is unpacked its size unpacked is asked for; formulas are not
worked out: the value that the spreadsheet kept is taken, and where it kept none its cell is named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from core import workbooks

XLSX_STARTS = b"PK\x03\x04"
UNPACKED_AT_MOST = 60 * 1024 * 1024  # the largest programme there has been has a quarter of one
PARTS_AT_MOST = 500
COLUMNS_AT_MOST = 60
ROWS_AT_MOST = 20_000

# Line, column, what is wrong: the signature of ``Problems.add``.
Complain = Callable[[int, str, str], None]


class SheetUnreadable(Exception):
    """No row can be read at all; the reason in the reader's words."""


def sheet_rows(content: bytes, complain: Complain) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that hold something, with their number, padded to the width of the heading.

    Cells that cannot be taken are told to ``complain``, by row and column letter. Raises ``SheetUnreadable``.
    """
    _refuse_bomb(content)
    width = 0
    for number, cells in _both_readings(content):
        row = [_text(*pair, number, place, complain) for place, pair in enumerate(cells, start=1)]
        while row and not row[-1].strip():
            row.pop()  # a sheet is as wide as its widest row ever was
        if not row:
            continue
        width = width or len(row)
        yield number, row + [""] * (width - len(row))


def _refuse_bomb(content: bytes) -> None:
    try:
        inside = workbooks.look_into(BytesIO(content))
    except workbooks.BROKEN as error:
        raise SheetUnreadable(_not_readable()) from error
    if inside.parts > PARTS_AT_MOST or inside.unpacked > UNPACKED_AT_MOST:
        raise SheetUnreadable(
            _("Unpacked this file is larger than %(number)d MB: it is not read.")
            % {"number": UNPACKED_AT_MOST // 1024**2}
        )
    if not inside.is_workbook:
        raise SheetUnreadable(_not_readable())


def _not_readable() -> str:
    return _("This spreadsheet cannot be read. Save it as “Excel workbook (.xlsx)” or “CSV UTF-8” and try again.")


def _both_readings(content: bytes) -> Iterator[tuple[int, list[tuple[Any, Any]]]]:
    """Row by row: of each cell what was typed and what the spreadsheet showed, which differ for formulas."""
    try:
        typed, shown = (
            workbooks.openpyxl().load_workbook(BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
            for data_only in (False, True)
        )
        # Chart sheets have no rows.
        if not typed.worksheets:
            raise SheetUnreadable(_not_readable())
        rows = zip_longest(_cells(typed.worksheets[0]), _cells(shown.worksheets[0]), fillvalue=())
        for number, (one, other) in enumerate(rows, start=1):
            if number > ROWS_AT_MOST:
                raise SheetUnreadable(_("The sheet has more than %(number)d rows.") % {"number": ROWS_AT_MOST})
            yield number, list(zip_longest(one, other))
    except workbooks.BROKEN as error:
        raise SheetUnreadable(_not_readable()) from error


def _cells(sheet: Any) -> Iterator[Sequence[Any]]:
    # What a sheet says of its own size need not be true.
    sheet.reset_dimensions()
    yield from sheet.iter_rows(max_col=COLUMNS_AT_MOST)


def _text(typed: Any, shown: Any, number: int, place: int, complain: Complain) -> str:
    """A cell as a CSV file would hold it; "" after a complaint."""
    value = getattr(shown, "value", None)
    kind = getattr(typed, "data_type", "n")
    where = workbooks.openpyxl().utils.get_column_letter(place)
    if kind == "f" and value is None:
        complain(number, where, _("There is a formula here without its result. Put the value in its place."))
        return ""
    if getattr(shown, "data_type", "n") == "e":
        complain(number, where, _("There is an error in this cell: %(value)s.") % {"value": value})
        return ""
    return _as_csv(value)


def _as_csv(value: Any) -> str:
    """Days and times as the readers of cells know them; 12.0 is 12."""
    said = "" if value is None else str(value)
    match value:
        case bool():
            said = "yes" if value else "no"
        case dt.datetime():
            said = f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M}"
        case dt.date():
            said = f"{value:%Y-%m-%d}"
        case dt.time():
            said = f"{value:%H:%M}"
        case dt.timedelta():
            # What a spreadsheet calls a duration: hours since midnight.
            minutes = round(value.total_seconds() / 60)
            said = f"{minutes // 60:02}:{minutes % 60:02}"
        case float() if value.is_integer():
            said = str(int(value))
    return said
