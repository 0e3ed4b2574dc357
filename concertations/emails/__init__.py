"""What the concertations say by mail. The worker calls these with the receiver's language active."""

__all__: list[str] = []
