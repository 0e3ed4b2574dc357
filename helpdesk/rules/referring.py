"""Another helpline of the directory goes on: who asked gets its record as it stands, and the ticket ends so."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from basins.models import User
from core.bilingual import text
from directory.enums import ServiceKind
from directory.models import Service
from directory.standing import standing
from helpdesk.enums import Channel, EventKind, Outcome
from helpdesk.errors import TicketInvalid
from helpdesk.models import Ticket
from helpdesk.rules import answering, handling
from helpdesk.rules.log import locked, note_event

logger = logging.getLogger(__name__)


@transaction.atomic
def refer(*, ticket: Ticket, record: UUID, words: str, by: User, seen: UUID | None = None) -> Ticket:
    """Hand a ticket over to a helpline of the directory: an answer with its record, frozen, then closed as passed on.

    Nothing of the ticket goes to the helpline: who asked decides whom they tell what. ``seen``: as for an answer. Locks
    the ticket. Raises what :func:`answering.answer` and :func:`handling.close` raise, and ``TicketInvalid`` for a
    record that is no helpline.
    """
    row = locked(ticket)
    line = helpline(record)
    if line is None:
        raise TicketInvalid(gettext_lazy("Choose a helpline of the directory."), field="record")
    with override(row.asker.language):
        name = str(text(line, "name"))
        body = words.strip() or _("%(name)s can help you further with this. Here is how to reach them.") % {
            "name": name
        }
    channel = Channel.WEB if row.asker.email else Channel.PHONE
    answering.answer(ticket=row, body=body, records=[line.uuid], by=by, seen=seen, channel=channel)
    note_event(row, EventKind.REFERRED, by=by, note=name)
    logger.info("ticket %s was passed on to helpline %s", row.code, line.uuid)
    return handling.close(ticket=row, outcome=Outcome.REFERRED, by=by)


def helpline(record: UUID) -> Service | None:
    """The phone line of the directory to which an identifier leads now."""
    found = standing([record]).get(record)
    service = found.service if found is not None else None
    return service if service is not None and service.kind == ServiceKind.PHONE_LINE else None
