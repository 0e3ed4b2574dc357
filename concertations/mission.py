"""What the concertations give to the pages that all missions share."""

from __future__ import annotations

from basins.missions import Mission


class Concertations(Mission):
    """Series of meetings: *concertations thématiques*, *thematisch overleg*."""

    name = "concertations"


mission = Concertations()
