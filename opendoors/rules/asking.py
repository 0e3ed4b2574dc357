"""Asking how it was: visitors the day after their last visit, hosts the day after the week.

Each person is asked once and, a week later, reminded once if there is no answer; never more. The job
runs every hour and works out what is due from the rows alone, so it may run twice or not for a day:
each letter is one key of the outbox. Who could not be asked within two weeks is not asked any more.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from core import mail
from core.models import OutboxMessage
from core.spoken import BRUSSELS
from opendoors.enums import BookedState, EditionState, HostState, VisitState
from opendoors.models import BookedVisit, Edition, Host
from opendoors.rules.answering import CAME

logger = logging.getLogger(__name__)

OF_VISITOR, OF_HOST = "opendoors.evaluation_visitor", "opendoors.evaluation_host"
HOUR = dt.time(9)  # in the morning, in Brussels
REMIND_AFTER = dt.timedelta(days=7)
ASK_WITHIN = dt.timedelta(days=14)
REMIND_WITHIN = dt.timedelta(days=30)
BATCH = 500
ASKED_STATES = (EditionState.OPEN, EditionState.CLOSED, EditionState.RUNNING, EditionState.EVALUATED)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be asked from ``due`` on."""

    kind: str
    who: str  # the parameter of the letter: "visitor" or "host"
    uuid: UUID
    email: str
    language: str
    scope: str
    due: dt.datetime

    def key(self, stage: str) -> str:
        return f"{self.kind}:{self.uuid}:{stage}"


def write_questions(*, now: dt.datetime) -> int:
    """Put every letter that is due at ``now`` into the outbox; returns how many were new.

    Needs no lock: the outbox refuses a key it has. Each batch is a transaction of its own.
    """
    written = 0
    today = timezone.localdate(now, BRUSSELS)
    editions = Edition.objects.filter(
        state__in=ASKED_STATES, starts_on__lt=today, ends_on__gte=today - REMIND_WITHIN
    ).select_related("basin")
    for edition in editions:
        for people in (_visitors(edition), _hosts(edition)):
            due = (person for person in people if person.due <= now < person.due + REMIND_WITHIN)
            while batch := list(islice(due, BATCH)):
                written += _write(batch, now)
    return written


def _morning_after(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), HOUR, tzinfo=BRUSSELS)


def _visitors(edition: Edition) -> Iterator[Person]:
    """Visitors of whom nobody said that they never came, and have not answered, by their last visit."""
    rows = (
        BookedVisit.objects.filter(
            visit__edition=edition,
            booking__visitor__answer=None,
            state=BookedState.CONFIRMED,
            visit__state=VisitState.PLANNED,
        )
        .values_list("booking__visitor__uuid", "booking__visitor__email", "booking__visitor__language")
        .annotate(last=Max("visit__ends_at"), came=Count("pk", filter=Q(attendance__in=CAME)))
        .filter(came__gt=0)
        .order_by("booking__visitor__uuid")
    )
    for uuid, email, language, last, _came in rows.iterator(chunk_size=2000):
        due = _morning_after(timezone.localtime(last, BRUSSELS).date())
        yield Person(OF_VISITOR, "visitor", uuid, email, language, edition.basin.code, due)


def _hosts(edition: Edition) -> Iterator[Person]:
    """One per contact, who may speak for several services, unless all of them have answered."""
    hosts = (
        Host.objects.filter(edition=edition, state=HostState.ACCEPTED, visits__state=VisitState.PLANNED)
        .exclude(contact_email="")
        .distinct()
        .select_related("answer")
        .order_by("pk")
    )
    contacts: dict[str, list[Host]] = {}
    for host in hosts:
        contacts.setdefault(host.contact_email.lower(), []).append(host)
    due = _morning_after(edition.ends_on)
    for email, group in contacts.items():
        first = group[0]  # names the letter, also once this one has answered
        if not all(hasattr(host, "answer") for host in group):
            yield Person(OF_HOST, "host", first.uuid, email, first.contact_language, edition.basin.code, due)


def _write(people: Sequence[Person], now: dt.datetime) -> int:
    keys = [person.key(stage) for person in people for stage in ("first", "reminder")]
    known: Mapping[str, dt.datetime] = dict(OutboxMessage.objects.filter(key__in=keys).values_list("key", "created"))
    written = 0
    with transaction.atomic():
        for person in people:
            stage = _stage(person, known, now)
            written += bool(stage) and _post(person, stage) is not None
    return written


def _stage(person: Person, known: Mapping[str, dt.datetime], now: dt.datetime) -> str:
    """Which letter somebody gets now: "first", "reminder" or none."""
    asked = known.get(person.key("first"))
    if asked is None:
        return "first" if now < person.due + ASK_WITHIN else ""
    is_reminded = person.key("reminder") in known
    return "reminder" if not is_reminded and now >= asked + REMIND_AFTER else ""


def _post(person: Person, stage: str) -> Any:
    return mail.post(
        person.kind,
        to=person.email,
        language=person.language,
        params={person.who: str(person.uuid), "stage": stage},
        key=person.key(stage),
        scope=person.scope,
    )
