"""To visitors: what they booked, changed, gave back; that it comes near; that a host moved or called off."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.bilingual import current_language, text
from core.mail import Letter, letter
from core.spoken import hours, moment, weekday_date
from opendoors.calendar import booked_events, last_event
from opendoors.emails.common import (
    NOT_YOU,
    booking_of,
    confirm_button,
    day_of,
    given_back,
    instead_of,
    rows_of,
    visit_of,
    visitor_of,
    visits_letter,
    when_of,
)
from opendoors.emails.waiting import YOURS, in_line, line_notes, request_of, waiting_joined
from opendoors.models import BookedVisit, Booking, Visit, Visitor, WaitingRequest


@letter("opendoors.booking_confirmed", title=gettext_lazy("Visits booked"))
def booking_confirmed(params: dict[str, Any]) -> Letter | None:
    """Right after booking: what was booked in this go, the calendar, the link to change it."""
    booking = booking_of(params)
    rows = rows_of(booking.visitor, booking=booking)
    if not rows:
        return None
    return _confirmed(booking, rows, params)


@letter("opendoors.booked_and_waiting", title=gettext_lazy("Visits booked, others waited for"))
def booked_and_waiting(params: dict[str, Any]) -> Letter | None:
    """Both in one go, one letter: what was booked, and the places in line; of one of them alone when it is sent."""
    booking, request = booking_of(params), request_of(params)
    rows = rows_of(booking.visitor, booking=booking)
    if not rows or not in_line(request):
        return waiting_joined(params) if not rows else _confirmed(booking, rows, params)
    return _confirmed(booking, rows, params, request)


def _confirmed(
    booking: Booking, rows: list[BookedVisit], params: dict[str, Any], request: WaitingRequest | None = None
) -> Letter:
    line = [_("For the others you are on the waiting list:"), *line_notes(request, params)] if request else []
    if booking.held_until:
        return _please_confirm(booking, booking.held_until, rows, line)
    number, name = len(rows), text(booking.visitor.edition, "name")
    subject = ngettext("Your visit is booked", "Your %(n)s visits are booked", number) % {"n": number}
    if request:
        subject = ngettext(
            "Your visit is booked; for others you wait", "Your %(n)s visits are booked; for others you wait", number
        ) % {"n": number}
    lead = _(
        "Good to have you with us at %(name)s. The calendar file is attached; we remind you before each visit."
    ) % {"name": name}
    gone = list(
        BookedVisit.objects.filter(uuid__in=params.get("gave_way", ())).select_related(
            "booking", "visit__host", "visit__place__municipality", "visit__edition__basin"
        )
    )
    notes = []
    if gone:
        names = ", ".join(row.visit.host.name for row in gone)
        notes = [_("Never confirmed and now in the way, so given back: %(names)s.") % {"names": names}]
    also = booked_events(row for row in gone if row.visit_id not in {kept.visit_id for kept in rows})
    return visits_letter(
        booking.visitor,
        subject,
        lead,
        rows,
        reference=booking.reference,
        notes=[*notes, *line],
        also=also,
        heading=str(YOURS) if request else "",
    )


def _please_confirm(booking: Booking, until: dt.datetime, rows: list[BookedVisit], line: list[str]) -> Letter:
    """The same while nobody has shown that the address is theirs: the button comes first."""
    number = len(rows)
    subject = ngettext("Please confirm your visit", "Please confirm your %(n)s visits", number) % {"n": number}
    lead = _("We keep your seats at %(name)s until %(when)s. Confirm that this is your address, then they are yours.")
    if line:
        subject = _("Please confirm your visits and your place in line")
        lead = _(
            "We keep your seats at %(name)s and your place in line until %(when)s. "
            "Confirm that this is your address, then they are yours."
        )
    notes = [
        *line,
        _("In the calendar file the visits are tentative. Once you confirmed, a new file comes by mail."),
        str(NOT_YOU),
    ]
    return visits_letter(
        booking.visitor,
        subject,
        lead % {"name": text(booking.visitor.edition, "name"), "when": moment(until)},
        rows,
        reference=booking.reference,
        button=confirm_button(booking.visitor),
        notes=notes,
        heading=str(YOURS) if line else "",
    )


@letter("opendoors.address_confirmed", title=gettext_lazy("Address confirmed"))
def address_confirmed(params: dict[str, Any]) -> Letter | None:
    """After confirming: the visits are no longer tentative, and the calendar says so."""
    visitor = visitor_of(params)
    rows = rows_of(visitor)
    if not rows:
        return None
    lead = ngettext(
        "Thank you, your address is confirmed: the visit at %(name)s is yours. "
        "The attached file makes it certain in your calendar.",
        "Thank you, your address is confirmed: the visits at %(name)s are yours. "
        "The attached file makes them certain in your calendar.",
        len(rows),
    ) % {"name": text(visitor.edition, "name")}
    return visits_letter(visitor, _("Your address is confirmed"), lead, rows)


@letter("opendoors.booking_changed", title=gettext_lazy("Visits changed"))
def booking_changed(params: dict[str, Any]) -> Letter | None:
    """After a change: all that the visitor holds now, and what leaves the calendar."""
    booking = booking_of(params)
    rows = rows_of(booking.visitor)
    if not rows:
        return None
    lead = _(
        "You changed your visits of %(name)s. These are yours now; the attached file puts your calendar right."
    ) % {"name": text(booking.visitor.edition, "name")}
    gone = booked_events(given_back(booking.visitor, rows))
    notes = []
    if "request" in params and in_line(request_of(params)):
        notes = [_("For the others you are on the waiting list:"), *line_notes(request_of(params), params)]
    return visits_letter(
        booking.visitor,
        _("Your visits have changed"),
        lead,
        rows,
        reference=booking.reference,
        also=gone,
        notes=notes,
        heading=str(YOURS) if notes else "",
    )


@letter("opendoors.booking_cancelled", title=gettext_lazy("Visits given back"))
def booking_cancelled(params: dict[str, Any]) -> Letter | None:
    """After giving back: what is left, if anything, and what leaves the calendar."""
    booking = booking_of(params)
    rows = rows_of(booking.visitor)
    gone = booked_events(given_back(booking.visitor, rows))
    lead = _("You gave your visits of %(name)s back. Thank you: the seats go to others.") % {
        "name": text(booking.visitor.edition, "name")
    }
    if rows:
        lead = _("You gave visits of %(name)s back. Thank you: the seats go to others. These stay yours.") % {
            "name": text(booking.visitor.edition, "name")
        }
    return visits_letter(
        booking.visitor, _("Your visits were given back"), lead, rows, reference=booking.reference, also=gone
    )


@letter("opendoors.reminder", title=gettext_lazy("Reminder of visits"))
def reminder(params: dict[str, Any]) -> Letter | None:
    """Some days before (``stage`` early: all visits from ``day`` on) and the day before (eve: of that day)."""
    visitor = visitor_of(params)
    day = dt.date.fromisoformat(params["day"])
    rows = rows_of(visitor)
    if params["stage"] == "eve":
        rows = [row for row in rows if day_of(row) == day]
        # A mail server that was away may hand it over on the day itself.
        if day > timezone.localdate():
            subject = ngettext("Tomorrow: your visit", "Tomorrow: your visits", len(rows))
        else:
            subject = ngettext("Today: your visit", "Today: your visits", len(rows))
        lead = _("You are expected. If you cannot come, give your seat back: somebody else will be glad of it.")
    else:
        rows = [row for row in rows if day_of(row) >= day]
        subject = _("Soon: %(name)s, from %(day)s on") % {
            "name": text(visitor.edition, "name"),
            "day": weekday_date(day),
        }
        lead = _(
            "Your visits are coming up. If you cannot come, give your seat back: somebody else will be glad of it."
        )
    # Written for a day to come: a mail that was held up for longer is worth nothing any more.
    if not rows or day < timezone.localdate():
        return None
    return visits_letter(visitor, subject, lead, rows)


@letter("opendoors.visit_cancelled", title=gettext_lazy("A visit called off"))
def visit_cancelled(params: dict[str, Any]) -> Letter | None:
    """A host calls a visit off: everybody who had booked it is told, with what they still hold."""
    visitor, visit = visitor_of(params), visit_of(params)
    subject = _("Called off: %(host)s") % {"host": visit.host.name}
    lead = _("This visit is called off: %(host)s, %(when)s. We are sorry. You can choose another one.") % {
        "host": visit.host.name,
        "when": when_of(visit),
    }
    gone = last_event(visitor.pk, visit)
    rows = rows_of(visitor)
    instead = instead_of(visit, rows, _seats_in(visitor, visit))
    return visits_letter(
        visitor, subject, lead, rows, also=gone, heading=_("These visits stay yours:"), instead=instead
    )


@letter("opendoors.visit_moved", title=gettext_lazy("A visit moved"))
def visit_moved(params: dict[str, Any]) -> Letter | None:
    """A visit has another time or place: those who hold a seat are told, with an updated entry."""
    visitor, visit = visitor_of(params), visit_of(params)
    rows = rows_of(visitor)
    if not any(row.visit_id == visit.pk for row in rows):
        return None
    subject = _("Changed: %(host)s") % {"host": visit.host.name}
    lead = _(
        "This visit has a new time or place: %(host)s, now %(when)s, %(place)s. "
        "The attached file puts your calendar right."
    ) % {
        "host": visit.host.name,
        "when": when_of(visit),
        "place": visit.place.address or _("the address follows"),
    }
    instead = instead_of(visit, rows, _seats_in(visitor, visit))
    notes = _before(params.get("before"))
    return visits_letter(visitor, subject, lead, rows, heading=_("All your visits:"), instead=instead, notes=notes)


def _before(before: dict[str, Any] | None) -> list[str]:
    """Where and when the visit was; letters queued before this was kept say nothing of it."""
    if not before:
        return []
    begins, ends = (dt.datetime.fromisoformat(before[name]) for name in ("starts_at", "ends_at"))
    when = f"{weekday_date(begins)}, {hours(begins, ends)}"
    place = before["address"].get(current_language())
    return [_("It was: %(when)s, %(place)s.") % {"when": when, "place": place or _("address not known")}]


def _seats_in(visitor: Visitor, visit: Visit) -> int:
    """For how many people the visitor had booked the visit when it was last theirs."""
    rows = BookedVisit.objects.filter(booking__visitor=visitor, visit=visit).order_by("-created")
    return rows.values_list("seats", flat=True).first() or 1
