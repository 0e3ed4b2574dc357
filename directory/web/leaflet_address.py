"""A leaflet as an address: no account, no cookie; the link is the list."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from django.http import QueryDict

from basins.web.forms import plain_line
from directory.leaflet import MOST, Sheet

RECORD, UP, DOWN, OUT = "r", "up", "down", "out"
LONGEST = {"title_fr": 80, "title_nl": 80, "line_fr": 160, "line_nl": 160}


def sheet_from(params: QueryDict) -> Sheet:
    """What an address holds. What makes no sense in it is left out."""
    words = {name: plain_line(params.get(name, ""))[:longest] for name, longest in LONGEST.items()}
    return Sheet(records=_uuids(params.getlist(RECORD))[:MOST], **words)


def is_over_full(params: QueryDict) -> bool:
    """Whether more was asked for than a leaflet holds."""
    return len(_uuids(params.getlist(RECORD))) > MOST


def moved(sheet: Sheet, params: QueryDict) -> Sheet | None:
    """The sheet after a button of the list was pressed; ``None`` when none was."""
    for name, step in ((UP, -1), (DOWN, 1), (OUT, 0)):
        for record in _uuids(params.getlist(name)[:1]):
            if record in sheet.records:
                return replace(sheet, records=_moved(sheet.records, record, step))
    return None


def _moved(records: tuple[UUID, ...], record: UUID, step: int) -> tuple[UUID, ...]:
    others = [each for each in records if each != record]
    if step:
        others.insert(max(0, records.index(record) + step), record)
    return tuple(others)


def pairs_of_sheet(sheet: Sheet) -> list[tuple[str, str]]:
    """The parameters that bring it back."""
    words = [(name, getattr(sheet, name)) for name in LONGEST]
    return [*((RECORD, str(record)) for record in sheet.records), *((name, said) for name, said in words if said)]


def _uuids(written: Iterable[str]) -> tuple[UUID, ...]:
    found = []
    for each in written:
        with suppress(ValueError):
            found.append(UUID(each))
    return tuple(dict.fromkeys(found))
