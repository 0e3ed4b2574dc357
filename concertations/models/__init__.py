"""Series of meetings, their agendas and papers, who comes."""

from concertations.models.communities import CommunityCycle, CycleException, CycleSession, Membership
from concertations.models.meetings import SEATS_AT_MOST, AgendaItem, Document, Meeting, MeetingStateChange
from concertations.models.registrations import Invitation, Participant, Registration
from concertations.models.series import Series, Theme

__all__ = [
    "SEATS_AT_MOST",
    "AgendaItem",
    "CommunityCycle",
    "CycleException",
    "CycleSession",
    "Document",
    "Invitation",
    "Meeting",
    "MeetingStateChange",
    "Membership",
    "Participant",
    "Registration",
    "Series",
    "Theme",
]
