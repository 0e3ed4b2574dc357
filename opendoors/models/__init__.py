"""An open-door week: its edition, its programme, who booked what, who waits, what they said afterwards."""

from opendoors.models.bookings import GROUP_AT_MOST, BookedVisit, Booking, Visitor
from opendoors.models.editions import Edition, EditionStateChange, default_bands
from opendoors.models.evaluation import Answer, PastEdition
from opendoors.models.links import HostLink
from opendoors.models.programme import SEATS_AT_MOST, Host, HostStateChange, Place, Visit
from opendoors.models.waiting import WaitingRequest, Wish

__all__ = [
    "GROUP_AT_MOST",
    "SEATS_AT_MOST",
    "Answer",
    "BookedVisit",
    "Booking",
    "Edition",
    "EditionStateChange",
    "Host",
    "HostLink",
    "HostStateChange",
    "PastEdition",
    "Place",
    "Visit",
    "Visitor",
    "WaitingRequest",
    "Wish",
    "default_bands",
]
