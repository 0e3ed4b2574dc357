"""What the open-door weeks say by mail. The worker calls these with the receiver's language active."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.bilingual import current_language, text
from core.calendar import MAIL_MIMETYPE, Event, calendar_file
from core.mail import Attachment, Letter, absolute_url, letter
from core.spoken import hours, weekday_date
from opendoors import queries
from opendoors.calendar import booked_event, visit_event
from opendoors.enums import BookedState
from opendoors.models import BookedVisit, Booking, Edition, Visit, Visitor

TEMPLATE = "opendoors/mail/visits"


@letter("opendoors.booking_confirmed", title=gettext_lazy("Visits booked"))
def booking_confirmed(params: dict[str, Any]) -> Letter | None:
    """Right after booking: what was booked in this go, the calendar, the link to change it."""
    booking = _booking(params)
    rows = _rows(booking.visitor, booking=booking)
    if not rows:
        return None
    number = len(rows)
    subject = ngettext("Your visit is booked", "Your %(n)s visits are booked", number) % {"n": number}
    lead = _(
        "Good to have you with us at %(name)s. The calendar file is attached; we remind you before each visit."
    ) % {"name": text(booking.visitor.edition, "name")}
    return _letter(booking.visitor, subject, lead, rows, reference=booking.reference)


@letter("opendoors.booking_changed", title=gettext_lazy("Visits changed"))
def booking_changed(params: dict[str, Any]) -> Letter | None:
    """After a change: all that the visitor holds now, and what leaves the calendar."""
    booking = _booking(params)
    rows = _rows(booking.visitor)
    if not rows:
        return None
    lead = _(
        "You changed your visits of %(name)s. These are yours now; the attached file puts your calendar right."
    ) % {"name": text(booking.visitor.edition, "name")}
    gone = [booked_event(row) for row in _given_back(booking.visitor, rows)]
    return _letter(booking.visitor, _("Your visits have changed"), lead, rows, reference=booking.reference, also=gone)


@letter("opendoors.booking_cancelled", title=gettext_lazy("Visits given back"))
def booking_cancelled(params: dict[str, Any]) -> Letter | None:
    """After giving back: what is left, if anything, and what leaves the calendar."""
    booking = _booking(params)
    rows = _rows(booking.visitor)
    gone = [booked_event(row) for row in _given_back(booking.visitor, rows)]
    lead = _("You gave your visits of %(name)s back. Thank you: the seats go to others.") % {
        "name": text(booking.visitor.edition, "name")
    }
    if rows:
        lead = _("You gave visits of %(name)s back. Thank you: the seats go to others. These stay yours.") % {
            "name": text(booking.visitor.edition, "name")
        }
    return _letter(
        booking.visitor, _("Your visits were given back"), lead, rows, reference=booking.reference, also=gone
    )


@letter("opendoors.reminder", title=gettext_lazy("Reminder of visits"))
def reminder(params: dict[str, Any]) -> Letter | None:
    """Some days before (``stage`` early: all visits from ``day`` on) and the day before (eve: of that day)."""
    visitor = _visitor(params)
    day = dt.date.fromisoformat(params["day"])
    rows = _rows(visitor)
    if params["stage"] == "eve":
        rows = [row for row in rows if _day(row) == day]
        # A mail server that was away may hand it over on the day itself.
        if day > timezone.localdate():
            subject = ngettext("Tomorrow: your visit", "Tomorrow: your visits", len(rows))
        else:
            subject = ngettext("Today: your visit", "Today: your visits", len(rows))
        lead = _("You are expected. If you cannot come, give your seat back: somebody else will be glad of it.")
    else:
        rows = [row for row in rows if _day(row) >= day]
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
    return _letter(visitor, subject, lead, rows)


@letter("opendoors.visit_cancelled", title=gettext_lazy("A visit called off"))
def visit_cancelled(params: dict[str, Any]) -> Letter | None:
    """A host calls a visit off: everybody who had booked it is told, with what they still hold."""
    visitor, visit = _visitor(params), _visit(params)
    subject = _("Called off: %(host)s") % {"host": visit.host.name}
    lead = _("This visit is called off: %(host)s, %(when)s. We are sorry. You can choose another one.") % {
        "host": visit.host.name,
        "when": _when(visit),
    }
    gone = [visit_event(visit, given_back=True)]
    return _letter(visitor, subject, lead, _rows(visitor), also=gone, heading=_("These visits stay yours:"))


@letter("opendoors.visit_moved", title=gettext_lazy("A visit moved"))
def visit_moved(params: dict[str, Any]) -> Letter | None:
    """A visit has another time or place: those who hold a seat are told, with an updated entry."""
    visitor, visit = _visitor(params), _visit(params)
    rows = _rows(visitor)
    if not any(row.visit_id == visit.pk for row in rows):
        return None
    subject = _("Changed: %(host)s") % {"host": visit.host.name}
    lead = _(
        "This visit has a new time or place: %(host)s, now %(when)s, %(place)s. "
        "The attached file puts your calendar right."
    ) % {
        "host": visit.host.name,
        "when": _when(visit),
        "place": visit.place.address or _("the address follows"),
    }
    return _letter(visitor, subject, lead, rows, heading=_("All your visits:"))


# --- Helpers -------------------------------------------------------------------------------------


def _booking(params: dict[str, Any]) -> Booking:
    return Booking.objects.select_related("visitor__edition__basin").get(uuid=params["booking"])


def _visitor(params: dict[str, Any]) -> Visitor:
    return Visitor.objects.select_related("edition__basin").get(uuid=params["visitor"])


def _visit(params: dict[str, Any]) -> Visit:
    return Visit.objects.select_related("host", "place__municipality", "edition__basin").get(uuid=params["visit"])


def _rows(visitor: Visitor, *, booking: Booking | None = None) -> list[BookedVisit]:
    rows = queries.confirmed_visits(visitor.email).filter(booking__visitor=visitor)
    return list(rows.filter(booking=booking) if booking else rows)


def _given_back(visitor: Visitor, held: Sequence[BookedVisit]) -> list[BookedVisit]:
    """One row for each visit that was given back and is not held anew."""
    rows = (
        BookedVisit.objects.filter(booking__visitor=visitor, state=BookedState.CANCELLED)
        .exclude(visit__in=[row.visit_id for row in held])
        .select_related("visit__host", "visit__place__municipality", "visit__edition__basin")
        .order_by("pk")
    )
    return list({row.visit_id: row for row in rows}.values())


def _when(visit: Visit) -> str:
    return f"{weekday_date(visit.starts_at)}, {hours(visit.starts_at, visit.ends_at)}"


def _day(row: BookedVisit) -> dt.date:
    return timezone.localtime(row.visit.starts_at).date()


def _letter(
    visitor: Visitor,
    subject: str,
    lead: str,
    rows: Sequence[BookedVisit],
    *,
    reference: str = "",
    also: Sequence[Event] = (),
    heading: str = "",
) -> Letter:
    """One layout for all: a sentence, the visits with address, language and way there, the link."""
    edition: Edition = visitor.edition
    name = str(text(edition, "name"))
    context = {
        "basin": edition.basin,
        "lead": lead,
        "heading": heading,
        "rows": rows,
        "reference": reference,
        "link": absolute_url(queries.visitor_url(visitor, edition.basin.code)),
        "week_link": absolute_url(queries.week_url(edition)),
    }
    events = [*(booked_event(row) for row in rows), *also]
    attachments = []
    if events:
        content = calendar_file(name, events, current_language())
        attachments = [Attachment(f"{slugify(name)}-{edition.slug}.ics", content, MAIL_MIMETYPE)]
    return Letter(subject, TEMPLATE, context, attachments)
