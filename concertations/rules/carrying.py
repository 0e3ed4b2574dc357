"""What comes onto the next agenda by itself: approving the last minutes, and each action that is still open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from basins.models import User
from concertations.enums import ItemKind, MeetingState
from concertations.enums_minutes import ActionState, MinutesState
from concertations.models import Action, AgendaItem, Meeting, Minutes, Series
from core.bilingual import LANGUAGE_CODES, both
from core.spoken import plain_date

FROM_MINUTES, FROM_ACTION = "minutes:", "action:"
TITLE_AT_MOST, WHO_AT_MOST = 200, 160
MINUTES_USUALLY = 5  # so that the hours of what follows stay known; the team changes it


@dataclass(frozen=True, slots=True)
class _Carried:
    kind: ItemKind
    titles: dict[str, str]
    who: str = ""


@transaction.atomic
def carry_over(*, series: Series, by: User | None = None) -> int:
    """Put onto the agenda of the next meeting what is still open, take off what no longer is; returns the changes.

    An item stands once, under the key of what it came from; time, order and words that the team gave it stay. Later
    meetings get theirs when they are next; those of the past keep what they had. Locks the next meeting.
    """
    meeting = (
        Meeting.objects.select_for_update(of=("self",), no_key=True)
        .filter(series=series, state__in=[MeetingState.DRAFT, MeetingState.ANNOUNCED], starts_at__gt=timezone.now())
        .order_by("starts_at", "pk")
        .first()
    )
    if meeting is None:
        return 0
    wanted = _carried(series, meeting.starts_at)
    items = list(meeting.items.order_by("position", "pk"))
    gone = [item for item in items if _came_by_itself(item) and item.carried_key not in wanted]
    for item in gone:
        item.delete()
    stay = [item for item in items if item not in gone]
    known = {item.carried_key for item in stay}
    new = [_item(meeting, key, carried) for key, carried in wanted.items() if key not in known]
    if new:
        welcome = [item for item in stay if item.kind == ItemKind.WELCOME]
        _put_in_order([*welcome, *new, *(item for item in stay if item.kind != ItemKind.WELCOME)])
    return len(gone) + len(new)


def carry_all() -> int:
    """The same for every series that has a meeting ahead; the clock asks for it, so that a new meeting gets its share
    whoever made it. Returns the changes."""
    ahead = Meeting.objects.filter(starts_at__gt=timezone.now()).values("series")
    return sum(carry_over(series=series) for series in Series.objects.filter(pk__in=ahead).order_by("pk"))


def _carried(series: Series, before: dt.datetime) -> dict[str, _Carried]:
    """By the key of what brings it: minutes to approve, the oldest first, then open actions, what is due first."""
    wanted = {}
    sent = Minutes.objects.filter(
        meeting__series=series, state=MinutesState.SENT, meeting__starts_at__lt=before
    ).select_related("meeting")
    for minutes in sent.order_by("meeting__starts_at"):
        titles = {}
        for code in LANGUAGE_CODES:
            with override(code):
                day = plain_date(minutes.meeting.day)
                titles[code] = _("Approval of the minutes of %(day)s") % {"day": day}
        wanted[f"{FROM_MINUTES}{minutes.uuid}"] = _Carried(ItemKind.MINUTES, titles)
    actions = Action.objects.filter(
        state=ActionState.OPEN,
        section__minutes__meeting__series=series,
        section__minutes__meeting__starts_at__lt=before,
    ).exclude(section__minutes__state=MinutesState.DRAFT)
    for action in actions.order_by("due_on", "pk"):
        wanted[f"{FROM_ACTION}{action.uuid}"] = _Carried(ItemKind.ACTION, both(action, "text"), action.owner)
    return wanted


def _came_by_itself(item: AgendaItem) -> bool:
    return item.carried_key.startswith((FROM_MINUTES, FROM_ACTION))


def _item(meeting: Meeting, key: str, carried: _Carried) -> AgendaItem:
    titles = {f"title_{code}": _cut(title) for code, title in carried.titles.items()}
    return AgendaItem(
        meeting=meeting,
        kind=carried.kind,
        carried_key=key,
        who=carried.who[:WHO_AT_MOST],
        minutes=MINUTES_USUALLY,
        **titles,
    )


def _cut(title: str) -> str:
    return title if len(title) <= TITLE_AT_MOST else f"{title[: TITLE_AT_MOST - 2].rsplit(' ', 1)[0]} …"


def _put_in_order(items: list[AgendaItem]) -> None:
    """Those without a key yet are stored on the way."""
    stored = AgendaItem.objects.in_bulk([item.pk for item in items if item.pk])
    for position, item in enumerate(items):
        if item.pk not in stored or item.position != position:
            item.position = position
            item.save()
