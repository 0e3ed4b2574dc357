"""What all parts of the demo's helpdesk are written with."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from basins.models import Basin, User
from core.spoken import BRUSSELS
from directory.models import TaxonomyTerm

FACTS = Path(__file__).parent.parent / "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The day of the demo, the basins by code with who answers there, and the directory's terms."""

    today: dt.date
    basins: Mapping[str, Basin]
    terms: Mapping[tuple[str, str], TaxonomyTerm]
    agents: Mapping[str, User | None]
    rng: random.Random = field(default_factory=lambda: random.Random("helpdesk"))  # noqa: S311 - the same data each time

    def moment(self, days: int, hour: int, minute: int = 0) -> dt.datetime:
        """So many days before today, at that hour of Brussels."""
        return dt.datetime.combine(self.today - dt.timedelta(days=days), dt.time(hour, minute), tzinfo=BRUSSELS)
