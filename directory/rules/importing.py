"""Importing a list: what each row would do, or doing it, a few hundred rows per transaction.

A row is recognised by the source's own identifier; one that says what it said last time is skipped by its
fingerprint. New records are made many at once, changed ones through the rules as any other change. What people
wrote here is held back (origins); what is gone from the list is marked and stays. Begun anew after a crash, an
import finds what it wrote and goes on; ``moment`` tells this run's rows from those of an earlier one.

Of an organisation that several rows name, the row with the smallest identifier speaks, so that the order of the
rows does not matter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from basins.models import User
from directory.importing.incoming import Incoming
from directory.importing.problems import short
from directory.importing.report import Report
from directory.models import Source, SourceRecord
from directory.rules import log
from directory.rules.importing_batches import Batch
from directory.rules.importing_matching import Shared

ROWS_AT_ONCE = 250

Rows = Iterable[Incoming | int]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done with a list. ``is_part``: it does not name all records, so none is marked as gone."""

    source: Source
    by: User | None
    is_part: bool = False


def examine(order: Order, rows: Rows, report: Report, *, progress: Progress = lambda _done: None) -> Report:
    """The dry run: reads the rows, writes nothing. Raises ``FileRefused`` from the rows."""
    shared = Shared(order.source, order.by, report, moment=timezone.now(), writes=False)
    seen: set[str] = set()
    for some in _batches(_told_apart(rows, report, seen)):
        Batch(shared, some).examine()
        progress(report.rows)
    if _is_whole(order, report):
        known = SourceRecord.objects.filter(source=order.source, gone_at__isnull=True, service__isnull=False)
        identifiers = known.values_list("identifier", flat=True).iterator()
        report.count("gone", sum(1 for identifier in identifiers if identifier not in seen))
    return report


def apply(
    order: Order,
    rows: Rows,
    report: Report,
    *,
    moment: dt.datetime,
    progress: Progress = lambda _done: None,
) -> Report:
    """Import the rows: each batch is one transaction under the directory's lock, so editors never wait long.

    ``moment`` is the same for all attempts of one import, e.g. when its job was started. Rows with problems are
    left out and named; a row that is like a record here waits for a decision. Raises ``NotYours``, ``FileRefused``;
    what was imported before stays, and the same file again goes on from there.
    """
    with transaction.atomic():
        log.begin(order.by)
    shared = Shared(order.source, order.by, report, moment=moment, writes=True)
    for some in _batches(_told_apart(rows, report, set())):
        with transaction.atomic():
            log.begin(order.by)
            Batch(shared, some).apply()
        progress(report.rows)
    if _is_whole(order, report):
        report.count("gone", mark_gone(source=order.source, moment=moment, by=order.by))
    Source.objects.filter(pk=order.source.pk).update(last_import_at=moment, modified=timezone.now())
    report.applied = True
    return report


@transaction.atomic
def mark_gone(*, source: Source, moment: dt.datetime, by: User | None) -> int:
    """Mark what the list no longer names; nothing is deleted. Returns how many services. Takes the lock.

    An organisation whose speaking row is gone lets another row speak the next time.
    """
    log.begin(by)
    gone = SourceRecord.objects.filter(source=source, last_seen_at__lt=moment, gone_at__isnull=True)
    services = gone.filter(service__isnull=False)
    silent = SourceRecord.objects.filter(source=source, organization__isnull=False)
    silent.filter(said_by__in=services.values("identifier")).update(said_by="", fingerprint="")
    number = services.count()
    gone.update(gone_at=moment)
    return number


def _is_whole(order: Order, report: Report) -> bool:
    return not order.is_part and not report.nameless_rows and bool(report.rows)


def _batches(rows: Iterator[Incoming]) -> Iterator[list[Incoming]]:
    while some := list(islice(rows, ROWS_AT_ONCE)):
        yield some


def _told_apart(rows: Rows, report: Report, seen: set[str]) -> Iterator[Incoming]:
    """Counts the rows, and takes each identifier once."""
    for row in rows:
        report.rows += 1
        if isinstance(row, int):
            report.nameless_rows += 1
        elif row.identifier in seen:
            report.problems.add(
                row.line,
                "",
                _("The identifier “%(identifier)s” stands in the file already.")
                % {"identifier": short(row.identifier)},
            )
        else:
            seen.add(row.identifier)
            yield row
