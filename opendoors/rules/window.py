"""When one may book in an edition, or queue up for it: state and dates together."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.spoken import day_month, plain_date
from opendoors.enums import EditionState
from opendoors.errors import SignupClosed
from opendoors.models import Edition, EditionStateChange


def is_bookable(edition: Edition) -> bool:
    """Whether anybody can book in this edition now. No query.

    Both count: the state, which staff or the calendar's task set, and the dates, should the task be late to close.
    """
    now = timezone.now()
    return (
        edition.state == EditionState.OPEN
        and edition.signup_opens_at <= now < edition.signup_closes_at
        and timezone.localdate(now) <= edition.ends_on
    )


def why_not_bookable(edition: Edition) -> str:
    """Why nobody can book in this edition now, in the reader's words; ``""`` when one can.

    One query where sign-up is closed and the week not over, for the day on which it did close; none otherwise.
    """
    return "" if is_bookable(edition) else str(_reason(edition, timezone.now()))


def refuse_unless_open(edition: Edition) -> None:
    """Raise ``SignupClosed`` with the reason."""
    if reason := why_not_bookable(edition):
        raise SignupClosed(reason, field="visits")


def _reason(edition: Edition, now: dt.datetime) -> str | Promise:
    if edition.state == EditionState.EVALUATED or timezone.localdate(now) > edition.ends_on:
        return _("Sign-up is over.")
    closed_at = _closed_at(edition)
    said: str | Promise
    match edition.state:
        case EditionState.RUNNING if closed_at > now:
            said = _("Sign-up is over.")
        case EditionState.RUNNING:
            said = _("Sign-up is over: it closed on %(day)s.") % {"day": _day(closed_at)}
        case _ if now < edition.signup_opens_at:
            said = _("Sign-up opens on %(day)s.") % {"day": _day(edition.signup_opens_at)}
        case _ if closed_at <= now:
            said = _("Sign-up closed on %(day)s.") % {"day": _day(closed_at)}
        case EditionState.CLOSED:
            said = _("Sign-up is closed.")
        case _:
            said = _("Sign-up is not open yet.")
    return said


def _closed_at(edition: Edition) -> dt.datetime:
    """When sign-up closed, or will: the planned moment, or that of the step where it was closed before."""
    planned = edition.signup_closes_at
    if edition.state not in {EditionState.CLOSED, EditionState.RUNNING}:
        return planned
    closings = EditionStateChange.objects.filter(edition_id=edition.pk, to_state=EditionState.CLOSED)
    return min(closings.order_by("-at").values_list("at", flat=True).first() or planned, planned)


def _day(moment: dt.datetime) -> str:
    """With its year unless that is this one."""
    return day_month(moment) if timezone.localtime(moment).year == timezone.localdate().year else plain_date(moment)
