"""What may go wrong around a meeting. Rules raise these; web and API word them."""

from concertations.errors.meetings import MeetingError, MeetingStepRefused

__all__ = ["MeetingError", "MeetingStepRefused"]
