"""Days off in a month, in words: public holidays, the communities' own days, when which schools are closed."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core import spoken
from core.bilingual import current_language
from core.calendar import public_holidays, school_holidays

# Closed are many services of that community. Decrees of 24 June 1991 (French) and of 6 July 1973 (Flemish).
FRENCH_COMMUNITY_DAY, FLEMISH_COMMUNITY_DAY = (9, 27), (7, 11)


@dataclass(frozen=True, slots=True)
class DaysOff:
    """One kind of days off, with its days in words; a public holiday has a name, school holidays have none."""

    label: str
    days: Sequence[tuple[str, str]]


def free_days(first: dt.date) -> list[DaysOff]:
    """What there is of each kind in the month that begins on ``first``; nothing where there is none."""
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    named = [(holiday.day, holiday.name) for holiday in public_holidays(first, last, current_language())]
    named += [(first.replace(day=day), name) for month, day, name in _community_days() if month == first.month]
    found = [DaysOff(_("Holidays:"), [(spoken.day_month(day), name) for day, name in sorted(named)])]
    closed = school_holidays(first, last)
    labels = {"fr": _("French-speaking schools closed:"), "nl": _("Dutch-speaking schools closed:")}
    for community, label in labels.items():
        spans = [(_span(each.first, each.last), "") for each in closed if each.community == community]
        found.append(DaysOff(label, spans))
    return [kind for kind in found if kind.days]


def _community_days() -> list[tuple[int, int, str]]:
    return [
        (*FRENCH_COMMUNITY_DAY, _("Day of the French Community")),
        (*FLEMISH_COMMUNITY_DAY, _("Day of the Flemish Community")),
    ]


def _span(first: dt.date, last: dt.date) -> str:
    return f"{spoken.day_month(first)} – {spoken.day_month(last)}"
