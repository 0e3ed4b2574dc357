"""To participants and owners of actions: the minutes are there; this is what you agreed to do; it is due."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concertations import queries_minutes
from concertations.enums_minutes import ActionState, MinutesState
from concertations.links import meeting_page
from concertations.models import Action, Meeting, Minutes, Registration
from core.bilingual import text
from core.mail import Letter, absolute_url, letter
from core.spoken import plain_date

TEMPLATE = "concertations/mail/minutes"


@letter("concertations.minutes_sent", title=gettext_lazy("Minutes of a meeting"))
def minutes_sent(params: dict[str, Any]) -> Letter | None:
    """To who was registered. Nothing where the minutes were taken back meanwhile, or sent again."""
    registration = (
        Registration.objects.select_related("meeting__series__basin", "participant")
        .filter(uuid=params["registration"])
        .first()
    )
    if registration is None:
        return None
    minutes = Minutes.objects.filter(meeting=registration.meeting_id, times_sent=params["time"]).first()
    if minutes is None or minutes.state == MinutesState.DRAFT:
        return None
    meeting = registration.meeting
    name, day = text(meeting.series, "name"), plain_date(meeting.day)
    lead = _("Here are the minutes of %(name)s of %(day)s: what to remember, what was decided, who does what.")
    if minutes.times_sent > 1:
        lead = _("Here are the minutes of %(name)s of %(day)s once more: something was put right.")
    notes = [_("They will be approved at the next meeting. Is something not right? Answer this mail before then.")]
    return _letter(
        meeting,
        subject=_("Minutes: %(name)s, %(day)s") % {"name": name, "day": day},
        lead=lead % {"name": name, "day": day},
        notes=notes,
        link=queries_minutes.minutes_url(registration),
        label=_("Read the minutes"),
        why=_("You get this mail because you were registered for this meeting."),
    )


@letter("concertations.action_agreed", title=gettext_lazy("What you agreed to do"))
def action_agreed(params: dict[str, Any]) -> Letter | None:
    """To the owner of an action, once the minutes are out."""
    action = _open_action(params)
    if action is None:
        return None
    meeting = action.section.minutes.meeting
    lead = _("At the meeting of %(day)s it was agreed that you take this on:") % {"day": plain_date(meeting.day)}
    return _about(action, subject=_("What was agreed: %(action)s") % {"action": text(action, "text")}, lead=lead)


@letter("concertations.action_due", title=gettext_lazy("Reminder of an action"))
def action_due(params: dict[str, Any]) -> Letter | None:
    """To the owner: it is due soon, or its day is over. Nothing where it is done meanwhile."""
    action = _open_action(params)
    if action is None or action.due_on is None:
        return None
    day = {"day": plain_date(action.due_on)}
    if params["stage"] == "late":
        return _about(
            action,
            subject=_("Since %(day)s: how far is it?") % day,
            lead=_("This was to be done until %(day)s. How far is it?") % day,
        )
    return _about(
        action,
        subject=_("Until %(day)s: what you took on") % day,
        lead=_("A word to remind you: this is to be done until %(day)s.") % day,
    )


def _open_action(params: dict[str, Any]) -> Action | None:
    rows = Action.objects.filter(uuid=params["action"], state=ActionState.OPEN).exclude(owner_email="")
    return (
        rows.exclude(section__minutes__state=MinutesState.DRAFT)
        .select_related("section__minutes__meeting__series__basin")
        .first()
    )


def _about(action: Action, *, subject: str, lead: str) -> Letter:
    return _letter(
        action.section.minutes.meeting,
        subject=subject,
        lead=lead,
        notes=[_("Is it done, or can it not be done? Say so on its page: then nobody has to ask you.")],
        link=queries_minutes.action_link(action),
        label=_("Say how far it is"),
        why=_("You get this mail because the minutes name you for this."),
        action=action,
    )


def _letter(
    meeting: Meeting,
    *,
    subject: str,
    lead: str,
    notes: list[str],
    link: str,
    label: str,
    why: str,
    action: Action | None = None,
) -> Letter:
    series = meeting.series
    context = {
        "series": series,
        "meeting": meeting,
        "action": action,
        "lead": lead,
        "notes": notes,
        "link": absolute_url(link),
        "label": label,
        "why": why,
        "meeting_link": "" if series.is_closed_group else absolute_url(meeting_page(meeting)),
        "basin": series.basin,
    }
    headers = {"Reply-To": series.contact_email} if series.contact_email else {}
    return Letter(subject=subject, template=TEMPLATE, context=context, headers=headers)
