"""The agenda of a meeting: items in order, each with time, who, and its papers.

Every change locks the meeting's row, so that two people who work on one agenda keep one order.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, override

from basins.models import User
from concertations.enums import ItemKind, MeetingState
from concertations.errors import MeetingError
from concertations.models import AgendaItem, Meeting
from concertations.rules.checks import check_row, refuse_numbers, refuse_stranger
from concertations.rules.meetings import locked
from core.bilingual import LANGUAGE_CODES

logger = logging.getLogger(__name__)

ITEMS_AT_MOST = 60
# How the teams begin, with the minutes each usually takes: kind, title, minutes.
USUAL = (
    (ItemKind.WELCOME, gettext_noop("Welcome"), 10),
    (ItemKind.ROUND, gettext_noop("Round of introductions"), 20),
    (ItemKind.TABLES, gettext_noop("Discussion tables"), 60),
    (ItemKind.BREAK, gettext_noop("Break"), 15),
    (ItemKind.NEEDS, gettext_noop("Needs of the field"), 45),
    (ItemKind.NEWS, gettext_noop("News from each other"), 15),
    (ItemKind.OTHER, gettext_noop("What to remember, and what comes next"), 15),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemData:
    """One item as the team writes it. ``minutes`` empty: how long is not said; ``who``: who brings it."""

    title_fr: str
    title_nl: str
    kind: ItemKind | str = ItemKind.OTHER
    description_fr: str = ""
    description_nl: str = ""
    minutes: int | None = None
    who: str = ""


@transaction.atomic
def add(*, meeting: Meeting, data: ItemData, by: User | None) -> AgendaItem:
    """One more item, at the end. Raises ``MeetingError``, ``NationalNumberFound``, ``NotYours``."""
    meeting = _open(meeting, by)
    refuse_numbers(data)
    if meeting.items.count() >= ITEMS_AT_MOST:
        raise MeetingError(_("An agenda has %(number)d items at most.") % {"number": ITEMS_AT_MOST})
    item = AgendaItem(meeting=meeting, position=_last(meeting) + 1, **_values(data))
    _check(item)
    item.save()
    _touched(meeting)
    return item


@transaction.atomic
def edit(*, item: AgendaItem, data: ItemData, by: User | None) -> AgendaItem:
    """Rewrite an item; where it came from by itself stays known. Raises as :func:`add`."""
    meeting = _open(item.meeting, by)
    refuse_numbers(data)
    item = _again(item)
    for name, value in _values(data).items():
        setattr(item, name, value)
    _check(item)
    item.save()
    _touched(meeting)
    return item


@transaction.atomic
def remove(*, item: AgendaItem, by: User | None) -> None:
    """Take an item off the agenda; its papers stay with the meeting. Raises ``MeetingError``, ``NotYours``."""
    meeting = _open(item.meeting, by)
    AgendaItem.objects.filter(pk=item.pk).delete()
    _touched(meeting)


@transaction.atomic
def shift(*, item: AgendaItem, down: bool, by: User | None) -> None:
    """Change places with the item before, or after it; the first goes no further up. Raises ``NotYours``."""
    meeting = _open(item.meeting, by)
    rows = list(meeting.items.order_by("position", "pk"))
    place = next((number for number, row in enumerate(rows) if row.pk == item.pk), None)
    other = None if place is None else place + (1 if down else -1)
    if place is None or other is None or not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows, start=1):
        row.position = number
        row.save(update_fields=["position", "modified"])
    _touched(meeting)


@transaction.atomic
def begin_with_usual(*, meeting: Meeting, by: User | None) -> list[AgendaItem]:
    """Fill an agenda in which nothing was written yet with what the teams usually begin with.

    What came by itself from the meeting before (``carried_key``) stays, after the welcome.
    Raises ``MeetingError`` where somebody wrote one already, ``NotYours``.
    """
    meeting = _open(meeting, by)
    carried = list(meeting.items.exclude(carried_key="").order_by("position", "pk"))
    if meeting.items.filter(carried_key="").exists():
        raise MeetingError(_("This meeting has an agenda already."))
    made = [
        AgendaItem(meeting=meeting, kind=kind, minutes=minutes, **_in_both(title)) for kind, title, minutes in USUAL
    ]
    for number, item in enumerate([made[0], *carried, *made[1:]], start=1):
        item.position = number
        item.save()
    _touched(meeting)
    return made


def _open(meeting: Meeting, by: User | None) -> Meeting:
    refuse_stranger(meeting.series, by)
    meeting = locked(meeting)
    if meeting.state == MeetingState.CANCELLED:
        raise MeetingError(_("This meeting was called off."))
    return meeting


def _last(meeting: Meeting) -> int:
    highest: int | None = meeting.items.aggregate(highest=Max("position"))["highest"]
    return highest or 0


def _again(item: AgendaItem) -> AgendaItem:
    """The row as it is now, under the meeting's lock."""
    row = AgendaItem.objects.filter(pk=item.pk).select_related("meeting__series").first()
    if row is None:
        raise MeetingError(_("A colleague has taken this item off the agenda."))
    return row


def _touched(meeting: Meeting) -> None:
    """The agenda is a part of the meeting: who reads its changes is told of a new one."""
    meeting.save(update_fields=["modified"])


def _in_both(title: str) -> dict[str, str]:
    found = {}
    for code in LANGUAGE_CODES:
        with override(code):
            found[f"title_{code}"] = translated(title)
    return found


def _values(data: ItemData) -> dict[str, object]:
    return {name: getattr(data, name) for name in data.__dataclass_fields__}


def _check(item: AgendaItem) -> None:
    for field in ("title_fr", "title_nl"):
        if not getattr(item, field):
            raise MeetingError(_("Write the title in both languages."), field=field)
    if item.minutes is not None and not 1 <= item.minutes <= 720:
        raise MeetingError(_("Minutes are between 1 and 720; empty: not said."), field="minutes")
    check_row(item)
