"""How people are called in the logs: by identifier. Logs are read by more people than the data are."""

from __future__ import annotations

from basins.models import User


def actor(by: User | None) -> str:
    """Who did it. A name could be a mail address, so neither is written down."""
    return str(by.uuid) if by else "the console"
