"""Files that people send: separators, encodings, workbooks, and those that are not what they claim to be."""

from __future__ import annotations

import datetime as dt
import io
import tracemalloc
import zipfile

import pytest
from django.utils.translation import override
from openpyxl import Workbook

from directory.errors import FileRefused
from directory.importing import files
from directory.importing.files import NotAValue, Table, open_table
from tests.directory.import_tools import as_workbook


def table(content: bytes) -> Table:
    return open_table(io.BytesIO(content))


def rows(content: bytes) -> list[list[str]]:
    return [row for _line, row in table(content).rows]


def refused(content: bytes) -> str:
    with override("en"), pytest.raises(FileRefused) as error:
        rows(content)
    return str(error.value.message)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_told_by_the_heading(separator: str) -> None:
    content = f"a{separator}b\n1{separator}é\n".encode()
    assert (table(content).heading, rows(content)) == (["a", "b"], [["1", "é"]])


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    assert rows(b"\xef\xbb\xbfa;b\r\n1;2\r\n\r\n3;4\r\n") == [["1", "2"], ["3", "4"]]


def test_rows_know_the_line_they_begin_on() -> None:
    content = b'a,b\n1,"x\ny"\n\n2,z\n'
    assert [line for line, _row in table(content).rows] == [2, 5]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        ("a,b\n1,é\n".encode("latin-1"), "0xE9"),
        ("a,b\n1,é\n".encode("utf-16"), "UTF-16"),
        (b"a,b\n1,\x00\n", "NUL"),
        (b'a,b\n1,"open\n2,x\n', "quotation"),
        (b"a,b\n1," + b"x" * 200_000, "too long"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0 ...", "Excel 97"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PK\x03\x04 no archive", "damaged"),
        (b"a," * 400 + b"\n", "columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(content: bytes, words: str) -> None:
    assert words in refused(content)


def test_a_wrong_byte_is_named_by_its_line_also_far_into_the_file() -> None:
    content = b"a,b\n" + b"1,2\n" * 400_000 + b"1,\xe9\n"
    assert "Line 400002" in refused(content)


def test_a_letter_that_is_cut_by_the_chunk_is_read() -> None:
    content = b"a,b\n" + b"x" * (files.CHUNK - 5) + "é,2\n".encode()
    assert "too long" in refused(content)  # the cell is; the letter is not at fault


# --- Excel -----------------------------------------------------------------------------------------
def test_a_workbook_is_read_as_one_types_it() -> None:
    content = as_workbook(
        [
            ["a", "b", "c", "d", "e", None],
            [1040.0, 4.5, True, dt.date(2026, 11, 22), dt.time(9, 30), None],
            [None, None],
            ["é", "", False, dt.datetime(2026, 11, 22, 9, 30), "=not", None],
        ]
    )
    assert table(content).heading == ["a", "b", "c", "d", "e"]
    assert rows(content)[0][:5] == ["1040", "4.5", "true", "2026-11-22", "09:30"]
    assert rows(content)[1][:4] == ["é", "", "false", "2026-11-22T09:30:00"]


def test_a_formula_is_no_value() -> None:
    cell = rows(as_workbook([["a"], ["=1+1"]]))[0][0]
    assert isinstance(cell, NotAValue)
    assert "formul" in cell


def packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_zip_bomb_is_refused_by_what_it_would_unpack_to() -> None:
    parts = parts_of(as_workbook([["a"], ["1"]]))
    bomb = packed(parts | {"xl/media/image1.png": b"\x00" * (files.UNPACKED_AT_MOST + 1)})
    assert len(bomb) < 2 * files.MEGABYTE
    tracemalloc.start()
    assert "Unpacked" in refused(bomb)
    assert tracemalloc.get_traced_memory()[1] < 10 * files.MEGABYTE
    tracemalloc.stop()


def test_an_archive_of_thousands_of_parts_is_refused() -> None:
    assert "Unpacked" in refused(packed({f"{number}": b"" for number in range(files.PARTS_AT_MOST + 1)}))


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    assert "no Excel workbook" in refused(packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}))


def test_a_workbook_with_entities_is_refused() -> None:
    parts = parts_of(as_workbook([["a"], ["1"]]))
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"):
        assert "damaged" in refused(packed(parts | {name: bomb}))


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_workbook_cut_short_is_refused(name: str) -> None:
    parts = parts_of(as_workbook([["a"], ["1"]]))
    assert "damaged" in refused(packed(parts | {name: parts[name][: len(parts[name]) // 2]}))


def test_a_workbook_of_which_bytes_are_missing_is_refused() -> None:
    content = as_workbook([["a"], *[[str(number)] for number in range(2000)]])
    assert "damaged" in refused(content[: len(content) // 2])


def test_the_first_sheet_that_is_shown_is_read() -> None:
    workbook = Workbook()
    workbook.worksheets[0].sheet_state = "hidden"
    shown = workbook.create_sheet("List")
    shown.append(["a"])
    shown.append(["1"])
    file = io.BytesIO()
    workbook.active = 1
    workbook.save(file)
    assert rows(file.getvalue()) == [["1"]]
