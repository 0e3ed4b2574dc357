"""Two tickets about the same, of the same person: one thread, and a way from the other to it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from helpdesk.enums import EventKind, Outcome, TicketState
from helpdesk.errors import StepRefused, TicketClosed, TicketInvalid
from helpdesk.models import SentLetter, Ticket
from helpdesk.rules import documents, telling
from helpdesk.rules.experts import move_calls
from helpdesk.rules.indexing import index
from helpdesk.rules.log import locked_all, note_event, refuse_erased, refuse_stranger, step
from helpdesk.rules.targets import due_of


@transaction.atomic
def merge(*, ticket: Ticket, into: Ticket, by: User) -> Ticket:
    """Put all that was said in ``ticket`` into the thread of ``into``; its link and its mails lead there from now on.

    Only what one person asked twice: else one would read the words of the other. A call noted without an address may
    join what the same person wrote, on the colleague's word. Locks both tickets by key. Raises ``NotYours``,
    ``TicketInvalid``, ``TicketClosed``, ``StepRefused``.
    """
    if ticket.pk == into.pk:
        raise TicketInvalid(_("Choose another ticket."), field="into")
    row, target = locked_all([ticket, into])
    for each in (row, target):
        refuse_stranger(each, by)
        refuse_erased(each)
    if row.merged_into_id is not None or target.merged_into_id is not None:
        raise StepRefused(_("One of these tickets is merged already."))
    if target.is_closed:
        raise TicketClosed
    if row.asker.email and row.asker.email != target.asker.email:
        raise TicketInvalid(
            _("Two people asked: merged, one would read the words of the other. Answer each of them."), field="into"
        )
    now = timezone.now()
    row.messages.update(ticket=target, modified=now)
    move_calls(row, target, by=by)
    documents.move(row, target, by=by)
    SentLetter.objects.filter(ticket=row).update(ticket=target)
    row.merged.update(merged_into=target, modified=now)
    if not row.is_closed:
        step(row, TicketState.CLOSED, by=by, now=now)
        row.closed_at = now
    row.outcome, row.merged_into, row.due_at = Outcome.MERGED, target, None
    row.answering_by = row.answering_until = None
    row.save()
    note_event(row, EventKind.MERGED, by=by, after=target.code)
    telling.tell(telling.CLOSED, row, merged_into=target.code)
    note_event(target, EventKind.MERGED, by=by, before=row.code)
    target.received_at = min(target.received_at, row.received_at)
    moments = [each for each in (target.first_answered_at, row.first_answered_at) if each is not None]
    target.first_answered_at = min(moments, default=None)
    target.due_at = due_of(target)
    target.save()
    index(target)
    index(row)
    return target
