"""The table of contents of the team's pages, of a series and of a meeting. Each part of the work adds its line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from concertations.links import meeting_page, series_page
from concertations.models import Meeting, Series


def always(_series: Series) -> bool:
    """For tabs that every series has."""
    return True


@dataclass(frozen=True, slots=True)
class Tab:
    """One word and the page it leads to, by its bare name; ``names``: other pages under it; ``shown``: for which."""

    label: Any
    name: str
    names: frozenset[str] = frozenset()
    shown: Callable[[Series], bool] = always


@dataclass(frozen=True, slots=True)
class Link:
    """A tab as it is drawn."""

    label: str
    url: str
    is_current: bool


# Pages under the address of a series: (basin, slug).
SERIES_TABS: list[Tab] = [
    Tab(_("Meetings"), "staff_series"),
    Tab(_("Documents"), "staff_series_documents"),
    Tab(_("Roster"), "staff_roster"),
    Tab(
        _("Cycles and members"),
        "staff_cycles",
        frozenset({"staff_cycle", "staff_cycle_new", "staff_cycle_edit", "staff_member_new"}),
        lambda series: series.is_closed_group,
    ),
    Tab(_("Actions"), "staff_actions"),
]

# Pages under the address of a meeting: (basin, slug, meeting).
MEETING_TABS: list[Tab] = [
    Tab(_("Meeting"), "staff_meeting"),
    Tab(_("Agenda"), "staff_agenda"),
    Tab(_("Documents"), "staff_meeting_documents"),
    Tab(_("Registrations"), "staff_registrations", frozenset({"staff_register", "staff_invite"})),
    Tab(_("Presence"), "staff_presence", frozenset({"staff_at_door"})),
    Tab(_("Tables"), "staff_tables", frozenset({"staff_seating", "staff_seating_choices"})),
    Tab(_("Walls"), "staff_walls", frozenset({"staff_wall"})),
    Tab(pgettext_lazy("record", "Minutes"), "staff_minutes"),
]


def tabs(series: Series, meeting: Meeting | None, here: str) -> list[Link]:
    """The tabs of a meeting, or without one of its series. ``here``: the bare name of the page asked for."""
    return [
        Link(
            str(tab.label),
            meeting_page(meeting, tab.name) if meeting else series_page(series, tab.name),
            here == tab.name or here in tab.names,
        )
        for tab in (MEETING_TABS if meeting else SERIES_TABS)
        if tab.shown(series)
    ]
