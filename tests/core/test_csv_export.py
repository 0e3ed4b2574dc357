"""Tables for spreadsheets: no cell becomes a formula."""

import pytest

from core.csv_export import csv_response, plain_cell


@pytest.mark.parametrize("cell", ["=1+1", "+32", "-1", "@SUM(A1)", "  =1", "\t=1", "\r=1", "\n=1"])
def test_a_formula_becomes_text(cell: str) -> None:
    assert plain_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Anna", "", "a-b", 3])
def test_other_cells_stay(cell: object) -> None:
    assert plain_cell(cell) == str(cell)


def test_the_file_opens_in_excel_as_it_is() -> None:
    response = csv_response("été.csv", ["Name", "Seats"], [["Anna; Bea", 2]])

    assert response.getvalue() == '\ufeffName;Seats\r\n"Anna; Bea";2\r\n'.encode()
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9t%C3%A9.csv"
