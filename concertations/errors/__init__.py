"""What may go wrong around a meeting. Rules raise these; web and API word them."""

from concertations.errors.meetings import MeetingError, MeetingStepRefused
from concertations.errors.room import NotOfThisMeeting, SeatingError, WallClosed, WallError, WallStepRefused

__all__ = [
    "MeetingError",
    "MeetingStepRefused",
    "NotOfThisMeeting",
    "SeatingError",
    "WallClosed",
    "WallError",
    "WallStepRefused",
]
