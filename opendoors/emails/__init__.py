"""What the open-door weeks say by mail. The worker calls these with the receiver's language active."""

from opendoors.emails import bookings, day, evaluation, hosts, waiting

__all__ = ["bookings", "day", "evaluation", "hosts", "waiting"]
