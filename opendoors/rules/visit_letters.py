"""A visit that moves or is called off: its next revision, and who is told.

Nobody who holds a seat or waits for one learns of it at the door. Called by ``hosting`` inside its transaction, with
the visit's row locked; calendars replace their entry by the higher sequence.
"""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone, translation

from core import mail
from core.bilingual import LANGUAGE_CODES, both
from opendoors.enums import BookedState
from opendoors.models import Edition, Place, Visit
from opendoors.rules import line


def address_of(place: Place) -> tuple[object, ...]:
    """What of a place people are told anew when it changes."""
    return *both(place, "street").values(), place.postcode, place.municipality_id


def before(visit: Visit, place: Place) -> dict[str, object]:
    """When and where a visit was, for the letter that says what changed; the address in each language."""
    address = {}
    for code in LANGUAGE_CODES:
        with translation.override(code):
            address[code] = place.address
    return {"starts_at": visit.starts_at.isoformat(), "ends_at": visit.ends_at.isoformat(), "address": address}


def revise(visit: Visit, *, before: dict[str, object]) -> None:
    """The visit's next revision; who holds a seat or waits for one is told of its new time or place."""
    Visit.objects.filter(pk=visit.pk).update(sequence=F("sequence") + 1, modified=timezone.now())
    visit.sequence += 1
    if visit.ends_at > timezone.now():
        tell("opendoors.visit_moved", visit, visit.edition, before=before)
        for wish in line.open_wishes([visit]):
            line.tell_of_wish("opendoors.waiting_moved", wish, visit.edition, once=str(visit.sequence))


def tell(kind: str, visit: Visit, edition: Edition, **params: object) -> int:
    """One letter to each visitor who holds a seat, once per revision of the visit."""
    visitors = (
        visit.booked.filter(state=BookedState.CONFIRMED)
        .order_by("booking__visitor_id")
        .values_list("booking__visitor__uuid", "booking__visitor__email", "booking__visitor__language")
        .distinct()
    )
    for uuid, email, language in visitors:
        mail.post(
            kind,
            to=email,
            language=language,
            params={"visitor": str(uuid), "visit": str(visit.uuid), **params},
            key=f"{kind}:{visit.uuid}:{visit.sequence}:{uuid}",
            scope=edition.basin.code,
        )
    return len(visitors)
