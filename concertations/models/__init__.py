"""Series of meetings, their agendas and papers, who comes."""

from concertations.models.communities import CommunityCycle, CycleException, CycleSession, Membership
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
from concertations.models.registrations import Invitation, Participant, Registration
from concertations.models.series import Series, Theme
from concertations.models.tables import Seat, Seating, Subject, WorkshopChoice
from concertations.models.wall import Cluster, Phone, Point, PostIt, Wall, WallStep

__all__ = [
    "SEATS_AT_MOST",
    "Action",
    "ActionStep",
    "AgendaItem",
    "Cluster",
    "CommunityCycle",
    "Consultation",
    "ConsultationPart",
    "ConsultationStatement",
    "CycleException",
    "CycleSession",
    "Document",
    "Invitation",
    "Meeting",
    "MeetingStateChange",
    "Membership",
    "Minutes",
    "MinutesPoint",
    "MinutesSection",
    "MinutesStep",
    "Participant",
    "Phone",
    "Point",
    "PostIt",
    "RaisedNeed",
    "Registration",
    "Seat",
    "Seating",
    "Series",
    "SharedNews",
    "Subject",
    "Theme",
    "Wall",
    "WallStep",
    "WorkshopChoice",
]
