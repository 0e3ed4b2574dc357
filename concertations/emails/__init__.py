"""What the concertations say by mail. The worker calls these with the receiver's language active."""

from concertations.emails import minutes

__all__ = ["minutes"]
