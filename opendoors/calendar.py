"""Visits as entries of a calendar: the same UID for the life of a visit, a sequence that only rises for each person."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.bilingual import text
from core.calendar import Event
from core.mail import absolute_url
from opendoors.enums import BookedState
from opendoors.models import BookedVisit, Visit
from opendoors.queries import visit_url

STEPS = 3  # of a seat's life: held, confirmed, given back


def booked_events(rows: Iterable[BookedVisit]) -> list[Event]:
    """Booked visits; one that was given back is an entry that takes itself off the calendar. One query.

    A person may take a visit, give it back and take it again: each time counts on from the one before, for a
    calendar program keeps what has the higher sequence.
    """
    rows = list(rows)
    lives: dict[tuple[int, int], list[int]] = {}
    known = BookedVisit.objects.filter(
        booking__visitor__in={row.booking.visitor_id for row in rows}, visit__in={row.visit_id for row in rows}
    )
    for visitor, visit, key in known.order_by("pk").values_list("booking__visitor_id", "visit_id", "pk"):
        lives.setdefault((visitor, visit), []).append(key)
    return [_event(row, lives[row.booking.visitor_id, row.visit_id].index(row.pk)) for row in rows]


def _event(row: BookedVisit, lives_before: int) -> Event:
    visit = row.visit
    is_back = row.state == BookedState.CANCELLED
    step = 2 if is_back else 0 if row.booking.is_held else 1
    description = text(visit.host, "description")
    return Event(
        uid=f"visit-{visit.uuid}@opendoors",
        title=f"{visit.host.name} · {text(visit.edition, 'name')}",
        title_language=visit.host.name_language,
        starts=visit.starts_at,
        ends=visit.ends_at,
        location=visit.place.address,
        description="\n".join(_lines(visit, welcomed=not is_back)),
        description_language=description.language if description else "",
        url=absolute_url(visit_url(visit)),
        sequence=visit.sequence + STEPS * lives_before + step,
        cancelled=is_back or visit.is_cancelled,
        tentative=row.booking.is_held,
        modified=max(visit.modified, row.modified, row.booking.modified),
    )


def booked_event(row: BookedVisit) -> Event:
    """The same of one."""
    return booked_events([row])[0]


def last_event(visitor_id: int, visit: Visit) -> list[Event]:
    """A visit as somebody's calendar should have it now; nothing for who never booked it."""
    rows = BookedVisit.objects.filter(booking__visitor=visitor_id, visit=visit).select_related(
        "booking", "visit__host", "visit__place__municipality", "visit__edition__basin"
    )
    row = rows.order_by("-pk").first()
    return [booked_event(row)] if row else []


def _lines(visit: Visit, *, welcomed: bool) -> list[str]:
    """What one wants to read on the way: what there is to see, how to get there, the languages, the host's word.

    The word of welcome is for who holds a seat.
    """
    said = [
        ("", str(text(visit.host, "description"))),
        (_("Way there:"), str(text(visit.place, "directions"))),
        (_("Languages:"), visit.language_words),
        (_("The host says:"), str(text(visit.host, "welcome")) if welcomed else ""),
    ]
    return [f"{label} {words}".strip() for label, words in said if words]
