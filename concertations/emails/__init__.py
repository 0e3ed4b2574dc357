"""What the concertations say by mail. The worker calls these with the receiver's language active."""

from concertations.emails import meetings, minutes

__all__ = ["meetings", "minutes"]
