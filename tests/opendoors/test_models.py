"""What rows say of themselves."""

from __future__ import annotations

import datetime as dt

from opendoors.models import Host, Visit


def test_a_visit_is_named_with_the_hour_in_brussels() -> None:
    visit = Visit(host=Host(name="Tela"), starts_at=dt.datetime(2026, 11, 16, 8, 0, tzinfo=dt.UTC))

    assert str(visit) == "Tela 2026-11-16 09:00"
