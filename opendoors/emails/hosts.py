"""To hosts: their link, the team's word; and to the team: what a host did by its link."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import spoken
from core.bilingual import text
from core.mail import Letter, absolute_url, letter
from opendoors import staff_queries
from opendoors.enums import HostState, VisitState
from opendoors.models import Host, Visit
from opendoors.queries_hosts import host_url

TEMPLATE = "opendoors/mail/host"


def _host_of(params: dict[str, Any]) -> Host:
    return Host.objects.select_related("edition__basin").get(uuid=params["host"])


def _names(host: Host) -> dict[str, str]:
    return {"host": host.name, "name": str(text(host.edition, "name"))}


def _letter(
    host: Host, subject: str, lead: str, *, note: str = "", label: str = "", with_visits: bool = True
) -> Letter:
    """One layout for all: a sentence, the team's word, the visits, the host's own link."""
    visits = host.visits.exclude(state=VisitState.CANCELLED).select_related("place__municipality", "host")
    context = {
        "basin": host.edition.basin,
        "host": host,
        "lead": lead,
        "note": note,
        "visits": visits.order_by("starts_at", "pk") if with_visits else [],
        "link": absolute_url(host_url(host)),
        "link_label": label or _("See and change what we wrote of you"),
    }
    return Letter(subject, TEMPLATE, context)


@letter("opendoors.host_proposed", title=gettext_lazy("A host signed up"))
def host_proposed(params: dict[str, Any]) -> Letter:
    """Right after signing up: thanks, what happens next, the link."""
    host = _host_of(params)
    lead = _(
        "Thank you for opening your door at %(name)s. The team reads your proposal and writes to you. "
        "With the button below you can change it at any time; keep this mail."
    ) % _names(host)
    return _letter(host, _("Your proposal for %(name)s has arrived") % _names(host), lead)


@letter("opendoors.host_link", title=gettext_lazy("Link of a host"))
def host_link(params: dict[str, Any]) -> Letter:
    """The link again, asked for on the page of the call or sent to a new address."""
    host = _host_of(params)
    lead = _("This is the link of %(host)s for %(name)s: what you wrote, your visits and who comes.") % _names(host)
    return _letter(host, _("Your link for %(name)s") % _names(host), lead, with_visits=False)


@letter("opendoors.host_contact_changed", title=gettext_lazy("A host has another contact"))
def host_contact_changed(params: dict[str, Any]) -> Letter:
    """To who was the contact: the link that this person had opens nothing any more."""
    host = _host_of(params)
    lead = _(
        "%(host)s has another contact for %(name)s. Our mails go there from now on, and the link you had "
        "no longer opens anything. If that is not right, answer this mail."
    ) % _names(host)
    context = {"basin": host.edition.basin, "host": host, "lead": lead, "was_contact": True}
    return Letter(_("You are no longer the contact of %(host)s") % _names(host), TEMPLATE, context)


@letter("opendoors.host_accepted", title=gettext_lazy("A host was accepted"))
def host_accepted(params: dict[str, Any]) -> Letter | None:
    host = _host_of(params)
    if host.state != HostState.ACCEPTED:
        return None
    lead = _("Good news: %(host)s takes part in %(name)s. These visits are in the programme:") % _names(host)
    if not host.visits.filter(state=VisitState.PLANNED).exists():
        lead = _("Good news: %(host)s takes part in %(name)s.") % _names(host)
    return _letter(host, _("%(host)s takes part in %(name)s") % _names(host), lead, note=host.decision_note)


@letter("opendoors.host_changes", title=gettext_lazy("A host was asked for a change"))
def host_changes(params: dict[str, Any]) -> Letter | None:
    host = _host_of(params)
    if host.state != HostState.CHANGES:
        return None
    lead = _(
        "We read the proposal of %(host)s for %(name)s and would like a change before we say yes. "
        "Change it with the button below, then press “Propose again”."
    ) % _names(host)
    subject = _("A change, please: your proposal for %(name)s") % _names(host)
    return _letter(host, subject, lead, note=host.decision_note, label=_("Change the proposal"))


@letter("opendoors.host_refused", title=gettext_lazy("A host was refused"))
def host_refused(params: dict[str, Any]) -> Letter | None:
    host = _host_of(params)
    if host.state != HostState.REFUSED:
        return None
    lead = _("Thank you for proposing %(host)s for %(name)s. We cannot take it into the programme.") % _names(host)
    subject = _("Your proposal for %(name)s") % _names(host)
    return _letter(host, subject, lead, note=host.decision_note, with_visits=False, label=_("See the proposal"))


@letter("opendoors.host_withdrawn", title=gettext_lazy("A host withdrew"))
def host_withdrawn(params: dict[str, Any]) -> Letter | None:
    host = _host_of(params)
    if host.state != HostState.WITHDRAWN:
        return None
    lead = _("%(host)s no longer takes part in %(name)s. Whoever had booked a visit is told.") % _names(host)
    subject = _("%(host)s no longer takes part") % _names(host)
    return _letter(host, subject, lead, note=host.decision_note, with_visits=False, label=_("See the proposal"))


@letter("opendoors.host_visit_accepted", title=gettext_lazy("A further visit was accepted"))
def host_visit_accepted(params: dict[str, Any]) -> Letter | None:
    host = _host_of(params)
    visit = Visit.objects.filter(uuid=params["visit"], state=VisitState.PLANNED).first()
    if visit is None:
        return None
    lead = _("Your further visit is in the programme: %(when)s.") % {"when": spoken.moment(visit.starts_at)}
    return _letter(host, _("Your visit is in the programme"), lead)


@letter("opendoors.host_visit_refused", title=gettext_lazy("A further visit was refused"))
def host_visit_refused(params: dict[str, Any]) -> Letter:
    host = _host_of(params)
    lead = _("We cannot take your further visit into the programme: %(when)s.") % {"when": _when(params["starts_at"])}
    return _letter(host, _("Your further visit"), lead, note=params["note"])


# --- To the team ---------------------------------------------------------------------------------

EVENTS = {
    "proposed": (
        gettext_lazy("%(host)s wants to open its door"),
        gettext_lazy("%(host)s signed up for %(name)s and waits for your word."),
    ),
    "again": (
        gettext_lazy("%(host)s proposes again"),
        gettext_lazy("%(host)s put its proposal for %(name)s right and waits for your word."),
    ),
    "withdrawn": (gettext_lazy("%(host)s withdrew"), gettext_lazy("%(host)s withdrew from %(name)s.")),
    "renamed": (
        gettext_lazy("%(host)s has a new name"),
        gettext_lazy("“%(before)s” is now called “%(host)s” in %(name)s."),
    ),
    "place": (
        gettext_lazy("%(host)s has a new address"),
        gettext_lazy("%(host)s receives elsewhere than before (%(before)s). Whoever booked is told."),
    ),
    "visit_new": (
        gettext_lazy("%(host)s adds a visit"),
        gettext_lazy("%(host)s adds a visit: %(when)s. It waits for your word."),
    ),
    "visit_moved": (
        gettext_lazy("%(host)s moved a visit"),
        gettext_lazy("%(host)s moved its visit of %(before)s; it is now: %(when)s. Whoever booked is told."),
    ),
    "visit_off": (
        gettext_lazy("%(host)s called a visit off"),
        gettext_lazy("%(host)s called off its visit of %(before)s."),
    ),
}


@letter("opendoors.team_host", title=gettext_lazy("What a host did"))
def team_host(params: dict[str, Any]) -> Letter:
    """One event of one host, in a sentence, with the way to its page."""
    host = _host_of(params)
    subject, lead = _said(host, params)
    told = params.get("told", 0)
    if told:
        words = ngettext("%(number)d letter goes to visitors.", "%(number)d letters go to visitors.", told)
        lead = f"{lead} {words % {'number': told}}"
    context = {
        "basin": host.edition.basin,
        "host": host,
        "lead": lead,
        "visits": [],
        "link": absolute_url(staff_queries.host_url(host)),
        "link_label": _("To the host"),
        "to_team": True,
    }
    return Letter(subject, TEMPLATE, context)


def _said(host: Host, params: dict[str, Any]) -> tuple[str, str]:
    """Subject and sentence of an event."""
    names = _names(host) | {"before": _when(params.get("before", "")), "when": _when_of_visit(params)}
    subject, sentence = EVENTS[params["what"]]
    return str(subject % names), str(sentence % names)


def _when(value: str) -> str:
    """A moment in words; what is no moment (a former name, an address) stays as it is."""
    try:
        return spoken.moment(dt.datetime.fromisoformat(value))
    except ValueError:
        return value


def _when_of_visit(params: dict[str, Any]) -> str:
    visit = Visit.objects.filter(uuid=params["visit"]).first() if "visit" in params else None
    return spoken.moment(visit.starts_at) if visit else ""
