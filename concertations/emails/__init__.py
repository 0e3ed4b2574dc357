"""What the concertations say by mail. The worker calls these with the receiver's language active."""

from concertations.emails import communities, meetings, minutes, registrations

__all__ = ["communities", "meetings", "minutes", "registrations"]
