"""The words by which the desk finds a ticket again: subject and thread, folded, without stemming of any language."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from core.text import fold
from helpdesk.models import Ticket

CONFIG = "simple"
LONGEST = 200_000  # characters; PostgreSQL holds a megabyte of words at most


def index(ticket: Ticket) -> None:
    """Write anew what search keeps of a ticket. Called by each rule that writes words, under the ticket's lock."""
    words = [ticket.code, ticket.subject, *ticket.messages.values_list("body", flat=True)]
    if ticket.asker.organisation:
        words.append(ticket.asker.organisation)
    folded = fold("\n".join(words))[:LONGEST]
    Ticket.objects.filter(pk=ticket.pk).update(search_vector=SearchVector(Value(folded), config=CONFIG))
