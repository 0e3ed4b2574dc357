"""What was agreed: written with owner and day, reminded of, done or given up."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail as sent_mail
from django.utils import timezone

from basins.models import User
from basins.rules.people import NotYours
from concertations.enums_minutes import ActionState
from concertations.errors.minutes import MinutesError, MinutesStepRefused
from concertations.models import Action, ActionStep, RaisedNeed
from concertations.rules import actions, forgetting_minutes, minutes
from core.mail import deliver_due
from core.models import OutboxMessage
from tests.concertations import minutes_tools as make

pytestmark = pytest.mark.django_db


def out(**fields: object) -> Action:
    """An action of minutes that are sent."""
    row = make.begun()
    action = make.action(row, **fields)
    minutes.send(minutes=row, by=None)
    return action


def days(number: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=number)


def letters(kind: str) -> list[str]:
    return list(OutboxMessage.objects.filter(kind=kind).order_by("pk").values_list("to", flat=True))


def test_who_is_reminded_has_a_day(alice: User) -> None:
    with pytest.raises(MinutesError) as caught:
        make.action(make.begun(), due_on=None)
    assert caught.value.field == "due_on"


def test_the_owner_is_told_once_however_often_the_minutes_go_out() -> None:
    row = make.begun()
    make.action(row)
    minutes.send(minutes=row, by=None)
    minutes.take_back(minutes=row, by=None)
    minutes.send(minutes=row, by=None)
    assert letters("concertations.action_agreed") == ["owner@example.org"]


def test_what_is_done_says_when_and_who(alice: User) -> None:
    done = actions.move(action=out(), to=ActionState.DONE, by=alice, outcome_nl="Gebeurd")
    step = ActionStep.objects.get()
    assert (done.closed_at is not None, done.outcome_nl, step.to_state, step.by) == (True, "Gebeurd", "done", alice)


def test_what_is_given_up_says_why(alice: User) -> None:
    with pytest.raises(MinutesError) as caught:
        actions.move(action=out(), to=ActionState.DROPPED, by=alice)
    assert caught.value.field == "outcome_fr"


def test_what_is_done_is_not_given_up(alice: User) -> None:
    action = out()
    actions.move(action=action, to=ActionState.DONE, by=alice)
    with pytest.raises(MinutesStepRefused):
        actions.move(action=action, to=ActionState.DROPPED, by=alice, outcome_fr="Trop tard")


def test_the_team_of_another_basin_moves_no_action(bram: User) -> None:
    with pytest.raises(NotYours):
        actions.move(action=out(), to=ActionState.DONE, by=bram)


@pytest.mark.parametrize(("ahead", "written"), [(8, 0), (7, 1), (0, 1), (-1, 1), (-30, 1), (-31, 0)])
def test_the_owner_is_reminded_around_the_day(ahead: int, written: int) -> None:
    out(due_on=days(ahead))
    assert actions.write_reminders(now=timezone.now()) == written


def test_a_reminder_is_written_once_for_each_stage() -> None:
    out(due_on=days(3))
    moments = [timezone.now() + dt.timedelta(days=later) for later in (0, 1, 4, 5)]
    assert [actions.write_reminders(now=moment) for moment in moments] == [1, 0, 1, 0]


def test_nobody_is_reminded_of_what_is_done() -> None:
    actions.move(action=out(due_on=days(3)), to=ActionState.DONE, by=None)
    assert actions.write_reminders(now=timezone.now()) == 0


def test_nobody_is_reminded_of_a_draft() -> None:
    make.action(make.begun(), due_on=days(3))
    assert actions.write_reminders(now=timezone.now()) == 0


def test_a_reminder_of_what_is_done_meanwhile_is_not_sent() -> None:
    action = out(due_on=days(3), owner_language="nl")
    deliver_due()
    sent_mail.outbox.clear()
    actions.write_reminders(now=timezone.now())
    actions.move(action=action, to=ActionState.DONE, by=None)
    deliver_due()
    assert sent_mail.outbox == []


def test_the_reminder_names_the_action_and_leads_to_its_page() -> None:
    out(due_on=days(3))
    deliver_due()
    sent_mail.outbox.clear()
    actions.write_reminders(now=timezone.now())
    deliver_due()
    body = str(sent_mail.outbox[0].body)
    assert ("Inviter les maisons médicales" in body, "CPAS d’Etterbeek" in body, "/fr/" in body) == (True, True, True)


def test_who_asks_to_be_forgotten_is_taken_off_also_where_the_minutes_stand() -> None:
    row = make.begun()
    make.action(row)
    make.need(row, said_by_email="Owner@example.org")
    minutes.send(minutes=row, by=None)
    make.approved(row)
    erased = forgetting_minutes.forget(email="owner@example.org")
    action, raised = Action.objects.get(), RaisedNeed.objects.get()
    assert (erased, action.owner, action.owner_email) == (2, "", "")
    assert (raised.said_by, raised.said_by_email) == ("", "")


def test_addresses_go_in_time_but_for_what_is_still_to_be_done() -> None:
    row = make.begun()
    done, still_open = make.action(row), make.action(row, text_fr="Encore")
    minutes.send(minutes=row, by=None)
    actions.move(action=done, to=ActionState.DONE, by=None)
    erased = forgetting_minutes.forget_before(days(0))
    still_open.refresh_from_db()
    done.refresh_from_db()
    assert (erased, done.owner_email, still_open.owner_email) == (1, "", "owner@example.org")
