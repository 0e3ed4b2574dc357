"""Visits as entries of a calendar: the same UID for the life of a visit, a new sequence with each change."""

from __future__ import annotations

from core.bilingual import text
from core.calendar import Event
from core.mail import absolute_url
from opendoors.enums import BookedState
from opendoors.models import BookedVisit, Visit
from opendoors.queries import visit_url


def visit_event(visit: Visit, *, given_back: bool = False) -> Event:
    """A visit as the calendar of somebody who booked it shows it, in the active language."""
    description, directions = text(visit.host, "description"), text(visit.place, "directions")
    return Event(
        uid=f"visit-{visit.uuid}@opendoors",
        title=f"{visit.host.name} · {text(visit.edition, 'name')}",
        title_language=visit.host.name_language,
        starts=visit.starts_at,
        ends=visit.ends_at,
        location=visit.place.address,
        description="\n".join(filter(None, [description.value, directions.value])),
        description_language=description.language if description else directions.language,
        url=absolute_url(visit_url(visit)),
        # Giving back comes after all that was said of the visit before.
        sequence=visit.sequence + (1 if given_back else 0),
        cancelled=given_back or visit.is_cancelled,
        modified=visit.modified,
    )


def booked_event(row: BookedVisit) -> Event:
    """A booked visit; one that was given back is an entry that takes itself off the calendar."""
    return visit_event(row.visit, given_back=row.state == BookedState.CANCELLED)
