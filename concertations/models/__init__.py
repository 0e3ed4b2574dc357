"""Series of meetings, their agendas and papers, who comes."""

from concertations.models.consultations import Consultation, ConsultationPart, ConsultationStatement
from concertations.models.meetings import SEATS_AT_MOST, AgendaItem, Document, Meeting, MeetingStateChange
from concertations.models.minutes import (
    Action,
    ActionStep,
    Minutes,
    MinutesPoint,
    MinutesSection,
    MinutesStep,
    RaisedNeed,
    SharedNews,
)
from concertations.models.registrations import Participant, Registration
from concertations.models.series import Series, Theme

__all__ = [
    "SEATS_AT_MOST",
    "Action",
    "ActionStep",
    "AgendaItem",
    "Consultation",
    "ConsultationPart",
    "ConsultationStatement",
    "Document",
    "Meeting",
    "MeetingStateChange",
    "Minutes",
    "MinutesPoint",
    "MinutesSection",
    "MinutesStep",
    "Participant",
    "RaisedNeed",
    "Registration",
    "Series",
    "SharedNews",
    "Theme",
]
