"""When schools are closed: the two communities keep different weeks."""

from __future__ import annotations

import datetime as dt

import pytest

from core.calendar import school_holidays


def test_autumn_of_2025_differs_by_a_week() -> None:
    found = school_holidays(dt.date(2025, 10, 1), dt.date(2025, 11, 30))
    assert [(each.community, each.first, each.last) for each in found] == [
        ("fr", dt.date(2025, 10, 20), dt.date(2025, 11, 2)),
        ("nl", dt.date(2025, 10, 27), dt.date(2025, 11, 2)),
    ]


def test_a_holiday_over_new_year_is_one() -> None:
    found = school_holidays(dt.date(2025, 12, 31), dt.date(2026, 1, 1))
    assert {(each.first, each.last) for each in found} == {(dt.date(2025, 12, 22), dt.date(2026, 1, 4))}


@pytest.mark.parametrize("day", [dt.date(2025, 11, 11), dt.date(2025, 5, 29), dt.date(2026, 3, 10)])
def test_a_single_day_off_is_no_school_holiday(day: dt.date) -> None:
    assert school_holidays(day, day) == []
