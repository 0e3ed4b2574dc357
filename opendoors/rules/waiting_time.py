"""What time does to the waiting list: offers lapse, lines are served again, lines end. Called by the worker.

One transaction per visit, under its lock; the order of locks is that of `rules.waiting`.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F

from opendoors.enums import WaitingState, WishState
from opendoors.models import Visit, Wish
from opendoors.rules import line
from opendoors.rules import seats as seat_rules
from opendoors.rules.line import LAST_OFFER, offer_free_seats


def expire_offers(*, now: dt.datetime) -> int:
    """Take back the offers that nobody answered by ``now`` and make them to the next; returns how many lapsed.

    One transaction per visit, under its lock: run twice, also at once, each lapses once and is told once.
    """
    due = Wish.objects.filter(state=WishState.OFFERED, expires_at__lte=now)
    return sum(_expire(visit, now) for visit in sorted(set(due.values_list("visit_id", flat=True))))


@transaction.atomic
def _expire(visit_id: int, now: dt.datetime) -> int:
    visit = Visit.objects.select_related("edition__basin").get(pk=visit_id)
    seat_rules.lock_visits([visit])
    lapsed = list(
        Wish.objects.filter(visit=visit, state=WishState.OFFERED, expires_at__lte=now).select_related(
            "visit", "request__visitor"
        )
    )
    freed = line.end_wishes(lapsed, WishState.LAPSED)
    line.close_requests([wish.request_id for wish in lapsed], otherwise=WaitingState.ENDED, tell=False)
    for wish in lapsed:
        line.tell_of_wish("opendoors.offer_lapsed", wish, visit.edition)
    offer_free_seats(freed)
    return len(lapsed)


def serve_lines() -> int:
    """Offer what is free where somebody waits; returns how many offers were made.

    Every change that frees seats does so by itself. This catches up with what is no change of a visit: an
    edition that now allows more seats per organisation. One transaction per visit, under its lock.
    """
    free = Visit.objects.filter(seats__gt=F("seats_taken") + F("seats_held"), wishes__state=WishState.WAITING)
    return sum(_serve(visit) for visit in sorted(set(free.values_list("pk", flat=True))))


@transaction.atomic
def _serve(visit_id: int) -> int:
    visit = Visit.objects.get(pk=visit_id)
    seat_rules.lock_visits([visit])
    return offer_free_seats([visit])


def end_lines(*, now: dt.datetime) -> int:
    """End the lines of visits so near that no seat would be offered any more; returns how many wishes ended.

    Who has an answer to give keeps its time. A request with nothing left is ended with a letter. One
    transaction per visit, under its lock; may run twice, also at once.
    """
    over = Wish.objects.filter(state=WishState.WAITING, visit__starts_at__lte=now + LAST_OFFER)
    return sum(
        _end_line(visit, now) for visit in over.order_by("visit_id").values_list("visit_id", flat=True).distinct()
    )


@transaction.atomic
def _end_line(visit_id: int, now: dt.datetime) -> int:
    visit = Visit.objects.get(pk=visit_id)
    seat_rules.lock_visits([visit])
    if visit.starts_at > now + LAST_OFFER:
        return 0
    wishes = list(Wish.objects.filter(visit=visit, state=WishState.WAITING).select_related("visit"))
    line.end_wishes(wishes, WishState.ENDED)
    line.close_requests([wish.request_id for wish in wishes], otherwise=WaitingState.ENDED, tell=True)
    return len(wishes)
