"""Everything of an edition as tables: one per subject, as CSV, or all as the sheets of one XLSX file.

Cells are text, numbers, days and times; a spreadsheet gets real dates. No text is ever taken for a formula.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import workbooks
from core.bilingual import both
from core.csv_export import csv_lines, plain_cell
from core.spoken import BRUSSELS
from opendoors import staff_queries
from opendoors.models import Answer, BookedVisit, Edition, Host, Visit, Wish

CHUNK = 1000
SHEET_NAME_AT_MOST = 31

Cell = str | int | dt.date | dt.time | dt.datetime | None
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """One subject: ``rows()`` reads anew each time it is called."""

    name: str
    title: str
    headings: Sequence[str]
    rows: Callable[[], Iterator[Row]]


def tables(edition: Edition) -> list[Table]:
    """All tables of an edition, worded in the active language."""
    return [table(edition, name) for name in _TABLES]


def table(edition: Edition, name: str) -> Table:
    """One table. Raises ``KeyError`` for a name there is none of."""
    title, headings, rows = _TABLES[name]
    return Table(name, str(title), [str(heading) for heading in headings], lambda: rows(edition))


def names() -> list[str]:
    """What there is, in order."""
    return list(_TABLES)


def as_text(rows: Iterable[Row]) -> Iterator[list[str]]:
    """The rows as CSV takes them: days and times as ISO 8601 writes them, empty for nothing."""
    for row in rows:
        yield [_text(cell) for cell in row]


def as_xlsx(edition: Edition) -> bytes:
    """All tables as sheets of one file, heading line frozen."""
    book = workbooks.openpyxl().Workbook(write_only=True)
    for one in tables(edition):
        sheet = book.create_sheet(one.title[:SHEET_NAME_AT_MOST])
        sheet.freeze_panes = "A2"
        sheet.append(list(one.headings))
        for row in one.rows():
            sheet.append([_cell(cell) for cell in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def as_zip(edition: Edition) -> bytes:
    """All tables as CSV files in one archive."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in tables(edition):
            content = "".join(csv_lines(one.headings, as_text(one.rows())))
            archive.writestr(f"{slugify(one.title)}.csv", content)
    return file.getvalue()


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case dt.datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case dt.time():
            return f"{cell:%H:%M}"
        case _:
            return str(cell)


def _cell(cell: Cell) -> Cell:
    """A text as the CSV export writes it, so that none is a formula; the rest as what it is."""
    if not isinstance(cell, str):
        return cell
    cleaned: str = workbooks.openpyxl().cell.cell.ILLEGAL_CHARACTERS_RE.sub("", plain_cell(cell))
    return cleaned


# --- The tables ----------------------------------------------------------------------------------


def _local(moment: dt.datetime | None) -> dt.datetime | None:
    """Brussels time without its zone: spreadsheets know none."""
    return moment.astimezone(BRUSSELS).replace(tzinfo=None) if moment else None


def _when(visit: Visit) -> list[Cell]:
    begins, ends = timezone.localtime(visit.starts_at, BRUSSELS), timezone.localtime(visit.ends_at, BRUSSELS)
    return [begins.date(), begins.time(), ends.time()]


def _yes(value: object) -> str:
    return _("yes") if value else ""


def _read(rows: QuerySet[Any]) -> Iterator[Any]:
    return rows.iterator(chunk_size=CHUNK)


def _hosts(edition: Edition) -> Iterator[Row]:
    host: Host
    for host in _read(edition.hosts.order_by("search_name")):
        yield [
            host.name,
            host.name_language.upper(),
            host.get_state_display(),
            host.get_sector_display(),
            *both(host, "description").values(),
            *both(host, "welcome").values(),
            host.contact_name,
            host.contact_email,
            host.contact_phone,
            host.contact_language.upper(),
            host.decision_note,
        ]


def _visits(edition: Edition) -> Iterator[Row]:
    visit: Visit
    for visit in _read(staff_queries.programme(edition)):
        place = visit.place
        access = "" if place.wheelchair is None else _("yes") if place.wheelchair else _("no")
        yield [
            visit.host.name,
            *_when(visit),
            visit.get_state_display(),
            visit.seats,
            visit.seats_taken,
            visit.seats_held,
            visit.walk_ins,
            " ".join(visit.languages),
            *both(place, "street").values(),
            place.postcode,
            str(place.municipality or ""),
            access,
        ]


def _bookings(edition: Edition) -> Iterator[Row]:
    for row in staff_queries.booked_rows(edition):
        booking = row.booking
        yield [
            booking.reference,
            booking.name,
            booking.visitor.email,
            booking.visitor.language.upper(),
            booking.organisation,
            booking.get_sector_display(),
            _yes(booking.access_needs),
            *_when(row.visit),
            row.visit.host.name,
            row.seats,
            ", ".join(booking.companions.splitlines()),
            row.get_state_display(),
            _("to be confirmed") if booking.is_held else "",
            _local(row.created),
        ]


def _waiting(edition: Edition) -> Iterator[Row]:
    wishes = Wish.objects.filter(visit__edition=edition).select_related("request__visitor", "visit__host")
    wish: Wish
    for wish in _read(wishes.order_by("visit__starts_at", "visit", "request__created", "request")):
        request = wish.request
        yield [
            request.reference,
            request.name,
            request.visitor.email,
            request.organisation,
            *_when(wish.visit),
            wish.visit.host.name,
            request.seats,
            wish.get_state_display(),
            _local(request.created),
            _local(wish.expires_at),
        ]


def _attendance(edition: Edition) -> Iterator[Row]:
    row: BookedVisit
    for row in staff_queries.booked_rows(edition):
        if row.attendance:
            yield [
                *_when(row.visit),
                row.visit.host.name,
                row.booking.name,
                row.booking.organisation,
                row.seats,
                row.get_attendance_display(),
                row.people_came,
                row.get_attendance_by_display(),
                _local(row.attendance_at),
            ]


def _answers(edition: Edition) -> Iterator[Row]:
    """Without a name: who answered is nobody's business here; a host's answer says whose door it was."""
    answer: Answer
    for answer in _read(edition.answers.select_related("host").order_by("role", "created")):
        yield [
            answer.get_role_display(),
            answer.host.name if answer.host else "",
            answer.language.upper(),
            answer.rating,
            answer.get_knows_better_display(),
            answer.get_will_contact_display(),
            answer.get_again_display(),
            answer.best,
            answer.missing,
            _yes(answer.may_quote),
            _local(answer.created),
        ]


Heading = str | Promise
_DATE, _BEGINS, _ENDS = gettext_lazy("Date"), gettext_lazy("Begins"), gettext_lazy("Ends")
_HOST, _NAME, _EMAIL = gettext_lazy("Host"), gettext_lazy("Name"), gettext_lazy("E-mail")
_STATE, _SECTOR, _SEATS = gettext_lazy("State"), gettext_lazy("Sector"), gettext_lazy("Seats")
_ORGANISATION, _REFERENCE, _LANGUAGE = gettext_lazy("Organisation"), gettext_lazy("Reference"), gettext_lazy("Language")

_TABLES: dict[str, tuple[Heading, Sequence[Heading], Callable[[Edition], Iterator[Row]]]] = {
    "hosts": (
        gettext_lazy("Hosts"),
        (
            *(_NAME, _LANGUAGE, _STATE, _SECTOR),
            *(gettext_lazy("What visitors will see (FR)"), gettext_lazy("What visitors will see (NL)")),
            *(gettext_lazy("Welcome note (FR)"), gettext_lazy("Welcome note (NL)")),
            *(gettext_lazy("Contact person"), _EMAIL, gettext_lazy("Phone"), gettext_lazy("Language of our mails")),
            gettext_lazy("Word to the host"),
        ),
        _hosts,
    ),
    "visits": (
        gettext_lazy("Visits"),
        (
            *(_HOST, _DATE, _BEGINS, _ENDS, _STATE, _SEATS, gettext_lazy("Seats taken")),
            *(gettext_lazy("Seats on offer"), gettext_lazy("Came without booking"), gettext_lazy("Languages")),
            *(gettext_lazy("Street (FR)"), gettext_lazy("Street (NL)"), gettext_lazy("Postcode")),
            *(gettext_lazy("Municipality"), gettext_lazy("Wheelchair access")),
        ),
        _visits,
    ),
    "bookings": (
        gettext_lazy("Bookings"),
        (
            *(_REFERENCE, _NAME, _EMAIL, _LANGUAGE, _ORGANISATION, _SECTOR, gettext_lazy("Wheelchair access needed")),
            *(_DATE, _BEGINS, _ENDS, _HOST, _SEATS, gettext_lazy("Who comes along"), _STATE),
            *(gettext_lazy("Address"), gettext_lazy("Booked on")),
        ),
        _bookings,
    ),
    "waiting": (
        gettext_lazy("Waiting list"),
        (
            *(_REFERENCE, _NAME, _EMAIL, _ORGANISATION, _DATE, _BEGINS, _ENDS, _HOST, _SEATS, _STATE),
            *(gettext_lazy("In line since"), gettext_lazy("On offer until")),
        ),
        _waiting,
    ),
    "attendance": (
        gettext_lazy("Attendance"),
        (
            *(_DATE, _BEGINS, _ENDS, _HOST, _NAME, _ORGANISATION, _SEATS, gettext_lazy("Attendance")),
            *(gettext_lazy("How many came"), gettext_lazy("Noted by"), gettext_lazy("Noted on")),
        ),
        _attendance,
    ),
    "answers": (
        gettext_lazy("Answers"),
        (
            *(gettext_lazy("Who answered"), _HOST, _LANGUAGE, gettext_lazy("Rating"), gettext_lazy("Knows better")),
            *(gettext_lazy("Will get in touch"), gettext_lazy("Would do it again"), gettext_lazy("What was good")),
            *(gettext_lazy("What is missing"), gettext_lazy("May be quoted"), gettext_lazy("Answered on")),
        ),
        _answers,
    ),
}
