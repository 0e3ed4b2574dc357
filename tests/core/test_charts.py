"""Charts drawn on the server: where things stand, what is missing, what is said instead of drawn."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from core.charts import Bar, BarChart, Chart, ColumnChart, Row


def bars(*values: float | None, kind: type[Chart] = BarChart) -> Chart:
    rows = [Row(f"row {index}", [Bar(value)]) for index, value in enumerate(values)]
    return kind("finding", "measure", "heading", ["number"], rows)


def two_series(kind: type[Chart] = BarChart) -> Chart:
    rows = [Row("Monday", [Bar(20), Bar(10)], short="Mo"), Row("Tuesday", [Bar(10), Bar(None, "not shown")])]
    return kind("finding", "Seats per day", "Day", ["Seats", "Taken"], rows)


def html(chart: Chart) -> str:
    with override(None):
        return render_to_string("components/chart.html", {"chart": chart})


def test_a_missing_number_is_drawn_as_missing() -> None:
    shapes = [drawn.shapes[0] for drawn in bars(132, 66, None).drawn]

    assert [(shape.width, shape.missing) for shape in shapes] == [("72.0%", False), ("36.0%", False), ("21.6%", True)]


@pytest.mark.parametrize("kind", [BarChart, ColumnChart])
def test_zeroes_divide_by_nothing(kind: type[Chart]) -> None:
    (drawn,) = bars(0, kind=kind).drawn

    assert (drawn.shapes[0].width, drawn.shapes[0].height) in {("0.0%", "14"), ("80.00%", "0.0")}


@pytest.mark.parametrize("kind", [BarChart, ColumnChart])
def test_a_chart_without_rows_draws_nothing(kind: type[Chart]) -> None:
    assert kind("", "", "", ["number"], []).drawn == []


def test_bars_of_a_row_stand_one_under_the_other() -> None:
    chart = two_series()

    assert [[shape.y for shape in drawn.shapes] for drawn in chart.drawn] == [["20", "40"], ["86", "106"]]
    assert chart.height == 132


def test_columns_of_a_group_stand_side_by_side_on_one_line() -> None:
    first, _second = two_series(ColumnChart).drawn

    assert [(shape.x, shape.width) for shape in first.shapes] == [("5.00%", "20.00%"), ("25.00%", "20.00%")]
    assert [float(shape.y) + float(shape.height) for shape in first.shapes] == [170.0, 170.0]


def test_the_summary_reads_the_rows_out() -> None:
    assert two_series().summary == "Seats per day. Monday (Seats 20, Taken 10), Tuesday (Seats 10, Taken not shown)"


def test_a_sentence_of_ones_own_replaces_it() -> None:
    assert BarChart("", "", "", ["n"], [], alt="Nobody came.").summary == "Nobody came."


def test_the_table_says_what_the_drawing_says() -> None:
    table = html(two_series()).partition("<table>")[2]

    assert '<th scope="col" class="num">Taken</th>' in table
    assert '<th scope="row">Tuesday</th><td class="num">10</td><td class="num">not shown</td>' in table


def test_a_figure_nobody_gave_is_said_in_words() -> None:
    assert html(bars(None)).count("no figure received") == 2  # beside the outline, and in the table


def test_columns_are_labelled_shortly_and_the_table_in_full() -> None:
    page = html(two_series(ColumnChart))

    assert ">Mo</text>" in page
    assert ">Monday</th>" in page


def test_positions_keep_their_point_in_every_language() -> None:
    with override("fr"):
        page = render_to_string("components/chart.html", {"chart": bars(3, 1)})

    assert 'width="24.0%"' in page


def test_a_row_may_have_the_hue_of_a_basin() -> None:
    chart = BarChart("", "", "", ["n"], [Row("Backstage", [Bar(1)], basin="nord-est")])

    assert '<g data-basin="nord-est">' in html(chart)


def test_nothing_is_styled_in_place() -> None:
    assert " style=" not in html(two_series()) + html(two_series(ColumnChart))
