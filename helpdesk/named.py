"""Where answers of the helpdesk named a record of the directory, as everybody may know: how often, in what months."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from basins.missions import TookPart
from basins.models import Basin
from core.bilingual import Text, current_language, text
from core.small_counts import shown
from core.spoken import BRUSSELS
from helpdesk import queries
from helpdesk.models import AnswerRecord


def in_answers(identifiers: Collection[UUID]) -> Iterator[TookPart]:
    """For each basin whose helpdesk named any of them to enough people: fewer could tell who asked.

    A question counts once, however often it was answered. Whole months, for the same reason. Two queries at most.
    """
    counted = (
        AnswerRecord.objects.filter(record__in=identifiers, message__ticket__merged_into=None)
        .values("message__ticket__basin")
        .annotate(
            number=Count("message__ticket", distinct=True),
            first=Min("message__said_at"),
            last=Max("message__said_at"),
        )
        .order_by("message__ticket__basin")
    )
    rows = [(row, number) for row in counted if (number := shown(row["number"])) is not None]
    basins = Basin.objects.in_bulk([row["message__ticket__basin"] for row, _number in rows]) if rows else {}
    for row, number in rows:
        basin = basins[row["message__ticket__basin"]]
        words = _("Helpdesk of %(basin)s") % {"basin": text(basin, "name")}
        said = ngettext("named in %(number)d answer", "named in %(number)d answers", number)
        yield TookPart(
            title=Text(words, current_language(), is_fallback=False),
            starts=_month(row["first"], is_end=False),
            ends=_month(row["last"], is_end=True),
            url=queries.desk_url("ask", basin.code),
            kind=_("Orientation of professionals"),
            number=number,
            counted=said % {"number": number},
            basin_code=basin.code,
        )


def _month(moment: dt.datetime, *, is_end: bool) -> dt.date:
    """The first or the last day of its month in Brussels."""
    day = moment.astimezone(BRUSSELS).date()
    return day.replace(day=calendar.monthrange(day.year, day.month)[1] if is_end else 1)
