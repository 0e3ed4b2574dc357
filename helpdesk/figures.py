"""What is counted of the tickets of a period: how many, how long, how they ended. For the team, small counts included.

Delays are working time from the question to the first answer, without the pauses in which the ticket waited for its
asker: the median, and the time within which nine of ten were answered; never an average, which one old ticket spoils.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from django.core.cache import caches
from django.db.models import QuerySet
from django.utils import timezone

from basins.models import Basin, Municipality, User
from core.bilingual import text
from core.spoken import BRUSSELS
from directory.models import TaxonomyTerm
from helpdesk import queries
from helpdesk.enums import Channel, Helped, Outcome, Profession, TicketKind
from helpdesk.models import Ticket, WaitingPause
from helpdesk.rules.clock import Pause, working_minutes
from helpdesk.staff_queries import EXACT, NONE, helpdesks

FRESH_SECONDS = 300  # counting a hundred thousand tickets takes a second or two: once in five minutes is enough
PARTS = ("basin", "theme", "audience", "profession", "channel", "kind", "municipality", "outcome", "helped")
CHOICES = {"channel": Channel, "kind": TicketKind, "outcome": Outcome, "helped": Helped, "profession": Profession}


@dataclass(frozen=True, slots=True)
class Delays:
    """How long first answers took, in minutes of working time; None where there was none."""

    answered: int
    median: int | None
    ninetieth: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """The tickets with one value: ``value`` is that of the address (`staff_queries.EXACT`), "none" for nothing."""

    value: str
    number: int
    delays: Delays


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is counted of a period. ``counted_at``: when; it may be some minutes old."""

    number: int
    delays: Delays
    parts: dict[str, list[Part]]
    counted_at: dt.datetime


@dataclass(slots=True)
class _Pile:
    number: int = 0
    minutes: list[int] = field(default_factory=list)

    def add(self, minutes: int | None) -> None:
        self.number += 1
        if minutes is not None:
            self.minutes.append(minutes)


def of_period(user: User, basin: str | None, since: dt.date, until: dt.date) -> Figures:
    """Counted over what the reader may see, or as it was at most five minutes ago. One query more for the pauses."""
    mine = set(helpdesks(user))
    codes = sorted({basin} & mine if basin else mine)
    key = f"helpdesk:figures:{'+'.join(codes)}:{since}:{until}"
    known = caches["shared"].get(key)
    if isinstance(known, Figures):
        return known
    counted = count(tickets_of(user, basin, since, until))
    caches["shared"].set(key, counted, FRESH_SECONDS)
    return counted


def tickets_of(user: User, basin: str | None, since: dt.date, until: dt.date) -> QuerySet[Ticket]:
    """The tickets that came in the period, both days included; one that was merged counts where it went."""
    start = dt.datetime.combine(since, dt.time(0), tzinfo=BRUSSELS)
    end = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(0), tzinfo=BRUSSELS)
    return queries.tickets_for(user, basin).filter(
        received_at__gte=start, received_at__lt=end, merged_into__isnull=True
    )


def count(tickets: QuerySet[Ticket]) -> Figures:
    """Two queries, however many tickets."""
    rows = tickets.order_by().values_list("pk", "received_at", "first_answered_at", *(EXACT[part] for part in PARTS))
    pauses = _pauses(tickets)
    whole, piles = _Pile(), {part: defaultdict[str, _Pile](_Pile) for part in PARTS}
    for pk, received, answered, *values in rows.iterator(chunk_size=5000):
        minutes = None if answered is None else working_minutes(received, answered, pauses.get(pk, ()))
        whole.add(minutes)
        for part, value in zip(PARTS, values, strict=True):
            piles[part][value or NONE].add(minutes)
    return Figures(
        number=whole.number,
        delays=_delays(whole.minutes),
        parts={part: _parts(found) for part, found in piles.items()},
        counted_at=timezone.now(),
    )


def _pauses(tickets: QuerySet[Ticket]) -> dict[int, list[Pause]]:
    found: dict[int, list[Pause]] = defaultdict(list)
    rows = WaitingPause.objects.filter(ticket__in=tickets.order_by().values("pk"))
    for ticket, start, end in rows.order_by().values_list("ticket", "started_at", "ended_at").iterator():
        found[ticket].append((start, end))
    return found


def _parts(piles: dict[str, _Pile]) -> list[Part]:
    ordered = sorted(piles.items(), key=lambda each: (each[0] == NONE, -each[1].number, each[0]))
    return [Part(value, pile.number, _delays(pile.minutes)) for value, pile in ordered]


def _delays(minutes: Sequence[int]) -> Delays:
    ordered = sorted(minutes)
    return Delays(len(ordered), percentile(ordered, 50), percentile(ordered, 90))


def percentile(ordered: Sequence[int], share: int) -> int | None:
    """The nearest rank: the smallest value that so many per cent of them do not exceed. None of nothing."""
    return ordered[max(0, ceil(len(ordered) * share / 100) - 1)] if ordered else None


# --- Names ---------------------------------------------------------------------------------------


def names_of(figures: Figures) -> dict[str, dict[str, str]]:
    """What the values are called in the reader's language, part by part. Three queries."""
    found: dict[str, dict[str, str]] = {
        part: {value: str(label) for value, label in choices.choices} for part, choices in CHOICES.items()
    }
    terms = _texts(TaxonomyTerm.objects.filter(code__in=_values(figures, "theme", "audience")), "code")
    found |= {"theme": terms, "audience": terms}
    found["basin"] = _texts(Basin.objects.all(), "code")
    found["municipality"] = _texts(
        Municipality.objects.filter(nis_code__in=_values(figures, "municipality")), "nis_code"
    )
    return found


def _values(figures: Figures, *parts: str) -> list[str]:
    return [part.value for name in parts for part in figures.parts.get(name, [])]


def _texts(rows: Iterable[Any], key: str) -> dict[str, str]:
    return {getattr(row, key): str(text(row, "name")) for row in rows}
