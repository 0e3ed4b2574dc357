"""The page of a week: for booking, and for changing what a link holds; as it is and as it comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext

from core.bilingual import current_language
from core.errors import RuleError
from opendoors import grid, queries, travel
from opendoors.access import may_manage_edition
from opendoors.errors import VisitsGone, VisitsOverlap
from opendoors.live import Seats
from opendoors.models import Edition, Visit
from opendoors.rules.addresses import UNCONFIRMED_SEATS
from opendoors.rules.window import why_not_bookable
from opendoors.staff_queries import edition_url
from opendoors.web.seen import Seen


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody ticked: visits to book, visits to wait for, and for how many people."""

    visits: Sequence[UUID] = ()
    waits: Sequence[UUID] = ()
    seats: int = 1

    def booking(self, free: Sequence[Visit]) -> Choice:
        """The same with ``free`` ticked to be booked: who asked to wait need not."""
        seated = [visit.uuid for visit in free]
        return Choice([*self.visits, *seated], [each for each in self.waits if each not in seated], self.seats)


@dataclass(frozen=True, slots=True)
class Pick:
    """A line of the tray. ``gone``: it had no seat (or not enough for ``seats``) when the booking came."""

    visit: Visit
    gone: bool = False
    is_waited_for: bool = False
    seats: int = 1
    more: int = 0  # seats that a group which has some asks for besides

    @property
    def missing(self) -> str:
        """``2 seats left for your 3``; "" where none is left, or where it is called off."""
        left = self.visit.seats_left
        if self.more and left > 0 and not self.visit.is_cancelled:
            words = ngettext(
                "%(more)d more are needed, one is left", "%(more)d more are needed, %(left)d are left", left
            )
            return words % {"more": self.more, "left": left}
        return "" if self.visit.is_cancelled or left < 1 else _too_few(left) % {"left": left, "wanted": self.seats}


def week_page(
    request: HttpRequest,
    edition: Edition,
    form: BaseForm | None,
    *,
    seats: Mapping[UUID, Seats] | None = None,
    choice: Choice | None = None,
    holding: queries.Holding | None = None,
    error: RuleError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The week, for booking or (``holding``) for changing what a link holds; ``form`` is who comes.

    ``seats`` of its visits, where the request has read them already.
    """
    reason = why_not_bookable(edition)
    choice = choice or Choice()
    picks = _picks(edition, choice, error)
    gone = {pick.visit.uuid for pick in picks if pick.gone}
    clashing = {visit.uuid for visit in error.clashing} if isinstance(error, VisitsOverlap) else set()
    ticks = grid.Ticks(
        chosen=[identifier for identifier in choice.visits if identifier not in gone],
        waits=choice.waits,
        clashing=clashing,
        seats=choice.seats,
        own={row.visit.uuid for row in holding.confirmed} if holding else (),
    )
    at_most = 0 if holding or request.user.is_authenticated else UNCONFIRMED_SEATS
    may_wait = not reason and (holding is None or holding.whole_visitor)
    visits, waits = [pick for pick in picks if pick.visit.uuid in set(ticks.chosen)], set(choice.waits)
    context = {
        "edition": edition,
        # Without a form there is nothing to send: the closed week is shown, its reason beside it.
        "form": None if reason and holding is None else form,
        "holding": holding,
        "seen": Seen.of(holding.confirmed) if holding else None,
        "back_url": reverse("opendoors:editions", kwargs={"basin": edition.basin.code}),
        "desk_url": edition_url(edition) if may_manage_edition(request.user, edition) else "",
        "grid": grid.render_grid(
            edition,
            bookable=not reason,
            ticks=ticks,
            may_wait=may_wait,
            may_untick=holding is not None,
            seats=seats,
        ),
        "may_wait": may_wait,
        "chosen": visits,
        "gone": [pick for pick in picks if pick.gone],
        "waits": [pick for pick in picks if pick.visit.uuid in waits and not pick.gone],
        "hops": travel.hops(pick.visit for pick in visits) if len(visits) > 1 else [],
        "close": travel.CLOSE.seconds // 60,
        "close_words": travel.script_words(current_language()),
        "short_words": _script_words(current_language()),
        "has_clash": bool(clashing),
        "unproven_at_most": at_most,
        "is_over": bool(at_most) and choice.seats * len(visits) > at_most,
        "problems": [error.message] if error else [],
        "closed_reason": reason,
        "figures": grid.programme_figures(edition),
    }
    return render(request, "opendoors/week.html", context, status=status)


def _too_few(left: int) -> str:
    return ngettext("%(left)s seat left for your %(wanted)s", "%(left)s seats left for your %(wanted)s", left)


@lru_cache
def _script_words(_language: str) -> dict[str, str]:
    """The same with holes, for the page's script; kept per language."""
    holes = {"left": "%n", "wanted": "%w"}
    return {"one": _too_few(1) % holes, "many": _too_few(2) % holes}


def _picks(edition: Edition, choice: Choice, error: RuleError | None) -> list[Pick]:
    """What the tray lists; in a rush most that come back chose one visit, and the rule has read it already."""
    gone = {visit.uuid: visit for visit in error.gone} if isinstance(error, VisitsGone) else {}
    more = error.more if isinstance(error, VisitsGone) else 0
    picks = [Pick(gone[uuid], True, uuid in choice.waits, choice.seats, more) for uuid in gone]
    rest = [identifier for identifier in (*choice.visits, *choice.waits) if identifier not in gone]
    if rest:
        visits = Visit.objects.filter(edition=edition, uuid__in=rest).select_related("host", "place__municipality")
        picks += [Pick(visit) for visit in visits]
    return sorted(picks, key=lambda pick: pick.visit.starts_at)
