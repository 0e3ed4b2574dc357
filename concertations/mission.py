"""What the concertations give to the pages that all missions share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from basins.missions import (
    AgendaItem,
    Desk,
    Figure,
    Forgotten,
    HomeCard,
    MenuEntry,
    Mission,
    MySection,
    Period,
    PersonalRecord,
    PrivacyRow,
    SearchHit,
    Task,
)
from basins.models import Basin, User
from basins.rules import retention
from concertations import (
    mission_minutes,
    mission_pages,
    my_space,
    personal,
    personal_minutes,
    personal_room,
    search_consultations,
)
from concertations.access import SCOPE_PRESENCE, SCOPE_REGISTER
from concertations.links import page
from concertations.rules import forgetting, forgetting_minutes, walls

# Where the menu says that one is among the concertations.
PAGES = frozenset(
    f"{namespace}:{name}"
    for namespace in ("concertations", "concertations_region")
    for name in ("index", "series", "meeting", "minutes", "consultations", "consultation", "consultation_part")
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
        yield from mission_pages.hits(words, basin)
        yield from search_consultations.hits(words, basin)

    def tasks_for(self, user: User) -> Iterable[Task]:
        yield from mission_pages.tasks(user)
        yield from mission_minutes.tasks(user)

    def desks(self, user: User) -> Iterable[Desk]:
        return mission_pages.desks(user)

    def mine(self, user: User) -> Iterable[MySection]:
        return my_space.sections_of(user)

    def occasion_url(self, source_key: str) -> str:
        return mission_minutes.occasion_url(source_key)

    def personal_data(self, email: str) -> Iterable[PersonalRecord]:
        yield from personal.records_of(email)
        yield from personal_minutes.records_of(email)

    def forget(self, email: str) -> Forgotten:
        return Forgotten(forgetting.forget(email=email) + forgetting_minutes.forget(email=email))

    def forget_expired(self, today: dt.date) -> int:
        first_kept = retention.first_kept("registrations", today).date()
        people = forgetting.forget_ended_before(first_kept)
        return people + forgetting_minutes.forget_before(first_kept) + walls.forget_phones(before=first_kept)

    def privacy_rows(self) -> Iterable[PrivacyRow]:
        yield from personal.privacy_rows()
        yield from personal_minutes.privacy_rows()
        yield personal_room.privacy_row()

    def scopes(self) -> dict[str, str]:
        return {
            SCOPE_REGISTER: _("Register people for meetings, and read whom you registered"),
            SCOPE_PRESENCE: _("Read who comes to meetings, and note who came"),
        }

    def remind_ahead(self, email: str) -> int:
        return my_space.remind_ahead(email)

    def seed_demo(self, *, today: dt.date, is_new: bool) -> None:
        from concertations import demo  # noqa: PLC0415 - the demo's data is no part of a site that runs

        demo.seed(today, is_new=is_new)


mission = Concertations()
