"""What the letters share: the rows they are about, and the layout that names visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.bilingual import current_language, text
from core.calendar import MAIL_MIMETYPE, Event, calendar_file
from core.mail import Attachment, Letter, absolute_url
from core.spoken import hours, weekday_date
from opendoors import queries
from opendoors.calendar import booked_events
from opendoors.enums import BookedState
from opendoors.models import BookedVisit, Booking, Edition, Visit, Visitor
from opendoors.queries_alternatives import alternatives
from opendoors.rules.window import is_bookable
from opendoors.travel import hops

TEMPLATE = "opendoors/mail/visits"
NOT_YET = gettext_lazy("Booked with your address, and not all of it confirmed yet:")
NOT_YOU = gettext_lazy("This was not you? On the same page you give everything back at once; or do nothing: it ends.")


def booking_of(params: dict[str, Any]) -> Booking:
    return Booking.objects.select_related("visitor__edition__basin").get(uuid=params["booking"])


def visitor_of(params: dict[str, Any]) -> Visitor:
    return Visitor.objects.select_related("edition__basin").get(uuid=params["visitor"])


def visit_of(params: dict[str, Any]) -> Visit:
    return Visit.objects.select_related("host", "place__municipality", "edition__basin").get(uuid=params["visit"])


def rows_of(visitor: Visitor, *, booking: Booking | None = None) -> list[BookedVisit]:
    """What the visitor holds, or what one booking does, with place and booking, in order of time."""
    rows = queries.confirmed_visits(visitor.email).filter(booking__visitor=visitor)
    return list(rows.filter(booking=booking) if booking else rows)


def given_back(visitor: Visitor, held: Sequence[BookedVisit]) -> list[BookedVisit]:
    """One row for each visit that was given back and is not held anew."""
    rows = (
        BookedVisit.objects.filter(booking__visitor=visitor, state=BookedState.CANCELLED)
        .exclude(visit__in=[row.visit_id for row in held])
        .select_related("booking", "visit__host", "visit__place__municipality", "visit__edition__basin")
        .order_by("pk")
    )
    return list({row.visit_id: row for row in rows}.values())


def when_of(visit: Visit) -> str:
    return f"{weekday_date(visit.starts_at)}, {hours(visit.starts_at, visit.ends_at)}"


def day_of(row: BookedVisit) -> dt.date:
    return timezone.localtime(row.visit.starts_at).date()


@dataclass(frozen=True, slots=True)
class Button:
    """What a letter asks to do first: words and address. The page it leads to asks again before anything happens."""

    label: str
    link: str


def confirm_button(visitor: Visitor) -> Button:
    """To the page where the address is confirmed."""
    kwargs = {"basin": visitor.edition.basin.code, "token": queries.visitor_link(visitor)}
    return Button(_("Yes, this is my address"), absolute_url(reverse("opendoors:confirm_address", kwargs=kwargs)))


def instead_of(visit: Visit, rows: Sequence[BookedVisit], seats: int) -> list[Visit]:
    """What may be visited instead of ``visit``, as long as one can book."""
    if not is_bookable(visit.edition):
        return []
    return alternatives(visit, held=[row.visit for row in rows], seats=seats)


def visits_letter(
    visitor: Visitor,
    subject: str,
    lead: str,
    rows: Sequence[BookedVisit],
    *,
    reference: str = "",
    also: Sequence[Event] = (),
    heading: str = "",
    button: Button | None = None,
    notes: Sequence[str] = (),
    instead: Sequence[Visit] = (),
    why: str = "",
) -> Letter:
    """One layout for all: a sentence, the visits with address, language and way there, the link.

    ``button`` stands before the visits, ``notes`` are further sentences after the first; ``instead``:
    visits with free seats to choose from; ``also``: what else the calendar file holds; ``why``: why one
    gets the mail, where it is not for something booked.
    """
    edition: Edition = visitor.edition
    name = str(text(edition, "name"))
    context = {
        "basin": edition.basin,
        "lead": lead,
        "heading": str(NOT_YET) if heading and any(row.booking.is_held for row in rows) else heading,
        "rows": rows,
        "hops": hops(row.visit for row in rows),
        "companions": list(dict.fromkeys(name for row in rows for name in row.booking.companions.splitlines())),
        "button": button,
        "notes": notes,
        "instead": [(visit, absolute_url(queries.visit_url(visit))) for visit in instead],
        "reference": reference,
        "why": why,
        "link": absolute_url(queries.visitor_url(visitor, edition.basin.code)),
        "week_link": absolute_url(queries.week_url(edition)),
    }
    events = [*booked_events(rows), *also]
    attachments = []
    if events:
        content = calendar_file(name, events, current_language())
        attachments = [Attachment(f"{slugify(name)}-{edition.slug}.ics", content, MAIL_MIMETYPE)]
    return Letter(subject, TEMPLATE, context, attachments)
