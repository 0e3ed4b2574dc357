"""What happens with each kind of request, as who asked is told at once."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk.enums import TicketKind

_WHAT_HAPPENS: dict[TicketKind, Promise] = {
    TicketKind.QUESTION: _(
        "The helpdesk has your question. It looks for an answer with you, Monday to Friday, 9:00 to 17:00."
    ),
    TicketKind.COORDINATOR: _(
        "The helpdesk has your request for a coordinator from outside. It first asks you who is around the person "
        "already, then looks for who can bring everybody together."
    ),
    TicketKind.MEDIATION: _(
        "The helpdesk has your request for a mediation. It hears you first, and speaks to nobody else before you agree."
    ),
    TicketKind.ETHICS: _(
        "The helpdesk has your ethical question. There may be no single right answer: it looks for people with whom "
        "you can think it through."
    ),
    TicketKind.BLOCKED: _(
        "The helpdesk has the situation that is blocked. It asks you what was tried already, then looks with others "
        "for a way out, also with an expert where one can help."
    ),
}


def what_happens(kind: str) -> str:
    """One sentence or two, in the reader's language."""
    return str(_WHAT_HAPPENS[TicketKind(kind)])
