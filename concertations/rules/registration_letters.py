"""Which letter goes out after a change of somebody's place; what it says is in ``emails.registrations``."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from concertations.models import Registration, Series
from core import mail

REGISTERED = "concertations.registered"
WAITING = "concertations.waiting"
CONFIRMED = "concertations.address_confirmed"
GIVEN_BACK = "concertations.given_back"
RELEASED = "concertations.not_confirmed"
OFFER = "concertations.offer"
OFFER_LAPSED = "concertations.offer_lapsed"
LINE_OVER = "concertations.line_over"
REMINDER = "concertations.reminder"


def scope_of(series: Series) -> str:
    """Whose staff may see the letter: the basin's, "" for the Region's."""
    return series.basin.code if series.basin else ""


def tell(kind: str, row: Registration, *, once: str = "", **more: str) -> bool:
    """Write about one registration; ``once`` makes the letter unique for ever, else each change is a moment of its own.

    Who has no address (added at the door by name) is told nothing. Returns whether a letter was new.
    """
    if not row.participant.email:
        return False
    moment = once or f"{timezone.now():%Y%m%dT%H%M%S%f}"
    written = mail.post(
        kind,
        to=row.participant.email,
        language=row.participant.language,
        params={"registration": str(row.uuid), **more},
        key=f"{kind}:{row.uuid}:{moment}",
        scope=scope_of(row.meeting.series),
    )
    return written is not None


def tell_all(kind: str, rows: Iterable[Registration]) -> None:
    """The same to several."""
    for row in rows:
        tell(kind, row)
