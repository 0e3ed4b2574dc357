"""What is said to experts, and to colleagues about them. Of a ticket only the desk's question stands in such a mail."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.models import Basin
from core.mail import Letter, absolute_url, letter
from helpdesk import expert_queries
from helpdesk.expert_enums import IN_TOUCH, CallState, ExpertDomain, ExpertState
from helpdesk.mail_headers import reply_to
from helpdesk.models import Expert, ExpertCall

TEMPLATE = "helpdesk/mail"


# --- About a ticket ------------------------------------------------------------------------------


@letter("helpdesk.expert_asked", title=gettext_lazy("Question to an expert"), is_secret=True)
def asked(params: dict[str, Any]) -> Letter | None:
    """The question, until when, and the link to the ticket; nothing once it is over."""
    call = _call_of(params)
    if not call.is_open or not call.expert.email:
        return None
    subject = _("[%(code)s] A question for you: %(domain)s") % _named(call)
    return Letter(subject, f"{TEMPLATE}/expert_asked", _context(call), headers=reply_to(call.ticket))


@letter("helpdesk.expert_reminder", title=gettext_lazy("Reminder of a question to an expert"), is_secret=True)
def reminder(params: dict[str, Any]) -> Letter | None:
    """Once, when half of the time is over."""
    call = _call_of(params)
    if not call.is_open or not call.expert.email:
        return None
    subject = _("[%(code)s] Our question still waits: %(domain)s") % _named(call)
    context = {**_context(call), "is_reminder": True}
    return Letter(subject, f"{TEMPLATE}/expert_asked", context, headers=reply_to(call.ticket))


@letter("helpdesk.expert_over", title=gettext_lazy("An expert is no longer waited for"), is_secret=True)
def over(params: dict[str, Any]) -> Letter | None:
    """Withdrawn, or the time is over: nothing to do any more, and thanks."""
    call = _call_of(params)
    if call.state != params["state"] or not call.expert.email:
        return None
    subject = _("[%(code)s] Nothing to do for you any more") % _named(call)
    context = {**_context(call), "has_lapsed": call.state == CallState.LAPSED, "word": call.word}
    return Letter(subject, f"{TEMPLATE}/expert_over", context, headers=reply_to(call.ticket))


@letter("helpdesk.expert_thanks", title=gettext_lazy("Thanks to an expert"), is_secret=True)
def thanks(params: dict[str, Any]) -> Letter | None:
    """Thank you for an answer, in the colleague's words where there are some."""
    call = _call_of(params)
    if not call.expert.email:
        return None
    number = call.expert.calls.filter(state=CallState.ANSWERED).count()
    subject = _("[%(code)s] Thank you") % _named(call)
    context = {**_context(call), "words": params["words"], "number": number}
    return Letter(subject, f"{TEMPLATE}/expert_thanks", context, headers=reply_to(call.ticket))


@letter("helpdesk.expert_said", title=gettext_lazy("What became of a question to an expert"), is_secret=True)
def said(params: dict[str, Any]) -> Letter | None:
    """To the colleague who has the ticket: answered, or not; then who could be asked next."""
    call = _call_of(params)
    if call.ticket.anonymised_at is not None:
        return None
    state = CallState(params["state"])
    words = {
        CallState.ANSWERED: _("[%(code)s] An expert has answered"),
        CallState.DECLINED: _("[%(code)s] An expert cannot answer"),
        CallState.LAPSED: _("[%(code)s] An expert did not answer in time"),
    }.get(state, _("[%(code)s] An expert has left the pool"))
    page = reverse("helpdesk:staff_ticket", kwargs={"basin": call.ticket.basin.code, "code": call.ticket.code})
    following = [] if state == CallState.ANSWERED or call.ticket.is_closed else _next(call)
    context = {
        "basin": call.ticket.basin,
        "ticket": call.ticket,
        "name": call.expert.name,
        "state": state.value,
        "word": call.word,
        "next": following,
        "link": absolute_url(page),
    }
    return Letter(words % _named(call), f"{TEMPLATE}/expert_said", context)


def _next(call: ExpertCall) -> list[tuple[str, str]]:
    found = [each for each in expert_queries.proposals(call.ticket, ExpertDomain(call.domain)) if not each.why_not]
    return [(each.expert.name, " · ".join(each.reasons)) for each in found[:2]]


def _call_of(params: dict[str, Any]) -> ExpertCall:
    rows = ExpertCall.objects.select_related("ticket__basin", "ticket__asker", "ticket__theme", "expert__home")
    return rows.get(uuid=params["call"])


def _named(call: ExpertCall) -> dict[str, str]:
    return {"code": call.ticket.code, "domain": str(call.get_domain_display())}


def _context(call: ExpertCall) -> dict[str, Any]:
    return {
        "basin": call.ticket.basin,
        "call": call,
        "link": absolute_url(expert_queries.call_url(call)),
        "own_link": absolute_url(expert_queries.own_url(call.expert)),
    }


# --- About the pool ------------------------------------------------------------------------------


@letter("helpdesk.expert_confirm", title=gettext_lazy("Confirm the address of an expert"), is_secret=True)
def confirm(params: dict[str, Any]) -> Letter | None:
    expert = _expert_of(params)
    if expert is None or expert.state != ExpertState.OFFERED:
        return None
    context = {"basin": expert.home, "expert": expert, "link": absolute_url(expert_queries.confirm_url(expert))}
    return Letter(_("Confirm that you offer to help"), f"{TEMPLATE}/expert_confirm", context)


@letter("helpdesk.expert_offered", title=gettext_lazy("Somebody offers to be an expert"), is_secret=True)
def offered(params: dict[str, Any]) -> Letter | None:
    """To the helpdesk: who, and where to say yes or no."""
    expert = _expert_of(params)
    if expert is None or expert.state != ExpertState.WAITING:
        return None
    page = reverse("helpdesk:staff_expert", kwargs={"basin": expert.home.code, "expert": expert.uuid})
    context = {"basin": expert.home, "expert": expert, "link": absolute_url(page)}
    return Letter(_("Somebody offers to be an expert"), f"{TEMPLATE}/expert_offered", context)


@letter("helpdesk.expert_welcome", title=gettext_lazy("Welcome to the pool of experts"), is_secret=True)
def welcome(params: dict[str, Any]) -> Letter | None:
    expert = _expert_of(params)
    if expert is None or expert.state != ExpertState.ACTIVE:
        return None
    context = {"basin": expert.home, "expert": expert, "link": absolute_url(expert_queries.own_url(expert))}
    return Letter(_("You are in the helpdesk’s pool of experts"), f"{TEMPLATE}/expert_welcome", context)


@letter("helpdesk.expert_link", title=gettext_lazy("Link to an expert’s own page"), is_secret=True)
def link(params: dict[str, Any]) -> Letter | None:
    expert = _expert_of(params)
    if expert is None or expert.state not in IN_TOUCH:
        return None
    context = {"basin": expert.home, "expert": expert, "link": absolute_url(expert_queries.own_url(expert))}
    return Letter(_("Your page in the pool of experts"), f"{TEMPLATE}/expert_link", context)


@letter("helpdesk.expert_not_taken", title=gettext_lazy("An offer that was not taken"), is_secret=True)
def not_taken(params: dict[str, Any]) -> Letter | None:
    basin = Basin.objects.filter(code=params["basin"]).first()
    context = {"basin": basin, "name": params["name"], "words": params["words"]}
    return Letter(_("Your offer to the helpdesk"), f"{TEMPLATE}/expert_not_taken", context)


def _expert_of(params: dict[str, Any]) -> Expert | None:
    return Expert.objects.select_related("home").filter(uuid=params["expert"]).first()
