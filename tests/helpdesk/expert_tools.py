"""Experts for tests: Wim, who knows about palliative care, and questions to him."""

from __future__ import annotations

from typing import Any

from basins.models import Basin, User
from helpdesk.expert_enums import ExpertDomain
from helpdesk.models import Expert, ExpertCall, Ticket
from helpdesk.rules import experts
from helpdesk.rules.pool import ExpertData
from tests.helpdesk.factories import ExpertFactory

QUESTION = "Peut-on arrêter l’alimentation à domicile, et qui accompagne la famille ?"


def expert(*basins: Basin, **fields: Any) -> Expert:
    """In the pool unless said otherwise; without basins for the whole Region."""
    row = ExpertFactory(**fields)
    row.basins.set(basins)
    return row


def bring_in(ticket: Ticket, who: Expert, by: User, **more: Any) -> ExpertCall:
    data = {"domain": ExpertDomain.PALLIATIVE, "question": QUESTION, **more}
    return experts.bring_in(ticket=ticket, expert=who, by=by, **data)


def data(**more: Any) -> ExpertData:
    """What Wim tells of himself."""
    told: dict[str, Any] = {
        "name": "Wim",
        "email": "wim@example.org",
        "language": "nl",
        "languages": ["nl"],
        "domains": ["palliative"],
    }
    return ExpertData(**told | more)
