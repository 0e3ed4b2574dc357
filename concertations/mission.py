"""What the concertations give to the pages that all missions share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from basins.missions import Forgotten, MenuEntry, Mission, MySection, PersonalRecord, PrivacyRow
from basins.models import Basin, User
from basins.rules import retention
from concertations import my_space, personal
from concertations.access import SCOPE_PRESENCE, SCOPE_REGISTER
from concertations.links import page
from concertations.rules import forgetting

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

    def mine(self, user: User) -> Iterable[MySection]:
        return my_space.sections_of(user)

    def personal_data(self, email: str) -> Iterable[PersonalRecord]:
        return personal.records_of(email)

    def forget(self, email: str) -> Forgotten:
        return Forgotten(forgetting.forget(email=email))

    def forget_expired(self, today: dt.date) -> int:
        return forgetting.forget_ended_before(retention.first_kept("registrations", today).date())

    def privacy_rows(self) -> Iterable[PrivacyRow]:
        return personal.privacy_rows()

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
