"""Who may do what at the helpdesk: one sentence, one function.

What somebody may see is not asked here but fetched: ``queries.tickets_for``, and by link ``queries.by_link``.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from basins.access import holds, holds_somewhere
from basins.models import PartnerKey, User
from basins.rights import Right
from helpdesk.models import Ticket

SCOPE_ASK = "helpdesk:ask"


def answers_for(user: User | AnonymousUser, basin: str) -> bool:
    """Who holds the right answers the basin's tickets: its helpdesk and its coordinator."""
    return holds(user, Right.ANSWER_TICKETS, basin)


def may_answer(user: User | AnonymousUser, ticket: Ticket) -> bool:
    """A ticket is read and answered by the helpdesk of the basin it is with now."""
    return answers_for(user, ticket.basin.code)


def manages_helpdesk(user: User | AnonymousUser, basin: str | None) -> bool:
    """Targets, sentences to reuse and the list of who reads what are the coordinator's (``None``: the Region's)."""
    return holds(user, Right.MANAGE_HELPDESK, basin)


def may_ask_for_others(key: PartnerKey, basin: str) -> bool:
    """A partner's key asks in the basins it was given for."""
    return SCOPE_ASK in key.scopes and basin in {each.code for each in key.basins.all()}


def may_follow(key: PartnerKey, ticket: Ticket) -> bool:
    """A partner follows what was asked with its own key, wherever it was handed over to."""
    return SCOPE_ASK in key.scopes and ticket.key_id == key.pk


def answers_somewhere(user: User | AnonymousUser) -> bool:
    """Who answers at one helpdesk notes a call for any basin: the caller does not know whom to call."""
    return holds_somewhere(user, Right.ANSWER_TICKETS)
