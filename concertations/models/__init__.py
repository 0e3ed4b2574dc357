"""Series of meetings, their agendas and papers, who comes."""

from concertations.models.meetings import SEATS_AT_MOST, AgendaItem, Document, Meeting, MeetingStateChange
from concertations.models.registrations import Participant, Registration
from concertations.models.series import Series, Theme

__all__ = [
    "SEATS_AT_MOST",
    "AgendaItem",
    "Document",
    "Meeting",
    "MeetingStateChange",
    "Participant",
    "Registration",
    "Series",
    "Theme",
]
