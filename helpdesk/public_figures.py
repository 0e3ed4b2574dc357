"""A month's figures as everybody may have them: by month alone, and without small counts.

One grain only: were years published as well, what a month hides could be worked out from the others
(docs/decisions/small-counts.md).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import Basin
from core.small_counts import LIMIT, shown, without_small
from core.spoken import BRUSSELS
from helpdesk import figures as counting
from helpdesk.figures import Delays, Figures, Part
from helpdesk.models import MonthReport, Ticket
from helpdesk.staff_queries import NONE

PARTS = ("theme", "audience", "profession", "channel", "kind", "municipality", "outcome", "helped")
HEADINGS = {
    "theme": _("Theme"),
    "audience": _("For whom"),
    "profession": _("Profession of who asked"),
    "channel": _("How it came"),
    "kind": _("What was asked for"),
    "municipality": _("Municipality"),
    "outcome": _("Outcome"),
    "helped": _("Did it help?"),
}
NOT_SAID = {"outcome": _("not closed yet"), "helped": _("nobody said")}


@dataclass(frozen=True, slots=True)
class Line:
    """A value in words and how many; None where that is not shown. ``share`` of the longest, in per cent."""

    label: str
    number: int | None
    share: int


@dataclass(frozen=True, slots=True)
class Table:
    part: str
    heading: str
    lines: list[Line]

    @property
    def told(self) -> list[Line]:
        """Those with a number."""
        return [line for line in self.lines if line.number is not None]

    @property
    def untold(self) -> str:
        """The others, in one row: a long list of values without a number says nothing more."""
        return ", ".join(line.label for line in self.lines if line.number is None)


def month_before(day: dt.date) -> dt.date:
    """The first day of the last month that is over."""
    return day.replace(day=1) - relativedelta(months=1)


def of_month(basin: Basin, month: dt.date) -> dict[str, Any]:
    """Counted, and what is small left out, as it is stored. Two queries."""
    start = dt.datetime.combine(month, dt.time.min, tzinfo=BRUSSELS)
    end = dt.datetime.combine(month + relativedelta(months=1), dt.time.min, tzinfo=BRUSSELS)
    tickets = Ticket.objects.filter(basin=basin, received_at__gte=start, received_at__lt=end, merged_into__isnull=True)
    return safe(counting.count(tickets))


def safe(counted: Figures) -> dict[str, Any]:
    """Without what is small, or tells what is small. A month with too few tickets says only that."""
    number = shown(counted.number)
    if number is None:
        return {"number": None, "answered": None, "median": None, "ninetieth": None, "parts": {}}
    unanswered = counted.number - counted.delays.answered
    answers = without_small({"answered": counted.delays.answered, "unanswered": unanswered}) if unanswered else {}
    answered = answers.get("answered") if answers else counted.delays.answered
    has_delays = counted.delays.answered >= LIMIT
    return {
        "number": number,
        "answered": answered,
        "median": counted.delays.median if has_delays else None,
        "ninetieth": counted.delays.ninetieth if has_delays else None,
        "parts": {part: _part(counted.parts[part]) for part in PARTS if counted.parts.get(part)},
    }


def _part(found: list[Part]) -> list[list[Any]]:
    """Value and count; those that are not shown come last, in the order of their names and not of their size."""
    counts = without_small({each.value: each.number for each in found})
    told = [[value, number] for value, number in counts.items() if number is not None]
    return told + [[value, None] for value in sorted(value for value, number in counts.items() if number is None)]


def tables_of(figures: dict[str, Any]) -> list[Table]:
    """The parts in the reader's language; a part of which nothing is shown is left out. Four queries."""
    parts = {
        part: [Part(value, number or 0, Delays(0, None, None)) for value, number in rows]
        for part, rows in figures["parts"].items()
        if any(number is not None for _value, number in rows)
    }
    names = counting.names_of(Figures(0, Delays(0, None, None), parts, timezone.now()))
    tables = []
    for part in PARTS:
        if part not in parts:
            continue
        rows = figures["parts"][part]
        longest = max(number or 0 for _value, number in rows)
        lines = [
            Line(_label(names, part, value), number, round(100 * (number or 0) / longest)) for value, number in rows
        ]
        tables.append(Table(part, str(HEADINGS[part]), lines))
    return tables


def _label(names: dict[str, dict[str, str]], part: str, value: str) -> str:
    if value == NONE:
        return str(NOT_SAID.get(part, _("not said")))
    return names[part].get(value, value)


def reports(basin: str | None) -> QuerySet[MonthReport]:
    """What is public, the latest month first; without the papers themselves."""
    rows = MonthReport.objects.select_related("basin").defer("pdf").order_by("-month", "basin__code")
    return rows.filter(basin__code=basin) if basin else rows
