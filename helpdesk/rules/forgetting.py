"""Erasing words and people of the helpdesk, on demand or in time: what was said goes, the figures stay.

Of a ticket there remain basin, municipality, kind, terms, profession, channel, states and their moments, outcome, and
whether it helped; of an answer which records it named. Nobody can be told from that. An example that is public stays:
there is nobody in it; one that is not goes along.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from helpdesk.enums import EventKind, ExampleState, TicketState
from helpdesk.models import (
    AnswerRecord,
    AskedDocument,
    Asker,
    Example,
    HeldMail,
    Message,
    SentLetter,
    Ticket,
    TicketEvent,
)
from helpdesk.queries import tickets_of
from helpdesk.rules.experts import erase_calls

logger = logging.getLogger(__name__)

ERASED = "—"
BATCH = 500


@transaction.atomic
def forget(*, email: str) -> tuple[int, list[Ticket]]:
    """Erase an address with all that was said in its tickets; returns the rows changed, and the tickets kept.

    A ticket that is not closed is kept: somebody works on it, and its answer has to reach who asked. Mail that waits to
    be looked at goes at once. Locks the tickets by key.
    """
    address = email.strip().lower()
    mine = tickets_of(address).filter(anonymised_at=None)
    kept = list(mine.exclude(state=TicketState.CLOSED))
    erased = _erase(mine.filter(state=TicketState.CLOSED).values_list("pk", flat=True))
    return erased + HeldMail.objects.filter(from_email__iexact=address).delete()[0], kept


def forget_closed_before(limit: dt.datetime) -> int:
    """Make anonymous what was closed before that moment, in batches of their own; returns the rows changed.

    Again: nothing changes. Mail that nobody looked at, or threw away, goes after the same time.
    """
    erased = 0
    while keys := list(
        Ticket.objects.filter(state=TicketState.CLOSED, closed_at__lt=limit, anonymised_at=None)
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    ):
        with transaction.atomic():
            erased += _erase(keys)
    erased += HeldMail.objects.filter(received_at__lt=limit).delete()[0]
    if erased:
        logger.info("%d rows of tickets closed before %s were erased", erased, limit.date())
    return erased


def _erase(keys: Iterable[int]) -> int:
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(keys)).order_by("pk")
    found = [row.pk for row in rows if row.state == TicketState.CLOSED]
    if not found:
        return 0
    now = timezone.now()
    words = {"body": "", "quoted": "", "message_id": "", "in_reply_to": "", "references": [], "modified": now}
    erased = Message.objects.filter(ticket__in=found).update(**words)
    for record in AnswerRecord.objects.filter(message__ticket__in=found).exclude(snapshot={}):
        record.snapshot = {}
        record.save(update_fields=["snapshot"])
    TicketEvent.objects.filter(ticket__in=found).exclude(note="").update(note="", modified=now)
    SentLetter.objects.filter(ticket__in=found).delete()
    HeldMail.objects.filter(ticket__in=found).delete()
    erased += AskedDocument.objects.filter(ticket__in=found).delete()[0]
    erased += erase_calls(found)
    Example.objects.filter(ticket__in=found).exclude(state=ExampleState.PUBLISHED).delete()
    nobody = {"name": ERASED, "email": "", "phone": "", "organisation": "", "function": "", "modified": now}
    erased += Asker.objects.filter(ticket__in=found).update(**nobody)
    erased += Ticket.objects.filter(pk__in=found).update(
        subject=ERASED,
        postcode="",
        helped_words="",
        key=None,
        search_vector=None,
        answering_by=None,
        answering_until=None,
        anonymised_at=now,
        modified=now,
    )
    TicketEvent.objects.bulk_create(TicketEvent(ticket_id=key, kind=EventKind.FORGOTTEN, at=now) for key in found)
    return erased
