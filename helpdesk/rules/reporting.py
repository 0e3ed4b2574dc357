"""A month's figures become public once, and stay as they were."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import Basin, User
from basins.rules.people import NotYours
from helpdesk import access
from helpdesk.errors import StepRefused, TicketInvalid
from helpdesk.models import MonthReport

logger = logging.getLogger(__name__)


def refuse_month(*, basin: Basin, month: dt.date, by: User | None) -> None:
    """Raise ``NotYours``, ``TicketInvalid`` for no first day of a month, ``StepRefused`` for a month that is not over.

    ``by`` None: the calendar.
    """
    if by is not None and not access.answers_for(by, basin.code):
        raise NotYours(_("This helpdesk is not yours."))
    if month.day != 1:
        raise TicketInvalid(_("Choose a month."), field="month")
    today = timezone.localdate()
    if month >= today.replace(day=1):
        raise StepRefused(_("This month is not over yet."))


@transaction.atomic
def keep(*, basin: Basin, month: dt.date, figures: dict[str, Any], pdf: bytes, by: User | None) -> MonthReport:
    """Keep what was counted and drawn, unless the month is there already: then that one stays. Locks nothing: the
    unique month decides between two at once.
    """
    refuse_month(basin=basin, month=month, by=by)
    row, is_new = MonthReport.objects.get_or_create(
        basin=basin, month=month, defaults={"figures": figures, "pdf": pdf, "made_by": by}
    )
    if is_new:
        logger.info("the figures of the helpdesk of %s in %s are public", basin.code, month.strftime("%Y-%m"))
    return row
