"""What is said to colleagues of the desk: a ticket runs late, a mail came back. Nothing of the question is in it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.mail import Letter, absolute_url, letter
from helpdesk.enums import ON_THE_DESK
from helpdesk.models import Ticket
from helpdesk.rules.overdue import Step


@letter("helpdesk.overdue", title=gettext_lazy("A ticket runs late"))
def overdue(params: dict[str, Any]) -> Letter | None:
    """Before the time is up, when it is up, and a working day later; nothing once it was answered or waits."""
    ticket = Ticket.objects.select_related("basin", "assignee").get(uuid=params["ticket"])
    if ticket.state not in ON_THE_DESK or ticket.due_at is None:
        return None
    code = {"code": ticket.code}
    subject = {
        Step.SOON: _("[%(code)s] The answer is due within the hour") % code,
        Step.OVERDUE: _("[%(code)s] The answer is overdue") % code,
        Step.ESCALATED: _("[%(code)s] The answer is overdue for a working day") % code,
    }[Step(params["step"])]
    page = reverse("helpdesk:staff_ticket", kwargs={"basin": ticket.basin.code, "code": ticket.code})
    context = {
        "basin": ticket.basin,
        "ticket": ticket,
        "is_escalated": params["step"] == Step.ESCALATED,
        "link": absolute_url(page),
    }
    return Letter(subject, "helpdesk/mail/overdue", context)


@letter("helpdesk.came_back", title=gettext_lazy("A mail to who asked came back"))
def came_back(params: dict[str, Any]) -> Letter | None:
    """The answer did not arrive: call, or ask for another address. Said once per mail."""
    ticket = Ticket.objects.select_related("basin").get(uuid=params["ticket"])
    if ticket.anonymised_at is not None:
        return None
    page = reverse("helpdesk:staff_ticket", kwargs={"basin": ticket.basin.code, "code": ticket.code})
    subject = _("[%(code)s] A mail to who asked came back") % {"code": ticket.code}
    context = {"basin": ticket.basin, "ticket": ticket, "link": absolute_url(page)}
    return Letter(subject, "helpdesk/mail/came_back", context)
