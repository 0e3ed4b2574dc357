"""Days off in a month, in words: public holidays, the communities' own days, when which schools are closed."""

from __future__ import annotations

import calendar
import datetime as dt

from django.utils.translation import gettext as _

from core import spoken
from core.bilingual import current_language
from core.calendar import public_holidays, school_holidays

# Closed are many services of that community. Decrees of 24 June 1991 (French) and of 6 July 1973 (Flemish).
FRENCH_COMMUNITY_DAY, FLEMISH_COMMUNITY_DAY = (9, 27), (7, 11)


def free_days(first: dt.date) -> list[str]:
    """One sentence per kind, for the month that begins on ``first``; nothing where there is none."""
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    words = []
    named = [(holiday.day, holiday.name) for holiday in public_holidays(first, last, current_language())]
    named += [(first.replace(day=day), name) for month, day, name in _community_days() if month == first.month]
    if named:
        days = ", ".join(f"{spoken.day_month(day)} ({name})" for day, name in sorted(named))
        words.append(_("Holidays: %(days)s") % {"days": days})
    found = school_holidays(first, last)
    for community in ("fr", "nl"):
        spans = [_span(each.first, each.last) for each in found if each.community == community]
        if spans:
            words.append(_school_words(community) % {"days": ", ".join(spans)})
    return words


def _community_days() -> list[tuple[int, int, str]]:
    return [
        (*FRENCH_COMMUNITY_DAY, _("Day of the French Community")),
        (*FLEMISH_COMMUNITY_DAY, _("Day of the Flemish Community")),
    ]


def _school_words(community: str) -> str:
    if community == "fr":
        return _("French-speaking schools closed: %(days)s")
    return _("Dutch-speaking schools closed: %(days)s")


def _span(first: dt.date, last: dt.date) -> str:
    return f"{spoken.day_month(first)} – {spoken.day_month(last)}"
