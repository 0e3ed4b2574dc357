"""Letters around the day: to each host who comes, and to each visitor who came where the certificate is.

The job runs every quarter of an hour and works out what is due from the rows alone, as ``rules.reminding``
does: the key of each letter is written once for ever, what is late is caught up with, what is past is left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.db import transaction
from django.db.models.functions import TruncDate
from django.utils import timezone

from core import mail
from core.models import OutboxMessage
from core.spoken import BRUSSELS
from opendoors.enums import EditionState, HostState, VisitState
from opendoors.models import Edition, Visit
from opendoors.queries_day import visitors_who_came
from opendoors.rules.reminding import BATCH, HOUR, REMINDED_STATES

SHEET = "opendoors.host_sheet"
CERTIFICATE = "opendoors.certificate"
CERTIFICATE_AFTER = dt.timedelta(days=3)  # after the last day, when the team has not evaluated earlier
CERTIFICATE_UNTIL = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DueLetter:
    """What is to be posted."""

    kind: str
    key: str
    to: str
    language: str
    scope: str
    params: dict[str, Any]


def write_day_letters(*, now: dt.datetime) -> int:
    """Put into the outbox what hosts and visitors are to hear at ``now``; returns how many were new.

    Needs no lock: the outbox refuses a key it has. Each batch is a transaction of its own, so that a
    job that is killed keeps what it wrote.
    """
    written = 0
    for due in (_sheets_due(now), _certificates_due(now)):
        while batch := list(islice(due, BATCH)):
            written += _write(batch)
    return written


def _write(batch: list[DueLetter]) -> int:
    known = set(OutboxMessage.objects.filter(key__in=[one.key for one in batch]).values_list("key", flat=True))
    with transaction.atomic():
        return sum(_post(one) for one in batch if one.key not in known)


def _post(due: DueLetter) -> bool:
    row = mail.post(due.kind, to=due.to, language=due.language, params=due.params, key=due.key, scope=due.scope)
    return row is not None


# --- Hosts: who comes ----------------------------------------------------------------------------


def _sheets_due(now: dt.datetime) -> Iterator[DueLetter]:
    """Some days before a host's first visit the link of its list, the day before each of its days who comes."""
    today = timezone.localdate(now, BRUSSELS)
    for edition in Edition.objects.filter(state__in=REMINDED_STATES, ends_on__gte=today).select_related("basin"):
        for host, group in groupby(_host_days(edition), key=lambda row: row[:3]):
            days = [row[3] for row in group]
            if _is_early_due(days[0], edition, now):
                yield _sheet(edition, *host, day=days[0], stage="early")
            for day in days:
                if _moment(day, 1) <= now < _midnight(day):
                    yield _sheet(edition, *host, day=day, stage="eve")


def _host_days(edition: Edition) -> Iterator[tuple[Any, str, str, dt.date]]:
    visits = Visit.objects.filter(edition=edition, state=VisitState.PLANNED, host__state=HostState.ACCEPTED)
    return (
        visits.exclude(host__contact_email="")
        .annotate(day=TruncDate("starts_at", tzinfo=BRUSSELS))
        .order_by("host__uuid", "day")
        .values_list("host__uuid", "host__contact_email", "host__contact_language", "day")
        .distinct()
        .iterator(chunk_size=2000)
    )


def _is_early_due(first: dt.date, edition: Edition, now: dt.datetime) -> bool:
    """Late is better than never, up to the eve, which has a letter of its own."""
    return _moment(first, edition.reminder_days_before) <= now < _midnight(first - dt.timedelta(days=1))


def _sheet(edition: Edition, host: Any, email: str, language: str, *, day: dt.date, stage: str) -> DueLetter:
    params = {"host": str(host), "day": day.isoformat(), "stage": stage}
    key = f"{SHEET}:{host}:{day.isoformat()}:{stage}"
    return DueLetter(SHEET, key, email, language, edition.basin.code, params)


def _moment(day: dt.date, days_before: int) -> dt.datetime:
    return dt.datetime.combine(day - dt.timedelta(days=days_before), HOUR, tzinfo=BRUSSELS)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=BRUSSELS)


# --- Visitors: the certificate -------------------------------------------------------------------


def _certificates_due(now: dt.datetime) -> Iterator[DueLetter]:
    """Once the team has evaluated the week, at the latest three days after it; a month later nobody asks any more."""
    today = timezone.localdate(now, BRUSSELS)
    states = [*REMINDED_STATES, EditionState.EVALUATED]
    over = Edition.objects.filter(state__in=states, ends_on__lt=today, ends_on__gte=today - CERTIFICATE_UNTIL)
    for edition in over.select_related("basin"):
        due = _moment(edition.ends_on + CERTIFICATE_AFTER, 0)
        if edition.state != EditionState.EVALUATED and now < due:
            continue
        for visitor in visitors_who_came(edition).iterator(chunk_size=2000):
            yield DueLetter(
                CERTIFICATE,
                f"{CERTIFICATE}:{visitor.uuid}",
                visitor.email,
                visitor.language,
                edition.basin.code,
                {"visitor": str(visitor.uuid)},
            )
