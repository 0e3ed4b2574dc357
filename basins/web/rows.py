"""Agenda items as ``components/dates_list.html`` draws them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as _

from basins.missions import AgendaItem, Period
from basins.territory import territory
from basins.web.forms import add_months
from core import spoken
from core.bilingual import Text, current_language
from core.calendar import Event


@dataclass(frozen=True, slots=True)
class DateRow:
    """One row: its day, its words, where it leads."""

    day: dt.date
    title: str
    meta: str
    url: str
    basin_code: str
    action_url: str
    action_label: str


def marked(text: Text) -> str:
    """The text; in a ``<span lang>`` when it is not in the reader's language."""
    if text.value and text.language != current_language():
        return format_html('<span lang="{}">{}</span>', text.language, text.value)
    return text.value


def when(item: AgendaItem) -> str:
    """``Mardi, 9 h 15 – 12 h 15``; of whole days, from the first to the last."""
    if isinstance(item.starts, dt.datetime) and isinstance(item.ends, dt.datetime):
        said = f"{spoken.weekday(item.starts)}, {spoken.hours(item.starts, item.ends)}"
        if item.starts.astimezone(spoken.BRUSSELS).date() != item.ends.astimezone(spoken.BRUSSELS).date():
            said = f"{spoken.moment(item.starts)} – {spoken.moment(item.ends)}"
    else:
        last = _day(item.ends) - dt.timedelta(days=1)
        said = spoken.weekday(item.first_day) if last <= item.first_day else spoken.span_of_days(item.first_day, last)
    return said[:1].upper() + said[1:]


def _day(moment: dt.datetime | dt.date) -> dt.date:
    return moment.astimezone(spoken.BRUSSELS).date() if isinstance(moment, dt.datetime) else moment


def calendar_event(item: AgendaItem) -> Event:
    """An item as an entry of a calendar file."""
    return Event(
        uid=item.uid,
        title=item.title.value,
        starts=item.starts,
        ends=item.ends,
        location=item.place,
        description=item.kind,
        url=f"{settings.SITE_URL}{item.url}" if item.url.startswith("/") else item.url,
        cancelled=item.cancelled,
    )


def date_rows(items: Iterable[AgendaItem], *, basin: str | None) -> list[DateRow]:
    """Rows for a basin's page, or (None) for the Region's, where each row names its basin."""
    return [_row(item, basin) for item in items]


def by_month(rows: Iterable[DateRow]) -> list[tuple[dt.date, list[DateRow]]]:
    """The rows under the first day of their month."""
    return [(first, list(group)) for first, group in groupby(rows, key=lambda row: row.day.replace(day=1))]


def last_day(item: AgendaItem) -> dt.date:
    """The last day on which something of an item happens."""
    if isinstance(item.ends, dt.datetime):
        return max(item.first_day, (item.ends - dt.timedelta(microseconds=1)).astimezone(spoken.BRUSSELS).date())
    return max(item.first_day, item.ends - dt.timedelta(days=1))


def touches(item: AgendaItem, period: Period) -> bool:
    """Whether something of the item happens in the period."""
    return item.first_day <= period.end and last_day(item) >= period.start


def months_of(item: AgendaItem) -> list[dt.date]:
    """The first days of the months that an item touches."""
    first, last = item.first_day.replace(day=1), last_day(item).replace(day=1)
    number = (last.year - first.year) * 12 + last.month - first.month
    return [add_months(first, n) for n in range(number + 1)]


def _row(item: AgendaItem, basin: str | None) -> DateRow:
    known = territory().find(item.basin_code)
    other = known if known is not None and known.code != basin else None
    words = [when(item), item.kind, item.place, other.name if other else ""]
    if item.cancelled:
        words.insert(0, _("Cancelled"))
    acts = bool(item.action and item.url and not item.cancelled)
    return DateRow(
        day=item.first_day,
        title=marked(item.title),
        meta=" · ".join(word for word in words if word),
        url=item.url,
        basin_code=other.code if other else "",
        action_url=item.url if acts else "",
        action_label=item.action if acts else "",
    )
