"""Why a ticket is with its basin, in the reader's words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from basins.rules.routing import UnknownPostcode, candidates
from core.bilingual import text
from helpdesk.enums import RoutingReason
from helpdesk.models import Ticket


def why_here(ticket: Ticket, *, to_colleagues: bool = False) -> str:
    """One sentence, e.g. “1040, in the municipality of Etterbeek, is served by the South-East basin.”

    To who asked, or ``to_colleagues`` at the desk.
    """
    basin = str(text(ticket.basin, "name"))
    reason = RoutingReason(ticket.routing)
    if reason in {RoutingReason.ONLY, RoutingReason.MAIN} and ticket.postcode:
        return _of_postcode(ticket) or _("The place lies in the %(basin)s basin.") % {"basin": basin}
    sentences = _at_the_desk() if to_colleagues else _to_the_asker()
    return sentences.get(reason, _("The place lies in the %(basin)s basin.")) % {"basin": basin}


def _to_the_asker() -> dict[RoutingReason, str]:
    return {
        RoutingReason.CHOSEN: _("You chose the %(basin)s basin."),
        RoutingReason.PAGE: _("You asked on the page of the %(basin)s basin, and its helpdesk looks first."),
        RoutingReason.ADDRESS: _("You wrote to the address of the %(basin)s basin."),
        RoutingReason.CORRECTED: _("A helpdesk saw that the place lies in the %(basin)s basin."),
        RoutingReason.HANDED_OVER: _("Another basin handed your question over to the %(basin)s basin."),
    }


def _at_the_desk() -> dict[RoutingReason, str]:
    return {
        RoutingReason.CHOSEN: _("Who asked chose the %(basin)s basin."),
        RoutingReason.PAGE: _("Asked on the page of the %(basin)s basin: is the place there?"),
        RoutingReason.ADDRESS: _("Written to the address of the %(basin)s basin: is the place there?"),
        RoutingReason.CORRECTED: _("A helpdesk saw that the place lies in the %(basin)s basin."),
        RoutingReason.HANDED_OVER: _("Handed over to the %(basin)s basin by another one."),
    }


def _of_postcode(ticket: Ticket) -> str:
    try:
        found = candidates(ticket.postcode)
    except UnknownPostcode:
        return ""
    return next((each.reason for each in found if each.basin == ticket.basin), "")
