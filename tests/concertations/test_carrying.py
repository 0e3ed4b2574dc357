"""What comes onto the next agenda by itself, and leaves it again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from concertations.enums import ItemKind, MeetingState
from concertations.enums_minutes import ActionState
from concertations.rules import actions, carrying, minutes
from concertations.tasks import carry_over_everywhere
from tests.concertations import minutes_tools as make
from tests.concertations.factories import AgendaItemFactory, MeetingFactory

pytestmark = pytest.mark.django_db


def test_approval_of_the_last_minutes_comes_onto_the_next_agenda() -> None:
    row = make.begun(meeting=make.held())
    ahead = MeetingFactory(series=row.meeting.series, state=MeetingState.DRAFT)
    make.point(row)
    minutes.send(minutes=row, by=None)
    item = ahead.items.get()
    assert (item.kind, item.carried_key) == (ItemKind.MINUTES, f"minutes:{row.uuid}")
    assert (item.title_fr == item.title_nl) is False


def test_an_open_action_comes_onto_the_next_agenda_with_its_owner() -> None:
    row = make.begun()
    ahead = MeetingFactory(series=row.meeting.series)
    make.action(row)
    minutes.send(minutes=row, by=None)
    item = ahead.items.get(kind=ItemKind.ACTION)
    assert (item.title_fr, item.title_nl, item.who) == (
        "Inviter les maisons médicales",
        "De wijkgezondheidscentra uitnodigen",
        "CPAS d’Etterbeek",
    )


def test_they_come_after_the_welcome_and_before_the_rest() -> None:
    row = make.begun()
    ahead = MeetingFactory(series=row.meeting.series)
    AgendaItemFactory(meeting=ahead, position=0, kind=ItemKind.WELCOME, title_fr="Accueil")
    AgendaItemFactory(meeting=ahead, position=1, title_fr="Tables")
    make.action(row)
    minutes.send(minutes=row, by=None)
    assert list(ahead.items.values_list("kind", flat=True)) == ["welcome", "minutes", "action", "other"]


def test_they_come_once() -> None:
    row = make.sent()
    MeetingFactory(series=row.meeting.series)
    assert [carrying.carry_over(series=row.meeting.series) for _ in range(2)] == [1, 0]


def test_what_the_team_wrote_into_the_item_stays() -> None:
    row = make.sent()
    ahead = MeetingFactory(series=row.meeting.series)
    carrying.carry_over(series=row.meeting.series)
    ahead.items.update(minutes=5, title_fr="Approbation rapide")
    carrying.carry_over(series=row.meeting.series)
    item = ahead.items.get()
    assert (item.minutes, item.title_fr) == (5, "Approbation rapide")


def test_they_come_onto_the_next_agenda_alone() -> None:
    row = make.sent()
    nearest, later = (MeetingFactory(series=row.meeting.series, day=_in(days)) for days in (20, 50))
    carrying.carry_over(series=row.meeting.series)
    assert (nearest.items.count(), later.items.count()) == (1, 0)


def test_a_meeting_that_was_called_off_is_not_the_next_one() -> None:
    row = make.sent()
    off = MeetingFactory(series=row.meeting.series, day=_in(20), state=MeetingState.CANCELLED, cancel_note_fr="Grève")
    ahead = MeetingFactory(series=row.meeting.series, day=_in(50))
    carrying.carry_over(series=row.meeting.series)
    assert (off.items.count(), ahead.items.count()) == (0, 1)


def test_another_series_gets_nothing() -> None:
    row = make.sent()
    other = MeetingFactory()
    carrying.carry_over(series=row.meeting.series)
    assert other.items.count() == 0


def test_what_is_done_leaves_the_agenda_and_what_is_taken_up_again_comes_back() -> None:
    row = make.begun()
    ahead = MeetingFactory(series=row.meeting.series)
    action = make.action(row)
    minutes.send(minutes=row, by=None)
    found = []
    for to in (ActionState.DONE, ActionState.OPEN):
        actions.move(action=action, to=to, by=None)
        found.append(ahead.items.filter(kind=ItemKind.ACTION).count())
    assert found == [0, 1]


def test_approved_minutes_leave_the_agenda_ahead() -> None:
    row = make.sent()
    ahead = MeetingFactory(series=row.meeting.series)
    carrying.carry_over(series=row.meeting.series)
    make.approved(row)
    assert ahead.items.count() == 0


def test_minutes_that_are_taken_back_leave_the_agenda() -> None:
    row = make.sent()
    ahead = MeetingFactory(series=row.meeting.series)
    carrying.carry_over(series=row.meeting.series)
    minutes.take_back(minutes=row, by=None)
    assert ahead.items.count() == 0


def test_the_clock_serves_a_meeting_that_was_made_later() -> None:
    row = make.sent()
    ahead = MeetingFactory(series=row.meeting.series)
    carry_over_everywhere()
    assert ahead.items.count() == 1


def _in(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)
