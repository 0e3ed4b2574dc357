"""Programmes as spreadsheets: dates as dates, formulas by what they show, and files that would burst."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override
from openpyxl import Workbook

from basins.enums import Sector
from opendoors.import_words import sentences
from opendoors.models import Edition, Host, Visit
from opendoors.rules import importing, programme_sheet
from tests.opendoors.programme_tools import december, problems

pytestmark = pytest.mark.django_db

HEADING = ["date", "start", "end", "host", "seats", "languages", "postcode", "welcome_nl", "sector", "contact_language"]
DAY = dt.date(2024, 12, 2)
ROW: list[Any] = [DAY, dt.time(9), dt.time(10, 30), "Équipe Mobile Tela", 12, "fr nl", 1040, "Bel.", "health", "nl"]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def edition() -> Edition:
    return december()


def spreadsheet(*rows: list[Any], heading: list[str] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [heading or HEADING, *rows]:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def edited(content: bytes, **parts: bytes) -> bytes:
    """The same archive with other content in some of its parts (``sheet1`` for ``xl/worksheets/sheet1.xml``)."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            stem = name.rpartition("/")[2].partition(".")[0]
            new.writestr(name, parts.get(stem, old.read(name)))
    return file.getvalue()


def test_a_spreadsheet_is_a_programme(edition: Edition) -> None:
    report = importing.apply(edition=edition, content=spreadsheet(ROW), by=None)

    visit = Visit.objects.select_related("host", "place").get()
    assert visit.starts_at.isoformat() == "2024-12-02T08:00:00+00:00"
    assert (visit.seats, visit.languages, visit.place.postcode) == (12, ["fr", "nl"], "1040")
    host = visit.host
    assert (host.welcome_nl, host.sector, host.contact_language) == ("Bel.", "health", "nl")
    assert sentences(report)[0] == "1 line read from the spreadsheet."


def test_the_same_spreadsheet_twice_changes_nothing(edition: Edition) -> None:
    importing.apply(edition=edition, content=spreadsheet(ROW), by=None)

    report = importing.examine(edition=edition, content=spreadsheet(ROW))

    assert (report.visits_left, report.changes_something) == (1, False)


def test_dates_and_times_may_be_text_or_durations(edition: Edition) -> None:
    row = ["2/12/2024", "9h", dt.timedelta(hours=10, minutes=30), *ROW[3:]]

    importing.apply(edition=edition, content=spreadsheet(row), by=None)

    assert Visit.objects.get().ends_at.isoformat() == "2024-12-02T09:30:00+00:00"


def test_a_day_with_an_hour_is_no_day(edition: Edition) -> None:
    row = [dt.datetime(2024, 12, 2, 9, 5), *ROW[1:]]

    assert problems(edition, spreadsheet(row)) == [
        "Line 2, column “date”: “2024-12-02 09:05” is no date. Write it like 2024-12-02."
    ]


def test_a_formula_without_its_result_is_named_by_its_cell(edition: Edition) -> None:
    row = [DAY, dt.time(9), dt.time(10, 30), "Tela", "=4+8", "fr"]

    found = problems(edition, spreadsheet(row, heading=HEADING[:6]))

    assert found[0] == "Line 2, column “E”: There is a formula here without its result. Put the value in its place."
    assert not Host.objects.exists()


def test_of_a_formula_what_it_shows_is_taken(edition: Edition) -> None:
    content = spreadsheet([DAY, dt.time(9), dt.time(10, 30), "Tela", "=4+8", "fr"], heading=HEADING[:6])
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    shown = sheet.replace(b"<f>4+8</f><v />", b"<f>4+8</f><v>12</v>").replace(
        b"<f>4+8</f><v></v>", b"<f>4+8</f><v>12</v>"
    )
    assert shown != sheet

    importing.apply(edition=edition, content=edited(content, sheet1=shown), by=None)

    assert Visit.objects.get().seats == 12


def test_a_text_that_looks_like_a_formula_stays_a_text(edition: Edition) -> None:
    content = spreadsheet([*ROW[:7], "'=1+1", *ROW[8:]])

    importing.apply(edition=edition, content=content, by=None)

    assert Host.objects.get().welcome_nl == "'=1+1"


def test_an_error_in_a_cell_is_named(edition: Edition) -> None:
    content = spreadsheet([*ROW[:4], "#REF!", *ROW[5:]])

    assert "Line 2, column “E”: There is an error in this cell: #REF!." in problems(edition, content)


def test_empty_rows_and_columns_are_nothing(edition: Edition) -> None:
    content = spreadsheet([], ROW, [""] * 30, heading=HEADING)

    report = importing.examine(edition=edition, content=content)

    assert (report.lines, report.problems) == (1, [])


def test_lines_are_numbered_as_in_the_spreadsheet(edition: Edition) -> None:
    content = spreadsheet([], [*ROW[:4], "many", *ROW[5:]])

    assert problems(edition, content)[0].startswith("Line 3, column “seats”")


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [("sector", "Cuisine", "Cuisine"), ("contact_language", "de", "de"), ("contact_email", "nobody", "nobody")],
)
def test_new_columns_are_checked(edition: Edition, column: str, value: str, word: str) -> None:
    heading = [*HEADING[:6], column]

    (found,) = problems(edition, spreadsheet([*ROW[:6], value], heading=heading))

    assert f"column “{column}”" in found
    assert f"“{word}”" in found or word in found


def test_a_sector_may_be_named_in_either_language(edition: Edition) -> None:
    with override("nl"):
        label = str(Sector.MENTAL_HEALTH.label)

    importing.apply(edition=edition, content=spreadsheet([*ROW[:8], label, "fr"]), by=None)

    assert Host.objects.get().sector == "mental_health"


# --- Files that are meant to harm ------------------------------------------------------------------


def test_a_bomb_is_refused_before_it_is_unpacked(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[bytes] = []
    monkeypatch.setattr(programme_sheet, "_both_readings", opened.append)
    bomb = edited(spreadsheet(ROW), sheet1=b" " * (programme_sheet.UNPACKED_AT_MOST + 1))
    assert len(bomb) < 200_000

    found = problems(edition, bomb)

    assert found == ["Unpacked this file is larger than 60 MB: it is not read."]
    assert opened == []


def test_a_bomb_that_lies_about_its_size_is_cut_off(edition: Edition) -> None:
    content = bytearray(edited(spreadsheet(ROW), sheet1=b" " * 5_000_000))
    size = (5_000_000).to_bytes(4, "little")
    assert content.count(size) >= 2
    lied = bytes(content).replace(size, (100).to_bytes(4, "little"))

    assert problems(edition, lied) != []


def test_an_archive_of_countless_parts_is_refused(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programme_sheet, "PARTS_AT_MOST", 3)

    assert problems(edition, spreadsheet(ROW)) == ["Unpacked this file is larger than 60 MB: it is not read."]


def test_entities_are_not_resolved(edition: Edition) -> None:
    evil = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )

    found = problems(edition, edited(spreadsheet(ROW), sheet1=evil))

    assert found == [
        "This spreadsheet cannot be read. Save it as “Excel workbook (.xlsx)” or “CSV UTF-8” and try again."
    ]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500])
def test_what_is_no_archive_is_refused(edition: Edition, content: bytes) -> None:
    assert len(problems(edition, content)) == 1


def test_another_archive_is_refused(edition: Edition) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")

    assert problems(edition, file.getvalue())[0].startswith("This spreadsheet cannot be read.")


def test_a_sheet_that_claims_to_be_endless_is_read_as_it_is(edition: Edition) -> None:
    content = spreadsheet(ROW)
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    claimed = sheet.replace(b'<dimension ref="A1:J2"', b'<dimension ref="A1:XFD1048576"')
    assert claimed != sheet

    report = importing.examine(edition=edition, content=edited(content, sheet1=claimed))

    assert (report.lines, report.problems) == (1, [])


def test_a_last_row_far_below_is_refused(edition: Edition) -> None:
    content = spreadsheet(ROW)
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    far = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>')

    assert problems(edition, edited(content, sheet1=far)) == ["The sheet has more than 20000 rows."]
