"""Series of meetings, their agendas and papers, who comes."""

from concertations.models.communities import CommunityCycle, CycleException, CycleSession, Membership
from concertations.models.meetings import SEATS_AT_MOST, AgendaItem, Document, Meeting, MeetingStateChange
from concertations.models.registrations import Invitation, Participant, Registration
from concertations.models.series import Series, Theme
from concertations.models.tables import Seat, Seating, Subject, WorkshopChoice
from concertations.models.wall import Cluster, Phone, Point, PostIt, Wall, WallStep

__all__ = [
    "SEATS_AT_MOST",
    "AgendaItem",
    "Cluster",
    "CommunityCycle",
    "CycleException",
    "CycleSession",
    "Document",
    "Invitation",
    "Meeting",
    "MeetingStateChange",
    "Membership",
    "Participant",
    "Phone",
    "Point",
    "PostIt",
    "Registration",
    "Seat",
    "Seating",
    "Series",
    "Subject",
    "Theme",
    "Wall",
    "WallStep",
    "WorkshopChoice",
]
