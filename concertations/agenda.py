"""An agenda with its hours: each item begins where the one before ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from concertations.enums import DocumentAudience
from concertations.models import AgendaItem, Document, Meeting


@dataclass(frozen=True, slots=True)
class Row:
    """One item. ``starts`` and ``ends`` are ``None`` from the first item on whose length is not said."""

    item: AgendaItem
    starts: dt.datetime | None
    ends: dt.datetime | None
    documents: Sequence[Document]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The items in order; ``minutes`` in all, ``over`` how many minutes too long, ``left`` how many are free.

    Both are 0 where the meeting's hours or the length of an item are not known.
    """

    rows: Sequence[Row]
    minutes: int
    over: int = 0
    left: int = 0

    def __bool__(self) -> bool:
        return bool(self.rows)


def timed(meeting: Meeting, *, audiences: frozenset[DocumentAudience] = frozenset(DocumentAudience)) -> Agenda:
    """The agenda of a meeting, with the papers of ``audiences`` at their items. Two queries."""
    items = list(meeting.items.order_by("position", "pk"))
    papers: dict[int, list[Document]] = {}
    found = meeting.documents.filter(audience__in=audiences, item__isnull=False).select_related("series__basin")
    for paper in found:
        papers.setdefault(paper.item_id or 0, []).append(paper)
    clock = None if meeting.is_whole_day else meeting.starts_at
    rows = []
    for item in items:
        starts, ends = clock, None
        if clock is not None and item.minutes:
            ends = clock + dt.timedelta(minutes=item.minutes)
        clock = ends
        rows.append(Row(item, starts, ends, papers.get(item.pk, [])))
    minutes = sum(item.minutes or 0 for item in items)
    if clock is None or not items:
        return Agenda(rows, minutes)
    difference = round((clock - meeting.ends_at).total_seconds() / 60)
    return Agenda(rows, minutes, max(difference, 0), max(-difference, 0))
