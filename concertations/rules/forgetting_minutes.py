"""Forgetting who owned an action or raised a need: the address goes, and with it, on demand, who it was.

Minutes stay, approved ones for ever: they name functions and services. A person who asks to be forgotten may have been
named as one, so then these words go too; the database lets them be emptied.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from concertations.enums_minutes import ActionState
from concertations.models import Action, RaisedNeed


@transaction.atomic
def forget(*, email: str) -> int:
    """Erase an address from actions and needs, with the name beside it. Locks the rows; returns how many."""
    address = email.strip()
    now = timezone.now()
    owned = _locked(Action.objects.filter(owner_email__iexact=address))
    said = _locked(RaisedNeed.objects.filter(said_by_email__iexact=address))
    erased = Action.objects.filter(pk__in=owned).update(owner_email="", owner="", modified=now)
    return erased + RaisedNeed.objects.filter(pk__in=said).update(said_by_email="", said_by="", modified=now)


@transaction.atomic
def forget_before(day: dt.date) -> int:
    """Erase the addresses of meetings that ended before ``day``; that of an action still open stays until it is done.

    Locks the rows; returns how many."""
    now = timezone.now()
    past_actions = Action.objects.filter(section__minutes__meeting__ends_at__date__lt=day).exclude(owner_email="")
    owned = _locked(past_actions.exclude(state=ActionState.OPEN))
    past_needs = RaisedNeed.objects.filter(section__minutes__meeting__ends_at__date__lt=day).exclude(said_by_email="")
    said = _locked(past_needs)
    erased = Action.objects.filter(pk__in=owned).update(owner_email="", modified=now)
    return erased + RaisedNeed.objects.filter(pk__in=said).update(said_by_email="", modified=now)


def _locked(rows: QuerySet[Action] | QuerySet[RaisedNeed]) -> list[int]:
    return list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
