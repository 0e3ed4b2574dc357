"""How much a record tells who looks for help, from 0 to 100, what would raise it, and whether a check is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.bilingual import both
from directory.enums import ServiceKind
from directory.models import Service

POOR_BELOW = 60
# What has no hours and no places of its own to fill.
WITHOUT_HOURS = frozenset({ServiceKind.RIGHT, ServiceKind.PRACTICE, ServiceKind.TRAINING, ServiceKind.HEALTH_PROMOTION})


def checked_on(service: Service) -> dt.date | None:
    """The day on which somebody last looked at the record, or at all of its organisation."""
    return max(filter(None, [service.assured_on, service.organization.assured_on]), default=None)


def due_on(service: Service) -> dt.date | None:
    """The day from which it has to be checked again, at its organisation's pace; ``None``: it never was."""
    checked = checked_on(service)
    return checked + dt.timedelta(days=service.organization.confirm_every_days) if checked else None


def is_overdue(service: Service, today: dt.date) -> bool:
    """Whether its pace has run out. What was never checked is due from the start."""
    due = due_on(service)
    return due is None or due <= today


def _in_both(field: str) -> Callable[[Service, dt.date], bool]:
    return lambda service, _today: all(both(service, field).values())


def _can_be_reached(service: Service, _today: dt.date) -> bool:
    return bool(service.email or service.phones.all() or service.organization.phones.all())


def _says_hours(service: Service, _today: dt.date) -> bool:
    if service.kind in WITHOUT_HOURS or service.schedules.all():
        return True
    return any(row.schedules.all() or row.location.schedules.all() for row in service.at_locations.all())


def _says_places(service: Service, today: dt.date) -> bool:
    capacity = getattr(service, "capacity", None)
    return capacity is not None and capacity.still_counts(today)


# What counts, with its points (100 in all), and what to do where it is missing.
MARKS: tuple[tuple[int, Callable[[Service, dt.date], bool], Any], ...] = (
    (10, _in_both("name"), _("Give the name in both languages.")),
    (15, _in_both("short_description"), _("Say in one sentence what it is, in both languages.")),
    (15, _can_be_reached, _("Give a phone number or an e-mail address.")),
    (15, lambda service, today: not is_overdue(service, today), _("Ask the organisation whether this is still right.")),
    (10, _in_both("how_to_refer"), _("Say how to refer, in both languages.")),
    (10, lambda service, _today: bool(service.areas.all()), _("Say which territory it serves.")),
    (5, lambda service, _today: not service.outdated, _("Look at the texts that are out of date.")),
    (5, lambda service, _today: bool(service.service_terms.all()), _("Say what it is about and for whom.")),
    (5, _says_hours, _("Say when it is open.")),
    (4, lambda service, _today: bool(service.languages.all()), _("Say in which languages.")),
    (3, lambda service, _today: bool(service.price), _("Say what it costs.")),
    (3, _says_places, _("Say whether there are places, and since when.")),
)


def quality_of(service: Service, today: dt.date) -> int:
    """0 to 100. Reads what `search.entries.for_entries` prefetches: use it for many records."""
    return sum(points for points, is_met, _advice in MARKS if is_met(service, today))


def advice_for(service: Service, today: dt.date) -> list[Any]:
    """What would raise it, the weightiest first."""
    return [advice for _points, is_met, advice in sorted(MARKS, key=lambda m: -m[0]) if not is_met(service, today)]
