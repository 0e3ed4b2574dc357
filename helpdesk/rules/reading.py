"""Every reading of a ticket by staff is a row: who reads about whom can be asked afterwards."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from basins.models import User
from helpdesk.models import AskedDocument, Ticket, TicketRead
from helpdesk.rules.log import refuse_stranger

SAME_READING = dt.timedelta(minutes=5)


def note_read(*, ticket: Ticket, by: User) -> None:
    """Note that a colleague opened a ticket; what reloads within minutes is the same reading. Raises ``NotYours``.

    Bookkeeping that changes nothing anybody sees: a page that is only shown writes it
    (``core.middleware.writing_allowed``).
    """
    refuse_stranger(ticket, by)
    lately = TicketRead.objects.filter(ticket=ticket, reader=by, read_at__gte=timezone.now() - SAME_READING)
    if not lately.exists():
        TicketRead.objects.create(ticket=ticket, reader=by)


@transaction.atomic
def note_download(*, document: AskedDocument, by: User) -> None:
    """Note that a colleague takes the file of a ticket: each time is a row of its own. Raises ``NotYours``.

    Bookkeeping as :func:`note_read`.
    """
    refuse_stranger(document.ticket, by)
    TicketRead.objects.create(ticket=document.ticket, reader=by, took_document=True)
