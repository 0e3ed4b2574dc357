"""Letters to everybody who registered or waits, when a meeting moves or is called off."""

from __future__ import annotations

from concertations.enums import TAKES_A_SEAT, RegistrationState
from concertations.links import code_of
from concertations.models import Meeting
from core import mail

# Who holds a place, has one on offer, or waits for one.
STILL_IN = TAKES_A_SEAT | {RegistrationState.WAITING}


def tell_moved(meeting: Meeting) -> int:
    """Write to who is still in; one letter per change (``sequence``) and registration. How many."""
    return _tell(meeting, "concertations.meeting_moved", "moved")


def tell_called_off(meeting: Meeting) -> int:
    """Write to who was in until now. How many."""
    return _tell(meeting, "concertations.meeting_called_off", "called-off")


def _tell(meeting: Meeting, kind: str, word: str) -> int:
    rows = meeting.registrations.filter(state__in=STILL_IN).exclude(participant__email="")
    rows = rows.select_related("participant").order_by("pk")
    for row in rows:
        mail.post(
            kind,
            to=row.participant.email,
            language=row.participant.language,
            params={"registration": str(row.uuid)},
            key=f"concertations:{word}:{meeting.uuid}:{meeting.sequence}:{row.uuid}",
            scope=code_of(meeting.series) or "",
        )
    return len(rows)
