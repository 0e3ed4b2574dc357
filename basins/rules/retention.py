"""Nothing is kept for longer than the pages on privacy say (``settings.RETENTION_MONTHS``).

Each kind of data is one step with a transaction of its own: a step that fails must not keep the
others from forgetting. Steps count, they name nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from basins.missions import missions
from basins.models import RoleGrant, User
from core import jobs, mail, webhooks
from core.mail.inbound import taking
from core.spoken import BRUSSELS

Step: TypeAlias = Callable[[], int]


def first_kept(what: str, today: dt.date) -> dt.datetime:
    """The moment before which data of a kind are too old: so many months ago, at midnight in Brussels."""
    day = today - relativedelta(months=settings.RETENTION_MONTHS[what])
    return dt.datetime.combine(day, dt.time.min, tzinfo=BRUSSELS)


def steps(today: dt.date) -> Iterator[tuple[str, Step]]:
    """What there is to forget, by name; each step, called, forgets and says how many rows went.

    Mails go before accounts: theirs must not be found once the person cannot.
    """
    for mission in missions():
        yield mission.name, partial(mission.forget_expired, today)
    yield "webhooks", partial(webhooks.forget_before, first_kept("webhooks", today))
    yield "mails", partial(mail.forget_before, first_kept("mail", today))
    yield "mails that came in", partial(taking.forget_before, first_kept("mail", today))
    yield "jobs", partial(jobs.forget_before, first_kept("job_files", today))
    yield "accounts", partial(forget_accounts, first_kept("accounts", today))
    yield "sessions", forget_sessions


@transaction.atomic
def forget_accounts(limit: dt.datetime) -> int:
    """Delete accounts that were last signed in to before ``limit``; those in a team stay.

    Who left a team is kept for as long again, counted from the end of the last role: the roles are
    the log of who could do what, and go with the account. Locks the accounts, so that nobody signs in
    or is given a role meanwhile.
    """
    in_a_team = RoleGrant.objects.filter(Q(ended_at=None) | Q(ended_at__gte=limit), user=OuterRef("pk"))
    unused = User.objects.annotate(last_seen=Coalesce("last_login", "created")).filter(
        ~Exists(in_a_team), last_seen__lt=limit
    )
    found = list(unused.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    return User.objects.filter(pk__in=found).delete()[1].get("basins.User", 0)


@transaction.atomic
def forget_sessions() -> int:
    """Delete sessions that are over; a browser's cookie for one opens nothing any more."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
