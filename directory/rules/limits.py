"""How much may be asked for without an account, by network and hour."""

from __future__ import annotations

from core.cache import count_this_hour
from directory.errors import CrowdedNetwork, ManyLeaflets

# A team behind one address reads through its records and gets through; a script does not.
MESSAGES_PER_HOUR = 30
LEAFLETS_PER_HOUR = 60  # each takes a worker for some seconds


def refuse_flood(network: str) -> None:
    """Count one more message of either public form; called last, when nothing else refuses. Raises ``CrowdedNetwork``.

    ``""``: nobody's network, which is not counted. While Redis is away nobody is.
    """
    if network and count_this_hour("directory:written", network) > MESSAGES_PER_HOUR:
        raise CrowdedNetwork


def refuse_many_leaflets(network: str) -> None:
    """Count one more leaflet to be drawn. Raises ``ManyLeaflets``. Otherwise like :func:`refuse_flood`."""
    if network and count_this_hour("directory:leaflets", network) > LEAFLETS_PER_HOUR:
        raise ManyLeaflets
