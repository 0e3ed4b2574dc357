"""What the concertations give to the pages that all missions share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from basins.missions import (
    AgendaItem,
    Desk,
    Figure,
    HomeCard,
    MenuEntry,
    Mission,
    Period,
    PrivacyRow,
    SearchHit,
    Task,
)
from basins.models import Basin, User
from basins.rules import retention
from concertations import mission_pages, personal_room
from concertations.links import page
from concertations.rules import walls

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

    def home_cards(self, basin: Basin | None) -> Iterable[HomeCard]:
        return [mission_pages.home_card(basin)] if basin else []

    def agenda(self, basin: Basin | None, period: Period) -> Iterable[AgendaItem]:
        return mission_pages.agenda(basin, period)

    def figures(self, basin: Basin | None, period: Period) -> Iterable[Figure]:
        return mission_pages.figures(basin, period)

    def search(self, words: str, basin: Basin | None) -> Iterable[SearchHit]:
        return mission_pages.hits(words, basin)

    def tasks_for(self, user: User) -> Iterable[Task]:
        return mission_pages.tasks(user)

    def desks(self, user: User) -> Iterable[Desk]:
        return mission_pages.desks(user)

    def forget_expired(self, today: dt.date) -> int:
        return walls.forget_phones(before=retention.first_kept("registrations", today).date())

    def privacy_rows(self) -> Iterable[PrivacyRow]:
        return [personal_room.privacy_row()]

    def seed_demo(self, *, today: dt.date, is_new: bool) -> None:
        from concertations import demo  # noqa: PLC0415 - the demo's data is no part of a site that runs

        demo.seed(today, is_new=is_new)


mission = Concertations()
