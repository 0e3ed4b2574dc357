"""Who was at a meeting, counted: people present, excused and absent, and the sectors of those who came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from basins.enums import Sector
from concertations.enums import Presence
from concertations.models import Meeting, Minutes, Registration
from core.small_counts import shown, without_small

UNKNOWN = ""  # the sector of somebody who named none


@dataclass(frozen=True, slots=True)
class SectorCount:
    """How many came from a sector; ``None``: too few to publish."""

    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """``present``: None where nobody counted, or too few to publish (``is_hidden``). Sectors: the largest first.

    ``named`` is what an old source says of the sectors, where presence was not noted.
    """

    present: int | None
    excused: int | None
    sectors: list[SectorCount]
    is_hidden: bool
    named: str = ""


def is_noted(meeting: Meeting) -> bool:
    """Whether anybody noted who came."""
    return Registration.objects.filter(meeting=meeting).exclude(presence="").exists()


def count(meeting: Meeting) -> dict[str, Any]:
    """What the minutes keep: ``{"present": 12, "excused": 3, "absent": 1, "sectors": {"social": 7, …}}``.

    Empty where nobody noted who came. One query.
    """
    rows = (
        Registration.objects.filter(meeting=meeting)
        .exclude(presence="")
        .order_by()
        .values_list("presence", "participant__sector")
        .annotate(number=Count("pk"))
    )
    if not rows:
        return {}
    counted: dict[str, Any] = {str(presence.value): 0 for presence in Presence}
    sectors: dict[str, int] = {}
    for presence, sector, number in rows:
        counted[presence] += number
        if presence == Presence.PRESENT:
            sectors[sector] = sectors.get(sector, 0) + number
    return {**counted, "sectors": sectors}


def figures(minutes: Minutes, *, public: bool) -> Figures:
    """Who was there: as it was counted when the minutes went out, of a draft as it is now.

    In ``public`` a count under five is hidden, and with it what would give it away (`core.small_counts`). Of meetings
    before this platform heads were counted at most.
    """
    meeting = minutes.meeting
    kept: Mapping[str, Any] = minutes.figures or count(meeting)
    if not kept:
        present = meeting.participants_counted
        said = shown(present) if public else present
        return Figures(said, None, [], present is not None and said is None, meeting.sectors_named)
    sectors: Mapping[str, int | None] = kept["sectors"]
    present, excused = shown(kept["present"]) if public else kept["present"], kept["excused"]
    if public:
        excused = shown(excused)
        sectors = without_small(kept["sectors"]) if present is not None else dict.fromkeys(kept["sectors"])
    ordered = sorted(kept["sectors"], key=lambda sector: (sectors[sector] is None, -kept["sectors"][sector], sector))
    if public:  # the order of what is hidden would say which is larger
        hidden = sorted(sector for sector in ordered if sectors[sector] is None)
        ordered = [sector for sector in ordered if sectors[sector] is not None] + hidden
    return Figures(
        present,
        excused,
        [SectorCount(_label(sector), sectors[sector]) for sector in ordered],
        public and (present is None or None in sectors.values()),
    )


def _label(sector: str) -> str:
    return str(Sector(sector).label) if sector in Sector.values else _("sector not named")
