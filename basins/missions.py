"""The registry of missions: what each gives to the pages that all share.

An app listed in ``settings.MISSIONS`` has a ``mission.py`` with one instance called ``mission``. Basin
home, agenda and its feed, site search, my space, privacy export and dashboards loop over
:func:`missions` and know none of them by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from core.bilingual import Text

if TYPE_CHECKING:
    from basins.models import Basin, User


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both included, in Brussels."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A word in the header's menu. ``names`` are the URL names under which it is the current one."""

    label: str
    url: str
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class HomeCard:
    """What a mission says of itself on a basin's front page. ``icon`` is a symbol of the sprite."""

    title: str
    sentence: str
    url: str
    action: str
    icon: str


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """Something with a date. ``ends`` is exclusive for whole days (RFC 5545), as a date."""

    uid: str
    title: Text
    starts: datetime | date
    ends: datetime | date
    url: str
    kind: str
    basin_code: str | None
    place: str = ""
    action: str = ""
    cancelled: bool = False

    @property
    def is_whole_day(self) -> bool:
        return not isinstance(self.starts, datetime)

    @property
    def first_day(self) -> date:
        return timezone.localtime(self.starts).date() if isinstance(self.starts, datetime) else self.starts


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a mission in a period, e.g. for the dashboard."""

    key: str
    label: str
    value: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Something found: ``score`` compares hits of all missions, 0 to 1; what ``is_over`` comes last."""

    kind: str
    title: Text
    url: str
    excerpt: str = ""
    score: float = 0.5
    basin_code: str | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for a person."""

    label: str
    url: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """A place where staff do a mission's work, e.g. the open-door weeks of a basin."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class MySection:
    """What a mission shows somebody of their own: their dates, their bookings."""

    title: str
    items: Sequence[AgendaItem]
    url: str = ""


@dataclass(frozen=True, slots=True)
class TookPart:
    """Something an organisation of the directory took part in. ``counted`` says how much: ``"3 visits"``, or "".

    ``ends`` is the last day, included.
    """

    title: Text
    starts: date
    ends: date
    url: str
    kind: str
    number: int = 0
    counted: str = ""
    basin_code: str | None = None


@dataclass(frozen=True, slots=True)
class PersonalRecord:
    """What is held on a mail address: model, row, the fields by name, and why it is held."""

    what: str
    reference: str
    fields: dict[str, Any]
    reason: str


@dataclass(frozen=True, slots=True)
class PrivacyRow:
    """What is kept of people, why, and for how long; said on the privacy page."""

    what: str
    why: str
    how_long: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What forgetting left in place, and why."""

    what: str
    reason: str


@dataclass(slots=True)
class Forgotten:
    """The outcome of forgetting an address."""

    erased: int = 0
    kept: list[Kept] = field(default_factory=list)


class Mission:
    """One mission of the basins. Leave out what it does not have: every answer is empty by default.

    ``basin`` is ``None`` on the Region's pages; then a mission speaks of all five basins.
    """

    name: str = ""

    def menu(self, basin: Basin | None) -> Iterable[MenuEntry]:
        return ()

    def home_cards(self, basin: Basin | None) -> Iterable[HomeCard]:
        return ()

    def agenda(self, basin: Basin | None, period: Period) -> Iterable[AgendaItem]:
        return ()

    def figures(self, basin: Basin | None, period: Period) -> Iterable[Figure]:
        return ()

    def search(self, words: str, basin: Basin | None) -> Iterable[SearchHit]:
        return ()

    def tasks_for(self, user: User) -> Iterable[Task]:
        return ()

    def desks(self, user: User) -> Iterable[Desk]:
        return ()

    def mine(self, user: User) -> Iterable[MySection]:
        return ()

    def took_part(self, identifiers: Collection[UUID]) -> Iterable[TookPart]:
        """Where an organisation took part, as everybody may know; in any order.

        ``identifiers``: all those of the directory that lead to it, its records' and those of merged ones included.
        """
        return ()

    def ask_url(self, basin: str | None, words: str, postcode: str) -> str:
        """Where a person is asked what a search did not find, with the words filled in; "" where nobody is.

        ``basin``: the code of the site's.
        """
        return ""

    def occasion_url(self, source_key: str) -> str:
        """Where the team reads what was said when a need was mentioned; ``source_key`` as this mission wrote it.

        "" where there is no such page, or nothing left of the occasion.
        """
        return ""

    def personal_data(self, email: str) -> Iterable[PersonalRecord]:
        return ()

    def forget(self, email: str) -> Forgotten:
        return Forgotten()

    def forget_expired(self, today: date) -> int:
        """Erase what is older on that day than ``settings.RETENTION_MONTHS`` allows. Returns the rows changed."""
        return 0

    def privacy_rows(self) -> Iterable[PrivacyRow]:
        return ()

    def scopes(self) -> dict[str, str]:
        """Scopes that a partner's key may carry, with their sentence."""
        return {}

    def remind_ahead(self, email: str) -> int:
        """For the demo: write now what the address will get on the eve of its next date; how many letters."""
        return 0

    def seed_demo(self, *, today: date, is_new: bool) -> None:
        """Put believable data into the demo's database, in one transaction.

        Called at the first start of a day: ``is_new`` the very first time, later only what must hold on
        any day is put back (something whose sign-up is open); what was entered stays.
        """

    def tie_demo(self, *, today: date, is_new: bool) -> None:
        """The same, once all missions have their data: what ties it to that of another mission."""


def ask_url(basin: str | None, words: str = "", postcode: str = "") -> str:
    """Where one asks a person, of the first mission that has such a page; "" where there is none."""
    return next(filter(None, (mission.ask_url(basin, words, postcode) for mission in missions())), "")


def mission_modules(path: str) -> Iterator[tuple[str, ModuleType]]:
    """``(mission, module)`` of each mission that has such a module, e.g. ``"api"`` or ``"web.urls"``."""
    for mission in settings.MISSIONS:
        if _exists(f"{mission}.{path}"):
            yield mission, import_module(f"{mission}.{path}")


def _exists(module: str) -> bool:
    package = module.rpartition(".")[0]
    return (not package or _exists(package)) and find_spec(module) is not None


@cache
def missions() -> tuple[Mission, ...]:
    """The basins' own share first, then the missions in the order of the settings."""
    names = ["basins", *settings.MISSIONS]
    return tuple(import_module(f"{name}.mission").mission for name in names)
