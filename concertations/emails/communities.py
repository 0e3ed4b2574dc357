"""To those who apply to a community of practice, and to its members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concertations import queries_registrations as queries
from concertations.calendar_mine import events_of
from concertations.emails.registrations import Button
from concertations.enums_communities import MembershipState
from concertations.models import Membership, Registration
from concertations.rules import memberships as kinds
from core.bilingual import current_language, text
from core.calendar import MAIL_MIMETYPE, calendar_file
from core.mail import Attachment, Letter, absolute_url, letter

TEMPLATE = "concertations/mail/membership"


def membership_of(params: dict[str, Any]) -> Membership:
    """The row a letter is about."""
    return Membership.objects.select_related("participant__series__basin", "cycle__series__basin").get(
        uuid=params["membership"]
    )


def _letter(
    row: Membership,
    subject: str,
    lead: str,
    *,
    button: Button | None = None,
    with_promise: bool = False,
    attachments: Sequence[Attachment] = (),
) -> Letter:
    cycle = row.cycle
    sessions = cycle.sessions.select_related("meeting__municipality").order_by("meeting__starts_at")
    context = {
        "basin": cycle.series.basin,
        "series": cycle.series,
        "cycle": cycle,
        "row": row,
        "lead": lead,
        "button": button,
        "with_promise": with_promise,
        "sessions": sessions if row.state == MembershipState.ACCEPTED else (),
        "mine_link": absolute_url(queries.mine_url(row.participant)),
    }
    headers = {"Reply-To": cycle.series.contact_email} if cycle.series.contact_email else {}
    return Letter(subject, TEMPLATE, context, attachments, headers=headers)


def _words(row: Membership) -> dict[str, str]:
    return {"name": str(text(row.cycle.series, "name")), "cycle": row.cycle.name}


@letter(kinds.APPLIED, title=gettext_lazy("Application to a community"))
def applied(params: dict[str, Any]) -> Letter | None:
    """What happens next."""
    row = membership_of(params)
    if row.state != MembershipState.APPLIED:
        return None
    lead = _("Thank you: your application for %(name)s, cycle %(cycle)s, is with the team, which answers by mail.")
    return _letter(row, _("Your application: %(name)s") % _words(row), lead % _words(row))


@letter(kinds.TAKEN_IN, title=gettext_lazy("Taken into a community"))
def taken_in(params: dict[str, Any]) -> Letter | None:
    """The days, the promise, and the button to make it."""
    row = membership_of(params)
    if row.state != MembershipState.ACCEPTED or row.committed_at:
        return None
    lead = _("There is a place for you in %(name)s, cycle %(cycle)s. Say that you come to the whole cycle.")
    button = Button(_("I commit to the cycle"), absolute_url(_commit_page(row)))
    return _letter(
        row, _("A place for you: %(name)s") % _words(row), lead % _words(row), button=button, with_promise=True
    )


def _commit_page(row: Membership) -> str:
    return queries.mine_url(row.participant, "commit", cycle=str(row.cycle.uuid))


@letter(kinds.NOT_TAKEN, title=gettext_lazy("Not taken into a community this time"))
def not_taken_in(params: dict[str, Any]) -> Letter | None:
    """Not this time."""
    row = membership_of(params)
    if row.state != MembershipState.REFUSED:
        return None
    lead = _("The group of %(name)s, cycle %(cycle)s, is made up, this time without you. Thank you for offering.")
    return _letter(row, _("Your application: %(name)s") % _words(row), lead % _words(row))


@letter(kinds.COMMITTED, title=gettext_lazy("Committed to a cycle"))
def committed(params: dict[str, Any]) -> Letter | None:
    """All sessions in one calendar file, and the link to the group's page."""
    row = membership_of(params)
    if row.state != MembershipState.ACCEPTED or not row.committed_at:
        return None
    rows = queries.with_meeting(
        Registration.objects.filter(participant=row.participant, meeting__cycle_session__cycle=row.cycle)
    )
    events = events_of(rows)
    attachments = []
    if events:
        name = str(text(row.cycle.series, "name"))
        content = calendar_file(name, events, current_language())
        attachments = [Attachment(f"{slugify(name)}-{slugify(row.cycle.name)}.ics", content, MAIL_MIMETYPE)]
    lead = _("Thank you: you are a member of %(name)s, cycle %(cycle)s. All sessions are in the attached file.")
    return _letter(row, _("Welcome: %(name)s") % _words(row), lead % _words(row), attachments=attachments)


@letter(kinds.LEFT, title=gettext_lazy("Left a community"))
def left_group(params: dict[str, Any]) -> Letter | None:
    """Out of the group, and the calendar."""
    row = membership_of(params)
    if row.state != MembershipState.LEFT:
        return None
    lead = _("You are no longer a member of %(name)s, cycle %(cycle)s. Thank you for what you brought.")
    return _letter(row, _("You left: %(name)s") % _words(row), lead % _words(row))
