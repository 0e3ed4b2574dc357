"""To participants: registered, in line, an offer, given back, that it comes near; and invitations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concertations import queries_registrations as queries
from concertations.calendar import title_of
from concertations.calendar_mine import events_of
from concertations.enums import RegistrationState
from concertations.links import meeting_page
from concertations.models import Invitation, Meeting, Registration
from concertations.rules import registration_letters as kinds
from concertations.rules.inviting import INVITATION
from concertations.rules.registration_window import why_not_registrable
from core.bilingual import current_language, text
from core.calendar import MAIL_MIMETYPE, calendar_file
from core.mail import Attachment, Letter, absolute_url, letter
from core.spoken import moment

TEMPLATE = "concertations/mail/registration"


@dataclass(frozen=True, slots=True)
class Button:
    """What a letter asks to do first. The page it leads to asks again before anything happens."""

    label: str
    link: str


def registration_of(params: dict[str, Any]) -> Registration:
    """The row a letter is about."""
    return queries.with_meeting(Registration.objects.all()).get(uuid=params["registration"])


def name_of(meeting: Meeting) -> str:
    """How the meeting is called in a sentence."""
    return str(title_of(meeting))


def meeting_letter(
    meeting: Meeting,
    subject: str,
    lead: str,
    *,
    row: Registration | None = None,
    button: Button | None = None,
    notes: Sequence[str] = (),
    with_calendar: bool = False,
    why: str = "",
) -> Letter:
    """One layout for all: a sentence, the meeting with place and way there, the link to one's own page.

    ``button`` is asked for first; ``notes`` are further sentences; ``why``: why one gets the mail, where one is not
    registered.
    """
    context = {
        "basin": meeting.series.basin,
        "series": meeting.series,
        "meeting": meeting,
        "row": row,
        "lead": lead,
        "button": button,
        "notes": notes,
        "why": why,
        "has_seat": row is not None and row.state == RegistrationState.CONFIRMED,
        "mine_link": absolute_url(queries.mine_url(row.participant)) if row else "",
        "meeting_link": absolute_url(page) if (page := queries.public_page(meeting)) else "",
    }
    attachments = []
    if row is not None and with_calendar and (events := events_of([row])):
        name = str(text(meeting.series, "name"))
        content = calendar_file(name, events, current_language())
        attachments = [Attachment(f"{slugify(name)}-{meeting.day:%Y-%m-%d}.ics", content, MAIL_MIMETYPE)]
    return Letter(subject, TEMPLATE, context, attachments, headers=_reply_to(meeting))


def _reply_to(meeting: Meeting) -> dict[str, str]:
    """Answers go to the contact of the series."""
    return {"Reply-To": meeting.series.contact_email} if meeting.series.contact_email else {}


def page_button(row: Registration, label: str, name: str, **kwargs: str) -> Button:
    """To a page of the link in the mail."""
    return Button(label, absolute_url(queries.mine_url(row.participant, name, **kwargs)))


@letter(kinds.REGISTERED, title=gettext_lazy("Registered for a meeting"))
def registered(params: dict[str, Any]) -> Letter | None:
    """Right after registering, or after taking an offer: the meeting, the calendar, the link to change it."""
    row = registration_of(params)
    if row.state != RegistrationState.CONFIRMED:
        return None
    if row.held_until:
        return _please_confirm(row)
    lead = _("You are registered for %(name)s. The calendar file is attached; we remind you before the meeting.")
    return meeting_letter(
        row.meeting,
        _("You are registered: %(name)s") % {"name": name_of(row.meeting)},
        lead % {"name": name_of(row.meeting)},
        row=row,
        with_calendar=True,
    )


def _please_confirm(row: Registration) -> Letter:
    """While nobody has shown that the address is theirs: the button comes first."""
    assert row.held_until is not None  # noqa: S101 - the callers asked
    lead = _("We keep your seat at %(name)s until %(when)s. Confirm that this is your address, then it is yours.")
    if row.state == RegistrationState.WAITING:
        lead = _("We keep your place in line for %(name)s until %(when)s. Confirm that this is your address.")
    return meeting_letter(
        row.meeting,
        _("Please confirm: %(name)s") % {"name": name_of(row.meeting)},
        lead % {"name": name_of(row.meeting), "when": moment(row.held_until)},
        row=row,
        button=page_button(row, _("Yes, this is my address"), "confirm"),
        notes=[_("This was not you? On the same page you give it back at once; or do nothing: it ends by itself.")],
        with_calendar=True,
    )


@letter(kinds.CONFIRMED, title=gettext_lazy("Address confirmed"))
def address_confirmed(params: dict[str, Any]) -> Letter | None:
    """After confirming: the meeting is no longer tentative, and the calendar says so."""
    row = registration_of(params)
    if row.state != RegistrationState.CONFIRMED:
        return None
    lead = _("Thank you, your address is confirmed: the seat at %(name)s is yours. The attached file says so, too.")
    return meeting_letter(
        row.meeting,
        _("Your address is confirmed"),
        lead % {"name": name_of(row.meeting)},
        row=row,
        with_calendar=True,
    )


@letter(kinds.WAITING, title=gettext_lazy("On the waiting list of a meeting"))
def waiting(params: dict[str, Any]) -> Letter | None:
    """A place in line: what happens next."""
    row = registration_of(params)
    if row.state != RegistrationState.WAITING:
        return None
    if row.held_until:
        return _please_confirm(row)
    lead = _("All seats of %(name)s are taken. You are on the waiting list: we write as soon as one comes free.")
    return meeting_letter(
        row.meeting,
        _("You are on the waiting list: %(name)s") % {"name": name_of(row.meeting)},
        lead % {"name": name_of(row.meeting)},
        row=row,
    )


@letter(kinds.OFFER, title=gettext_lazy("A seat is on offer"))
def offer(params: dict[str, Any]) -> Letter | None:
    """A seat came free for who waited: until when to answer."""
    row = registration_of(params)
    if row.state != RegistrationState.OFFERED or row.offered_until is None or row.offered_until <= timezone.now():
        return None
    lead = _("A seat came free at %(name)s. It is kept for you until %(when)s; then it goes to the next in line.")
    return meeting_letter(
        row.meeting,
        _("A seat for you: %(name)s") % {"name": name_of(row.meeting)},
        lead % {"name": name_of(row.meeting), "when": moment(row.offered_until)},
        row=row,
        button=page_button(row, _("Answer: yes or no"), "offer", reference=row.reference),
    )


@letter(kinds.OFFER_LAPSED, title=gettext_lazy("An offer has lapsed"))
def offer_lapsed(params: dict[str, Any]) -> Letter:
    """Nobody answered in time."""
    row = registration_of(params)
    lead = _("You did not answer in time: the seat at %(name)s went to the next in line.")
    return meeting_letter(
        row.meeting,
        _("The seat went to somebody else"),
        lead % {"name": name_of(row.meeting)},
        row=row,
        notes=_again(row),
    )


@letter(kinds.LINE_OVER, title=gettext_lazy("Waiting list over"))
def line_over(params: dict[str, Any]) -> Letter:
    """No seat came free."""
    row = registration_of(params)
    lead = _("No seat came free at %(name)s. The waiting list is over; thank you for your patience.")
    return meeting_letter(row.meeting, _("No seat came free"), lead % {"name": name_of(row.meeting)}, row=row)


@letter(kinds.RELEASED, title=gettext_lazy("Registration not confirmed in time"))
def not_confirmed(params: dict[str, Any]) -> Letter:
    """Nobody confirmed the address in time."""
    row = registration_of(params)
    lead = _("Nobody confirmed this address in time: the place at %(name)s went back.")
    return meeting_letter(
        row.meeting,
        _("The place went back"),
        lead % {"name": name_of(row.meeting)},
        row=row,
        notes=_again(row),
        with_calendar=True,
    )


def _again(row: Registration) -> list[str]:
    if why_not_registrable(row.meeting):
        return []
    return [_("You still want to come? Register again on the page of the meeting.")]


@letter(kinds.GIVEN_BACK, title=gettext_lazy("Place given back"))
def given_back(params: dict[str, Any]) -> Letter:
    """After giving back: the entry leaves the calendar."""
    row = registration_of(params)
    lead = _("You gave your place at %(name)s back. Thank you for saying so: it goes to somebody else.")
    return meeting_letter(
        row.meeting,
        _("Your place was given back"),
        lead % {"name": name_of(row.meeting)},
        row=row,
        with_calendar=True,
    )


@letter(kinds.REMINDER, title=gettext_lazy("Reminder of a meeting"))
def reminder(params: dict[str, Any]) -> Letter | None:
    """Some days before (``stage`` early) and the day before (eve)."""
    row = registration_of(params)
    if row.state != RegistrationState.CONFIRMED or row.meeting.ends_at <= timezone.now():
        return None
    words = {"name": name_of(row.meeting)}
    if params["stage"] == "early":
        subject = _("Soon: %(name)s") % words
    elif row.meeting.day > timezone.localdate():
        subject = _("Tomorrow: %(name)s") % words
    else:  # a mail server that was away may hand it over on the day itself
        subject = _("Today: %(name)s") % words
    lead = _("You are expected. If you cannot come, say so: somebody else will be glad of the seat.")
    return meeting_letter(row.meeting, subject, lead, row=row, with_calendar=True)


@letter(INVITATION, title=gettext_lazy("Invitation to a meeting"))
def invitation(params: dict[str, Any]) -> Letter | None:
    """The team misses somebody at the table."""
    rows = Invitation.objects.select_related("meeting__series__basin", "meeting__municipality")
    row = rows.get(uuid=params["invitation"])
    if row.meeting.ends_at <= timezone.now():
        return None
    lead = _("We would like to have you with us at %(name)s: your place at the table is still empty.")
    return meeting_letter(
        row.meeting,
        _("Invitation: %(name)s") % {"name": name_of(row.meeting)},
        lead % {"name": name_of(row.meeting)},
        button=Button(_("Register"), absolute_url(meeting_page(row.meeting, "register"))),
        notes=[row.word] if row.word else [],
        why=_("You get this mail because the team of the basin invites you. It is the only one for this meeting."),
    )
