"""Bad programme files: each problem names its line, its column, and what to write instead."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
from django.utils import translation

from opendoors.import_words import sentences
from opendoors.models import Edition
from opendoors.rules import importing, programme_file
from opendoors.rules.programme_file import LINES_AT_MOST, PROBLEMS_LISTED
from tests.opendoors.programme_tools import GOOD, HEAD, december, lines, problems

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def edition() -> Edition:
    return december()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2024-12-02,25:00,10:30,A,5,fr", "column “start”: “25:00” is no time of the day. Write it like 09:30."),
        ("2024-12-02,09:00,soon,A,5,fr", "column “end”: “soon” is no time of the day. Write it like 09:30."),
        ("2024-02-30,09:00,10:30,A,5,fr", "column “date”: “2024-02-30” is no date. Write it like 2024-12-02."),
        (",09:00,10:30,A,5,fr", "column “date”: “” is no date. Write it like 2024-12-02."),
        ("2024-12-02,10:30,09:00,A,5,fr", "column “end”: The visit cannot end before it begins."),
        ("2024-12-09,09:00,10:30,A,5,fr", "column “date”: The edition runs from 02/12/2024 to 06/12/2024."),
        (
            "2024-12-02,09:00,10:30,A,−3,fr",
            "column “seats”: “−3” is no number of seats. Write a whole number from 1 to 500.",
        ),
        (
            "2024-12-02,09:00,10:30,A,-3,fr",
            "column “seats”: “-3” is no number of seats. Write a whole number from 1 to 500.",
        ),
        (
            "2024-12-02,09:00,10:30,A,0,fr",
            "column “seats”: “0” is no number of seats. Write a whole number from 1 to 500.",
        ),
        (
            "2024-12-02,09:00,10:30,A,5,klingon",
            "column “languages”: “klingon” is none of the languages fr, nl, en, lsfb, vgt.",
        ),
        ("2024-12-02,09:00,10:30, ,5,fr", "column “host”: Write the name of the host."),
        (
            "2024-12-02,09:00,10:30,A\x1eB,5,fr",
            "column “host”: There is a control character in this text. Type it anew.",
        ),
        (
            f"2024-12-02,09:00,10:30,{'A' * 161},5,fr",
            "column “host”: This text has 161 characters; 160 is the most.",
        ),
        (
            "2024-12-02,09:00,10:30",
            "This line has 3 cells, the heading has 6. Texts with a comma need quotes.",
        ),
        (
            "2024-12-02,09:00,10:30,A, b,5,fr",
            "This line has 7 cells, the heading has 6. Texts with a comma need quotes.",
        ),
        ('2024-12-02,09:00,10:30,"A,5,fr', "A quotation mark is open or out of place."),
        (f'2024-12-02,09:00,10:30,"{"A" * 140_000}",5,fr', "A cell is far too long."),
    ],
)
def test_a_bad_line_is_named(edition: Edition, row: str, said: str) -> None:
    (found,) = problems(edition, lines(row))

    assert found.startswith("Line 2")
    assert found.removeprefix("Line 2, ").removeprefix("Line 2: ") == said


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("municipality", "Gand", "“Gand” is none of the 19 municipalities of Brussels."),
        ("postcode", "B-1040", "“B-1040” is no postcode. Write four digits."),
        ("wheelchair", "perhaps", "Write yes, no, or ? where it is not known; not “perhaps”."),
        ("name_language", "de", "Write fr or nl, not “de”."),
        ("street", "x" * 161, "This text has 161 characters; 160 is the most."),
    ],
)
def test_a_bad_optional_cell_is_named(edition: Edition, column: str, cell: str, said: str) -> None:
    found = problems(edition, lines(f"2024-12-02,09:00,10:30,A,5,fr,{cell}", head=f"{HEAD},{column}"))

    assert said in found[0]


def test_a_duplicate_names_both_lines(edition: Edition) -> None:
    found = problems(edition, lines("2024-12-02,09:00,10:30,Équipe,5,fr", "", "2024-12-02,09:00,11:30,equipe,9,fr"))

    assert found == ["Line 4: The same host and time stand on line 2 already."]


def test_two_texts_for_one_host_are_a_problem(edition: Edition) -> None:
    rows = ("2024-12-02,09:00,10:30,A,5,fr,un", "2024-12-03,09:00,10:30,A,5,fr,deux")

    found = problems(edition, lines(*rows, head=f"{HEAD},description_fr"))

    assert found == ["Line 3, column “description_fr”: Line 2 says something else about the same host."]


def test_missing_columns_are_all_named(edition: Edition) -> None:
    assert problems(edition, b"date;begin;seats\n2024-12-02;09:00;5\n") == [
        "Line 1, column “start”: This column is missing. The heading reads: date, begin, seats",
        "Line 1, column “end”: This column is missing. The heading reads: date, begin, seats",
        "Line 1, column “host”: This column is missing. The heading reads: date, begin, seats",
    ]


def test_a_column_twice_is_a_problem(edition: Edition) -> None:
    found = problems(edition, lines("2024-12-02,09:00,10:30,A,5,fr,B", head=f"{HEAD},Host"))

    assert found == ["Line 1, column “host”: This column is there more than once."]


def test_the_wrong_encoding_is_named_with_its_line(edition: Edition) -> None:
    assert problems(edition, GOOD.encode("cp1252")) == [
        "Line 2, column “host”: The byte 0xC9 is no letter in UTF-8. Save it as “CSV UTF-8” and try again."
    ]


def test_a_heading_in_the_wrong_encoding_is_named_with_its_line(edition: Edition) -> None:
    assert problems(edition, f"{HEAD},équipe\n".encode("cp1252")) == [
        "Line 1: The byte 0xE9 is no letter in UTF-8. Save it as “CSV UTF-8” and try again."
    ]


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolon"), ("\t", "tab")])
def test_a_line_with_a_cell_too_many_speaks_of_the_separator_found(edition: Edition, separator: str, name: str) -> None:
    found = problems(edition, lines("2024-12-02,09:00,10:30,A,b,5,fr").replace(b",", separator.encode()))

    assert found == [f"Line 2: This line has 7 cells, the heading has 6. Texts with a {name} need quotes."]


def test_a_nul_byte_is_named_with_its_line(edition: Edition) -> None:
    assert problems(edition, GOOD.replace("Tela", "Te\x00la").encode()) == [
        "Line 2: There is a NUL byte here: this is no text file. Save it as “CSV UTF-8” and try again."
    ]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \n \n"])
def test_an_empty_file_is_said_to_be_empty(edition: Edition, content: bytes) -> None:
    assert problems(edition, content) == ["The file is empty."]


def test_a_heading_alone_is_said_to_be_one(edition: Edition) -> None:
    report = importing.examine(edition=edition, content=lines())

    assert report.problems == ["There is no line below the heading: the file holds no visit."]
    assert sentences(report) == ["There is 1 problem."]


def test_one_line_is_said_as_one(edition: Edition) -> None:
    report = importing.examine(edition=edition, content=GOOD.encode())

    assert sentences(report)[0] == "1 line read, separated by: comma."


def test_half_a_workbook_is_told_apart(edition: Edition) -> None:
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")

    (found,) = problems(edition, book.getvalue())

    assert found.startswith("This spreadsheet cannot be read.")


@pytest.mark.parametrize("content", [GOOD.encode("utf-16"), b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n\x00", b"hello"])
def test_other_files_are_refused(edition: Edition, content: bytes) -> None:
    report = importing.examine(edition=edition, content=content)

    assert report.problems_total > 0


def test_a_hundred_thousand_lines_are_counted_and_not_all_read(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    understood: list[int] = []
    monkeypatch.setattr(programme_file, "_line", lambda number, *_cells: understood.append(number))
    content = lines(*(f"2024-12-02,09:00,10:30,Host {number},5,fr" for number in range(100_000)))

    report = importing.examine(edition=edition, content=content)

    assert report.problems == [f"The file has 100,000 lines; a programme has {LINES_AT_MOST:,} at most."]
    assert sentences(report) == ["100,000 lines read, separated by: comma.", "There is 1 problem."]
    assert report.changes_something is False
    assert len(understood) == LINES_AT_MOST


def test_only_the_first_problems_are_listed(edition: Edition) -> None:
    report = importing.examine(edition=edition, content=lines(*["2024-12-02,25:00,10:30,A,5,fr"] * 250))

    assert report.problems == ["Lines 2–101, column “start”: " + report.problems[0].partition("”: ")[2]]
    assert (report.problems_total, sentences(report)[-1]) == (250, f"The first {PROBLEMS_LISTED} are listed.")


def test_what_is_wrong_in_many_lines_is_said_once_with_the_lines(edition: Edition) -> None:
    bad, good = "2024-12-02,25:00,10:30,A,5,fr", "2024-12-02,09:00,10:30,B{},5,fr"
    rows = [bad, good.format(1), bad, bad, bad, good.format(2), bad, "2024-12-02,09:00,10:30,C,-3,fr"]

    report = importing.examine(edition=edition, content=lines(*rows))

    assert [said.partition(":")[0] for said in report.problems] == [
        "Lines 2, 4–6, 8, column “start”",
        "Line 9, column “seats”",
    ]
    assert report.problems_total == 6
