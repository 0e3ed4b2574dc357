"""What the concertations give to the pages that all missions share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from basins.missions import MenuEntry, Mission
from basins.models import Basin
from concertations.links import page

# Where the menu says that one is among the concertations.
PAGES = frozenset(
    f"{namespace}:{name}"
    for namespace in ("concertations", "concertations_region")
    for name in ("index", "series", "meeting")
)


class Concertations(Mission):
    """Series of meetings: *concertations thématiques*, *thematisch overleg*."""

    name = "concertations"

    def menu(self, basin: Basin | None) -> Iterable[MenuEntry]:
        return [MenuEntry(_("Concertations"), page("index", basin.code if basin else None), PAGES)]

    def seed_demo(self, *, today: dt.date, is_new: bool) -> None:
        from concertations import demo  # noqa: PLC0415 - the demo's data is no part of a site that runs

        demo.seed(today, is_new=is_new)


mission = Concertations()
