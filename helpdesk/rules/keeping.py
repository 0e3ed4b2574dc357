"""What a coordinator keeps for the desk: the targets of the basin, and sentences to reuse."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.people import NotYours
from basins.rules.privacy import refuse_national_numbers
from core.bilingual import both
from helpdesk import access
from helpdesk.enums import ON_THE_DESK
from helpdesk.errors import TicketInvalid
from helpdesk.models import ServiceTarget, Snippet, Ticket
from helpdesk.rules.log import check_row, locked
from helpdesk.rules.targets import due_of

logger = logging.getLogger(__name__)


@transaction.atomic
def set_target(*, target: ServiceTarget, by: User) -> ServiceTarget:
    """Say within how many working hours a basin answers; what is on its desk is due by the new target at once.

    Locks each ticket on the desk in turn. Raises ``NotYours``, ``TicketInvalid``.
    """
    if not access.manages_helpdesk(by, target.basin.code):
        raise NotYours(_("The targets are set by the coordinator of the basin."))
    check_row(target)
    target.save()
    for ticket in Ticket.objects.filter(basin=target.basin, state__in=ON_THE_DESK).order_by("pk"):
        row = locked(ticket)
        row.due_at = due_of(row)
        row.save(update_fields=["due_at", "modified"])
    logger.info("the targets of %s are %s and %s h", target.basin.code, target.first_answer_hours, target.reply_hours)
    return target


@transaction.atomic
def keep_snippet(*, snippet: Snippet, by: User) -> Snippet:
    """Write sentences to reuse, in both languages: who asks is answered in theirs. Raises ``NotYours``,
    ``TicketInvalid``, ``NationalNumberFound``.
    """
    _refuse_stranger(snippet, by)
    for name in ("title", "body"):
        for code, words in both(snippet, name).items():
            if not words.strip():
                raise TicketInvalid(_("Write it in both languages."), field=f"{name}_{code}")
            refuse_national_numbers(**{f"{name}_{code}": words})
    check_row(snippet)
    snippet.save()
    return snippet


@transaction.atomic
def drop_snippet(*, snippet: Snippet, by: User) -> None:
    """Take sentences away; answers that used them keep their words. Raises ``NotYours``."""
    _refuse_stranger(snippet, by)
    snippet.delete()


def _refuse_stranger(snippet: Snippet, by: User) -> None:
    if not access.manages_helpdesk(by, snippet.basin.code if snippet.basin else None):
        raise NotYours(_("Sentences of a basin are kept by its coordinator, those of all five by the Region."))
