"""Pages that guide from a problem to services, for the demo; the crisis pages come with the product."""

from __future__ import annotations

import datetime as dt

from directory.reference import rows
from directory.rules import ways
from directory.rules.ways import StepData, WayData


def add_ways(today: dt.date) -> None:
    """Two pages as a team composes them, read through a month ago."""
    steps = list(rows("demo_way_steps.csv"))
    for row in rows("demo_ways.csv"):
        data = WayData(
            title_fr=row["title_fr"],
            title_nl=row["title_nl"],
            lead_fr=row["lead_fr"],
            lead_nl=row["lead_nl"],
            position=int(row["position"]),
            is_published=True,
        )
        way = ways.save_way(way=None, basin=None, data=data, by=None)
        for step in steps:
            if step["way"] == row["slug"]:
                ways.save_step(way=way, step=None, data=_step(step), by=None)
        ways.mark_checked(way=way, by=None, today=today - dt.timedelta(days=30))


def _step(row: dict[str, str]) -> StepData:
    return StepData(
        question_fr=row["question_fr"],
        question_nl=row["question_nl"],
        words_fr=row["words_fr"],
        words_nl=row["words_nl"],
        query=row["query"],
    )
