"""Everything of a week taken out: what is in it, for whom, and that no text becomes a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from basins.models import User
from opendoors import exports
from opendoors.enums import Attendance, NotedBy
from opendoors.models import Answer, BookedVisit, Edition, Visit
from opendoors.rules import waiting
from tests.basins.people_tools import sign_in, staff_session
from tests.factories import local
from tests.opendoors.booking_tools import book
from tests.opendoors.factories import EditionFactory, HostFactory, VisitFactory
from tests.opendoors.staff_tools import page

pytestmark = pytest.mark.django_db

FORMULA = '=HYPERLINK("http://evil.example","click")'


@pytest.fixture
def visit() -> Visit:
    """Full by one booking, with one person in line, one present, one answer."""
    edition = EditionFactory(slug="2026")
    made: Visit = VisitFactory(edition=edition, host=HostFactory(edition=edition, name=FORMULA), seats=2)
    book(made, name="+32 2 318 60 58", seats=2, companions="Piet")
    waiting.join(visits=[made.uuid], wanted=1, seats=1, name="Eva", email="eva@example.org", language="fr", by=None)
    BookedVisit.objects.update(attendance=Attendance.PRESENT, attendance_at=made.starts_at, attendance_by=NotedBy.HOST)
    Answer.objects.create(edition=edition, role="visitor", language="fr", rating=4, best="@SUM(A1)")
    return made


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book_read = load_workbook(io.BytesIO(content))
    return {name: list(book_read[name].iter_rows(values_only=True)) for name in book_read.sheetnames}


def test_every_subject_is_a_sheet_with_its_rows(visit: Visit) -> None:
    found = sheets(exports.as_xlsx(visit.edition))

    assert [len(rows) for rows in found.values()] == [2, 2, 2, 2, 2, 2]
    assert all(len(rows[0]) == len(rows[1]) for rows in found.values())


def test_dates_and_numbers_are_what_they_are(visit: Visit) -> None:
    _heading, row = list(sheets(exports.as_xlsx(visit.edition)).values())[1]

    assert row[1] == dt.datetime.combine(visit.edition.starts_on, dt.time())
    assert (row[2], row[3], row[5], row[6]) == (dt.time(9), dt.time(10, 30), 2, 2)


def test_no_text_is_a_formula_in_a_spreadsheet(visit: Visit) -> None:
    book_read = load_workbook(io.BytesIO(exports.as_xlsx(visit.edition)))

    cells = [cell for sheet in book_read for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert f"'{FORMULA}" in {cell.value for cell in cells}
    assert "'+32 2 318 60 58" in {cell.value for cell in cells}


def test_no_text_is_a_formula_in_csv(visit: Visit) -> None:
    archive = zipfile.ZipFile(io.BytesIO(exports.as_zip(visit.edition)))

    for name in archive.namelist():
        text = archive.read(name).decode("utf-8-sig")
        for row in csv.reader(io.StringIO(text), delimiter=";"):
            assert not any(cell[:1] in {"=", "+", "-", "@"} for cell in row), name
    assert len(archive.namelist()) == 6


def test_answers_name_nobody(visit: Visit) -> None:
    rows = list(exports.table(visit.edition, "answers").rows())

    assert "daan@example.org" not in str(rows)


def test_days_are_written_as_iso_8601_writes_them() -> None:
    when = local(dt.date(2026, 3, 1), "09:05").replace(tzinfo=None)

    assert list(exports.as_text([[None, 3, when, when.date(), when.time(), "x"]])) == [
        ["", "3", "2026-03-01 09:05", "2026-03-01", "09:05", "x"]
    ]


@pytest.mark.parametrize("shape", ["xlsx", "zip"])
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_team_takes_all_out(client: Client, alice: User, visit: Visit, shape: str, language: str) -> None:
    team = staff_session(client, alice)

    shown = team.get(page("staff_export", language, slug="2026"))
    response = team.get(page("staff_export_all", language, slug="2026", shape=shape))

    assert shown.status_code == 200
    assert response.headers["Content-Disposition"].endswith(f'-2026.{shape}"')
    assert response.content[:2] == b"PK"


@pytest.mark.parametrize("name", exports.names())
def test_each_table_leaves_by_itself(client: Client, alice: User, visit: Visit, name: str) -> None:
    team = staff_session(client, alice)

    response = team.get(page("staff_export_table", slug="2026", table=name))

    assert b"".join(response.streaming_content).count(b"\r\n") >= 2


def test_there_is_nothing_else_to_take(client: Client, alice: User, visit: Visit) -> None:
    team = staff_session(client, alice)

    assert team.get(page("staff_export_all", slug="2026", shape="exe")).status_code == 404
    assert team.get(page("staff_export_table", slug="2026", table="users")).status_code == 404


def test_only_who_may_read_the_bookings_takes_them_out(client: Client, bram: User, chantal: User, visit: Visit) -> None:
    url = page("staff_export_all", slug="2026", shape="xlsx")

    assert staff_session(Client(), bram).get(url).status_code == 404
    assert sign_in(Client(), chantal).get(url).status_code == 404
    assert client.get(url).status_code == 302


def test_an_empty_week_leaves_its_headings() -> None:
    edition: Edition = EditionFactory()

    assert [len(rows) for rows in sheets(exports.as_xlsx(edition)).values()] == [1, 1, 1, 1, 1, 1]
