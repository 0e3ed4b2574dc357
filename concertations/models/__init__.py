"""Series of meetings, their agendas and papers, who comes."""

from concertations.models.meetings import SEATS_AT_MOST, AgendaItem, Document, Meeting, MeetingStateChange
from concertations.models.registrations import Participant, Registration
from concertations.models.series import Series, Theme
from concertations.models.tables import Seat, Seating, Subject, WorkshopChoice
from concertations.models.wall import Cluster, Phone, Point, PostIt, Wall, WallStep

__all__ = [
    "SEATS_AT_MOST",
    "AgendaItem",
    "Cluster",
    "Document",
    "Meeting",
    "MeetingStateChange",
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
