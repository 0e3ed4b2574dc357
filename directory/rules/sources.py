"""Lists that are imported: their name, and what their columns mean here."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from basins.models import User
from core.checks import check_row
from directory.errors import RecordRefused
from directory.importing import columns
from directory.models import Source
from directory.rules import log


@transaction.atomic
def save_source(*, source: Source | None, values: Mapping[str, str], by: User | None) -> Source:
    """Make a source or change it: ``code``, ``name_fr``, ``name_nl``, ``url``, ``licence``.

    Raises ``NotYours``, ``RecordRefused``. Takes the directory's lock.
    """
    log.begin(by)
    row: Source = Source() if source is None else log.fresh(source)
    for name in ("code", "name_fr", "name_nl", "url", "licence"):
        setattr(row, name, values.get(name, "").strip())
    check_row(row, refusal=RecordRefused)
    row.save()
    return row


@transaction.atomic
def save_mapping(*, source: Source, heading: Mapping[str, str], fixed: Mapping[str, str], by: User | None) -> Source:
    """Keep what the columns of a list are: ``heading`` → code, ``""`` for a column that is nothing here.

    Columns that are not in this file keep what was said of them. Raises ``NotYours``, ``MappingRefused``.
    """
    log.begin(by)
    columns.check({"columns": heading, "fixed": {code: text for code, text in fixed.items() if text}})
    row: Source = log.fresh(source)
    kept = {name: code for name, code in row.mapping.get("columns", {}).items() if name not in heading}
    row.mapping = {
        **row.mapping,
        "columns": {**kept, **heading},
        "fixed": {code: text for code, text in fixed.items() if text},
    }
    row.save()
    return row
