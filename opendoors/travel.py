"""Visits close to one another in time that lie in different municipalities: pointed out, never forbidden.

We know no travel times and invent none. What can be said honestly is how long the break is and between
which municipalities it lies; who lives there knows the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext, ngettext

from core.bilingual import text
from opendoors.models import Visit

CLOSE = dt.timedelta(minutes=30)  # a longer break is enough from one end of the Region's transport to the other


@dataclass(frozen=True, slots=True)
class Hop:
    """From one visit to the next, in another municipality, within ``CLOSE``."""

    before: Visit
    after: Visit

    @property
    def minutes(self) -> int:
        return int((self.after.starts_at - self.before.ends_at).total_seconds()) // 60

    @property
    def words(self) -> str:
        """``15 minutes between Auderghem and Etterbeek``, in the active language."""
        return _words(self.minutes, _town(self.before), _town(self.after))


def hops(visits: Iterable[Visit]) -> list[Hop]:
    """The hops between ``visits``, in order of time. Reads ``place.municipality`` of each.

    What overlaps is no hop, and neither is a way from or to a place whose municipality nobody told us.
    """
    ordered = sorted(visits, key=lambda visit: (visit.starts_at, visit.ends_at))
    found = []
    for number, before in enumerate(ordered):
        after = next((visit for visit in ordered[number + 1 :] if visit.starts_at >= before.ends_at), None)
        if after is not None and after.starts_at - before.ends_at <= CLOSE and _lie_apart(before, after):
            found.append(Hop(before, after))
    return found


@lru_cache
def script_words(_language: str) -> dict[str, str]:
    """The same sentences with holes (``%n``, ``%a``, ``%b``) for the page's script: none, one, many minutes.

    In the active language, which must be named: the words are kept.
    """
    holes = ("%a", "%b")
    many = ngettext("%(n)s minute between %(here)s and %(there)s", "%(n)s minutes between %(here)s and %(there)s", 7)
    return {
        "none": _words(0, *holes),
        "one": _words(1, *holes),
        "many": many % {"n": "%n", "here": "%a", "there": "%b"},
    }


def _words(minutes: int, here: str, there: str) -> str:
    if minutes == 0:
        return gettext("No time between %(here)s and %(there)s") % {"here": here, "there": there}
    words = ngettext(
        "%(n)s minute between %(here)s and %(there)s", "%(n)s minutes between %(here)s and %(there)s", minutes
    )
    return words % {"n": minutes, "here": here, "there": there}


def _lie_apart(before: Visit, after: Visit) -> bool:
    here, there = before.place.municipality_id, after.place.municipality_id
    return here is not None and there is not None and here != there


def _town(visit: Visit) -> str:
    municipality = visit.place.municipality
    return str(text(municipality, "name")) if municipality else ""
