"""To visitors and hosts, afterwards: how was it? Once, and a reminder where nobody answered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.bilingual import text
from core.mail import Letter, absolute_url, letter
from opendoors import queries_answers
from opendoors.emails.common import visitor_of
from opendoors.models import Answer, Edition, Host
from opendoors.rules.answering import why_host_cannot, why_visitor_cannot

TEMPLATE = "opendoors/mail/evaluation"


@letter("opendoors.evaluation_visitor", title=gettext_lazy("How were your visits?"))
def evaluation_visitor(params: dict[str, Any]) -> Letter | None:
    """The day after a visitor's last visit; a week later to who has not answered."""
    visitor = visitor_of(params)
    if Answer.objects.filter(visitor=visitor).exists() or why_visitor_cannot(visitor):
        return None
    links = [("", absolute_url(queries_answers.evaluate_url(visitor)))]
    return _letter(visitor.edition, links, lead=_lead(visitor.edition), is_reminder=params["stage"] == "reminder")


@letter("opendoors.evaluation_host", title=gettext_lazy("How was it to open your door?"))
def evaluation_host(params: dict[str, Any]) -> Letter | None:
    """The day after the week, one letter to a contact, who may speak for several services."""
    host = Host.objects.select_related("edition__basin").get(uuid=params["host"])
    edition = host.edition
    hosts = [
        each
        for each in queries_answers.unanswered_hosts(edition, host.contact_email)
        if host.contact_email and not why_host_cannot(each)
    ]
    if not hosts:
        return None
    links = [(each.name, absolute_url(queries_answers.evaluate_host_url(each))) for each in hosts]
    lead = ngettext(
        "Your service opened its door at %(name)s: thank you. How was it? One minute is enough, "
        "and it makes the next week better.",
        "Your services opened their doors at %(name)s: thank you. How was it? One minute each is enough, "
        "and it makes the next week better.",
        len(hosts),
    ) % {"name": text(edition, "name")}
    return _letter(edition, links, lead=lead, is_reminder=params["stage"] == "reminder")


def _lead(edition: Edition) -> str:
    return _(
        "You visited colleagues at %(name)s. How was it? One minute is enough, and it makes the next week better."
    ) % {"name": text(edition, "name")}


def _letter(edition: Edition, links: list[tuple[str, str]], *, lead: str, is_reminder: bool) -> Letter:
    subject = _("How was %(name)s?") % {"name": text(edition, "name")}
    if is_reminder:
        subject = _("One minute for %(name)s? We ask once more, then no more.") % {"name": text(edition, "name")}
    return Letter(subject, TEMPLATE, {"basin": edition.basin, "lead": lead, "links": links})
