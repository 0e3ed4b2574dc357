"""What runs late is said to few people, once per step, and in working hours."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import translation

from basins.models import User
from basins.rights import Role
from core.models import OutboxMessage
from core.spoken import BRUSSELS
from helpdesk.enums import TicketState
from helpdesk.models import Ticket
from helpdesk.rules import overdue
from helpdesk.rules.overdue import Step, step_of
from tests.factories import UserFactory, basin, grant
from tests.helpdesk.factories import TicketFactory
from tests.helpdesk.tools import letters

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 5, 11, 12, 0, tzinfo=BRUSSELS)  # a Monday


def agent(code: str = "sud-est", language: str = "nl") -> User:
    user = UserFactory(language=language)
    grant(user, Role.HELPDESK_AGENT, code)
    return user


def told(now: dt.datetime = NOON) -> list[tuple[str, str]]:
    """Who was written to, and of which step, in this run."""
    before = set(OutboxMessage.objects.values_list("pk", flat=True))
    with time_machine.travel(now, tick=False):
        overdue.remind(now=now)
    rows = OutboxMessage.objects.exclude(pk__in=before).order_by("pk")
    return sorted((row.to, row.params["step"]) for row in rows)


def late(due: dt.datetime, **more: object) -> Ticket:
    return TicketFactory(due_at=due, **more)


@pytest.mark.parametrize(
    ("due", "step"),
    [
        (NOON + dt.timedelta(hours=2), None),
        (NOON + dt.timedelta(minutes=60), Step.SOON),
        (NOON, Step.OVERDUE),
        (dt.datetime(2026, 5, 8, 12, 1, tzinfo=BRUSSELS), Step.OVERDUE),  # Friday: not yet eight hours of work ago
        (dt.datetime(2026, 5, 8, 12, 0, tzinfo=BRUSSELS), Step.ESCALATED),
    ],
)
def test_how_late_it_is_is_counted_in_working_time(due: dt.datetime, step: Step | None) -> None:
    assert step_of(due, NOON) == step


def test_a_ticket_in_nobodys_hands_is_told_to_all_who_answer_there(alice: User) -> None:
    one, other, _far = agent(), agent(), agent("nord")
    late(NOON)

    assert told() == sorted([(one.email, "overdue"), (other.email, "overdue"), (alice.email, "overdue")])


def test_one_in_somebodys_hands_is_told_to_them_alone(alice: User) -> None:
    one = agent()
    agent()
    late(NOON, assignee=one)

    assert told() == [(one.email, "overdue")]


def test_after_a_working_day_the_coordinator_is_told_as_well(alice: User) -> None:
    one = agent()
    late(NOON - dt.timedelta(days=3), assignee=one)

    assert told() == sorted([(one.email, "escalated"), (alice.email, "escalated")])


def test_each_step_is_told_once_however_often_the_clock_calls() -> None:
    one = agent()
    late(NOON, assignee=one)
    an_hour_before, later = NOON - dt.timedelta(minutes=30), NOON + dt.timedelta(hours=1)

    found = [told(moment) for moment in (an_hour_before, an_hour_before, NOON, NOON, later)]

    assert found == [[(one.email, "soon")], [], [(one.email, "overdue")], [], []]


def test_a_new_due_time_begins_anew() -> None:
    ticket = late(NOON, assignee=(one := agent()))
    told()

    Ticket.objects.filter(pk=ticket.pk).update(due_at=NOON + dt.timedelta(hours=2))

    assert told(NOON + dt.timedelta(hours=2)) == [(one.email, "overdue")]


@pytest.mark.parametrize(
    "now",
    [
        dt.datetime(2026, 5, 11, 8, 50, tzinfo=BRUSSELS),
        dt.datetime(2026, 5, 11, 17, 10, tzinfo=BRUSSELS),
        dt.datetime(2026, 5, 16, 12, 0, tzinfo=BRUSSELS),
        dt.datetime(2026, 5, 14, 12, 0, tzinfo=BRUSSELS),
    ],
)
def test_outside_working_hours_nobody_is_written_to(now: dt.datetime) -> None:
    late(now - dt.timedelta(hours=1), assignee=agent())

    assert told(now) == []


@pytest.mark.parametrize("state", [TicketState.WAITING, TicketState.ANSWERED])
def test_what_is_not_on_the_desk_is_not_late(state: TicketState) -> None:
    late(NOON, assignee=agent(), state=state, first_answered_at=NOON - dt.timedelta(days=1))

    assert told() == []


def test_who_left_the_team_is_not_written_to(alice: User) -> None:
    gone = agent()
    late(NOON, assignee=gone)
    gone.grants.update(ended_at=NOON - dt.timedelta(days=1))
    User.objects.filter(pk=gone.pk).update(is_active=False)

    assert told() == [(alice.email, "overdue")]


@pytest.mark.parametrize(("language", "words"), [("fr", "La réponse est en retard"), ("nl", "Het antwoord is te laat")])
def test_the_letter_says_which_ticket_and_nothing_of_it(language: str, words: str) -> None:
    ticket = late(NOON, assignee=agent(language=language), subject="Soutien à domicile")
    told()

    with time_machine.travel(NOON, tick=False), translation.override(None):
        (letter,) = letters()

    assert letter.subject == f"[{ticket.code}] {words}"
    assert ticket.code in letter.body
    assert "Soutien" not in letter.body


def test_a_letter_that_is_no_longer_true_is_not_sent() -> None:
    ticket = late(NOON, assignee=agent())
    told()
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.WAITING)

    with time_machine.travel(NOON, tick=False):
        assert letters() == []


def test_an_agent_of_one_basin_hears_nothing_of_another() -> None:
    agent("nord")
    late(NOON, basin=basin("sud"))

    assert told() == []
